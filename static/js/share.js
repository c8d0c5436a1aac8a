// Copying a link and the share sheet of the system. Channels are plain links and work without.

const told = document.getElementById("told");
let forgetting = 0;

function say(words, seconds) {
  if (!told) return;
  clearTimeout(forgetting);
  told.textContent = "";
  requestAnimationFrame(() => { told.textContent = words; });
  forgetting = setTimeout(() => { told.textContent = ""; }, seconds * 1000);
}

/* Where copying is not allowed, the text is chosen: a long press or Ctrl+C does the rest. */
function choose(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  const chosen = getSelection();
  chosen.removeAllRanges();
  chosen.addRange(range);
}

function byHand(source) {
  choose(source);
  say(told.dataset.blocked, 15);
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    say(told.dataset.copied, 6);
  } catch {
    byHand(source);
  }
}

/* Whoever closes the sheet, or presses again while it opens, needs no other way. */
async function share(button) {
  const { title, text, share: url } = button.dataset;
  try {
    await navigator.share({ title, text, url });
  } catch (fault) {
    if (!["AbortError", "InvalidStateError"].includes(fault.name)) byHand(document.getElementById(button.dataset.source || "invitation"));
  }
}

document.addEventListener("click", (event) => {
  const copier = event.target.closest?.("[data-copy]");
  if (copier) copy(copier);
  const sharer = event.target.closest?.("[data-share]");
  if (sharer) share(sharer);
});

for (const place of document.querySelectorAll("[data-system]")) place.hidden = !navigator.share;
