// The figures of a running challenge renew themselves while somebody looks at them; what is open
// stays open, and the focus where it is. Without it the page has a link.

const asof = () => document.getElementById("asof");
const looked = () => document.visibilityState === "visible";

let opened = [];
let focused = "";
let scrolled = new Map();

/* An element that is found again in the next figures. */
function named(element) {
  if (!element?.closest(".monitor")) return "";
  if (element.id) return `#${CSS.escape(element.id)}`;
  const details = element.closest("summary")?.parentElement.id;
  return details ? `#${CSS.escape(details)} > summary` : "";
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target === asof() && !looked()) event.preventDefault();
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target !== asof()) return;
  opened = [...document.querySelectorAll(".monitor details[open][id]")].map((one) => one.id);
  scrolled = new Map([...document.querySelectorAll(".monitor .scroll[id]")].map((one) => [one.id, one.scrollTop]));
  focused = named(document.activeElement);
});

document.addEventListener("htmx:afterSettle", () => {
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  for (const [id, top] of scrolled) document.getElementById(id)?.scrollTo({ top, behavior: "instant" });
  const held = focused && document.querySelector(focused);
  if (held && held !== document.activeElement) held.focus({ preventScroll: true });
  opened = [];
  scrolled.clear();
  focused = "";
});

/* The link renews in place, so that what is typed below is not lost. */
document.addEventListener("click", (event) => {
  if (!event.target.closest?.("#renew") || !asof().hasAttribute("hx-get") || !window.htmx) return;
  event.preventDefault();
  window.htmx.trigger(asof(), "look");
});

document.addEventListener("visibilitychange", () => {
  if (looked() && asof() && window.htmx) window.htmx.trigger(asof(), "look");
});
