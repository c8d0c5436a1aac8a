// Delete or Backspace on a condition takes it away, as its button does.

document.addEventListener("keydown", (event) => {
  if (!["Delete", "Backspace"].includes(event.key) || event.target.closest("input, textarea, select")) return;
  const button = event.target.closest("[data-chip]")?.querySelector("button[name=drop]");
  if (!button) return;
  event.preventDefault();
  button.click();
});
