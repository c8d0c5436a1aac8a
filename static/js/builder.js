// What the builder of challenges gains from scripts: it saves as it is filled in, and nothing
// that is typed while an answer is on its way gets lost.

const place = () => document.getElementById("builder");
const making = () => document.getElementById("making");
const ticked = (field) => field.type === "radio" || field.type === "checkbox";
const state = (field) => (ticked(field) ? field.checked : field.value);

let sent = new Map();
let typed = new Map();
let opened = new Set();
let focused = null;
let folded = "";
let lost = false;
let pressed = null;
let changes = false;
let saving = null;
let held = null;
let left = 0;
let leaving = false;

/* Fields by name; of several with one name, by their place among them. */
function numbered(elements) {
  const seen = new Map();
  return elements.map((one) => {
    const name = `${one.localName}|${one.name}|${ticked(one) || one.localName === "button" ? one.value : ""}`;
    const at = seen.get(name) ?? 0;
    seen.set(name, at + 1);
    return [`${name}|${at}`, one];
  });
}

const elements = () => numbered([...(making()?.elements ?? [])]);
const fields = () => elements().filter(([, one]) => one.name && one.type !== "hidden" && one.localName !== "button");

/* Whether a field says something else than the page came with. */
function changed(field) {
  if (ticked(field)) return field.checked !== field.defaultChecked;
  if (field.localName !== "select") return field.value !== field.defaultValue;
  const at = [...field.options].findIndex((one) => one.defaultSelected);
  return field.selectedIndex !== Math.max(at, 0);
}

const tell = (field) => field.dispatchEvent(new Event("change", { bubbles: true }));

/* What was filled in and left while the scripts were still on their way is saved as well. */
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) return;
  const early = fields().find(([, field]) => field !== document.activeElement && changed(field));
  if (early) tell(early[1]);
});

/* htmx sends the button that has the focus along: only one that was pressed may say something. */
document.addEventListener("htmx:configRequest", (event) => {
  if (event.target !== making()) return;
  const { parameters } = event.detail;
  event.detail.path = making().getAttribute("action"); // a button that has the focus may name another, such as the launch
  for (const name of ["do", "mend"]) delete parameters[name];
  if (pressed) parameters[pressed.name] = pressed.value;
  saving = { press: pressed?.value ?? "" };
  changes = false;
  pressed = null;
  sent = new Map(fields().map(([name, field]) => [name, state(field)]));
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target !== place()) return;
  opened = new Set([...place().querySelectorAll("details[open][id]")].map((one) => one.id));
  const later = fields().filter(([name, field]) => sent.has(name) && sent.get(name) !== state(field));
  typed = new Map(later.map(([name, field]) => [name, state(field)]));
  const active = document.activeElement;
  const within = place().contains(active) ? active : null;
  focused = elements().find(([, one]) => one === within)?.[0] ?? null;
  folded = within?.closest("summary")?.parentElement.id ?? "";
  lost = Boolean(within) && !focused;
});

document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== place()) return;
  saving = null;
  changes = false;
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  for (const [name, field] of fields().filter(([key]) => typed.has(key))) {
    if (ticked(field)) field.checked = typed.get(name);
    else field.value = typed.get(name);
    if (name !== focused || ticked(field) || field.localName === "select") tell(field);
    else field.addEventListener("blur", () => tell(field), { once: true }); // the browser takes it for unchanged
  }
  const back = folded ? document.querySelector(`#${CSS.escape(folded)} > summary`) : elements().find(([name]) => name === focused)?.[1];
  if (back && back !== document.activeElement) back.focus({ preventScroll: true });
  if ((focused || lost) && !back) document.getElementById("saved")?.focus({ preventScroll: true });
  typed = new Map();
  goOn();
});

/* A save that did not arrive leaves the page as it is, and the page says so. */
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target !== making()) return;
  saving = null;
  held?.removeAttribute("aria-disabled");
  held = null;
  const chip = document.getElementById("saved");
  chip.textContent = chip.dataset.lost;
  chip.dataset.unsaved = "";
  document.getElementById("unsaved").hidden = false;
  if (event.detail.xhr.status === 400) renewToken();
});

/* Whoever signed in again in another tab goes on here: the form gets the token of the new session. */
async function renewToken() {
  const answer = await fetch(location.pathname).catch(() => null);
  if (!answer) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("#making [name=csrf_token]")?.value;
  if (token) document.querySelectorAll("[name=csrf_token]").forEach((field) => { field.value = token; });
}

const unsaved = () => Boolean(place()?.querySelector("#saved[data-unsaved]"));

/* What is pressed while a save is on its way waits for it: both would be saved over the same version. */
const mark = (one) => [one.localName, one.getAttribute("form") ?? one.form?.id, one.name, one.value, one.getAttribute("formaction"), one.getAttribute("href")].join("|");

function hold(pressing) {
  if (saving?.press && pressing?.value?.startsWith("drop_")) return; // rows have other numbers by then
  held = pressing;
  pressing?.setAttribute("aria-disabled", "true");
}

function goOn() {
  if (!held || saving || changes) return;
  const was = held;
  held = null;
  was.removeAttribute("aria-disabled");
  const now = was.isConnected ? was : [...place().querySelectorAll("button, a")].find((one) => mark(one) === mark(was));
  if (now?.href && unsaved()) return; // what stands in the way is to be seen first
  now?.click();
}

document.addEventListener("change", (event) => {
  if (window.htmx && making() && event.target.form === making()) changes = true;
});

/* One press, one request: whoever presses again at once sees the answer to the first. */
document.addEventListener("submit", (event) => {
  if (!place()?.contains(event.target)) return;
  if (saving || changes) {
    event.preventDefault();
    hold(event.submitter);
  } else if (Date.now() - left < 10000) {
    event.preventDefault();
  } else {
    left = Date.now();
    leaving = event.target === making();
  }
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || !place() || !(saving || changes) || event.defaultPrevented || link.getAttribute("href").startsWith("#")) return;
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  hold(link);
});

/* Whoever leaves by other ways is asked, as long as something is not saved. */
addEventListener("beforeunload", (event) => {
  if (!window.htmx || !place() || leaving) return;
  if (!saving && !changes && !unsaved() && !fields().some(([, field]) => !field.matches("[data-look]") && changed(field))) return;
  left = 0;
  event.preventDefault();
});

/* What came after its session had ended is kept for whoever signs in again. */
document.addEventListener("htmx:beforeOnLoad", ({ detail: { xhr } }) => {
  if (place() && xhr.getResponseHeader("HX-Redirect")?.includes("kept%3D")) leaving = true;
});

addEventListener("pageshow", () => { left = 0; leaving = false; });

/* Buttons that change a row save with htmx too, so that the page stays where it is. */
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("#builder button[data-save]");
  if (!button || !window.htmx || !place()) return;
  event.preventDefault();
  if (saving) return hold(button);
  pressed = { name: button.name, value: button.value };
  window.htmx.ajax("POST", making().getAttribute("action"), { source: "#making", target: "#builder", swap: "outerHTML settle:0ms" });
});

/* What only the preview asks is no change of the draft. */
document.addEventListener("change", (event) => {
  if (event.target.matches?.("#making [data-look]")) event.stopPropagation();
}, true);

/* Ctrl + Enter rehearses; Enter in a field saves, and presses no button of the form. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !place()) return;
  const run = document.querySelector("#making [data-rehearse]");
  if (event.ctrlKey && run) {
    event.preventDefault();
    run.click();
  } else if (event.target.matches?.("#making input")) {
    event.preventDefault();
    event.target.dispatchEvent(new Event("change", { bubbles: true }));
  }
});
