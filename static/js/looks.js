// A look that did not get through says so in its own place: what stands there is from before.

for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, ({ detail: { target } }) => {
    const note = target?.querySelector("[data-lost]");
    if (note) note.hidden = false;
  });
}
