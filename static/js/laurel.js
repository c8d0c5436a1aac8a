// What pages gain from scripts. Every page works without them.

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const quiet = { get matches() { return calm.matches || document.documentElement.hasAttribute("data-still"); } };
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const woken = new WeakSet();
const asleep = (selector, root) => all(selector, root).filter((element) => !woken.has(element) && woken.add(element));

/* Numbers roll from what this browser showed last to what the server says now. */
function rollNumber(element) {
  const target = Number(element.dataset.roll);
  const key = `laurel:${location.pathname}:roll`;
  const before = Number(sessionStorage.getItem(key) ?? Number.NaN);
  sessionStorage.setItem(key, String(target));
  if (!Number.isFinite(before) || before === target || quiet.matches) return;
  const final = element.textContent;
  const format = new Intl.NumberFormat(document.documentElement.lang);
  const start = performance.now();
  element.setAttribute("aria-label", final);
  const frame = (now) => {
    const share = Math.min(1, Math.max(0, (now - start) / 420));
    const eased = 1 - (1 - share) ** 3;
    element.textContent = share < 1 ? format.format(Math.round(before + (target - before) * eased)) : final;
    if (share < 1) requestAnimationFrame(frame);
    else element.removeAttribute("aria-label");
  };
  requestAnimationFrame(frame);
}

/* Toasts leave after six seconds, but never while someone reads them. */
function watchToast(toast) {
  let held = false;
  const leave = () => {
    if (held) return setTimeout(leave, 2000);
    toast.classList.add("gone");
    return setTimeout(() => toast.remove(), 500);
  };
  for (const [name, value] of [["pointerenter", true], ["focusin", true], ["pointerleave", false], ["focusout", false]]) {
    toast.addEventListener(name, () => { held = value; });
  }
  setTimeout(leave, 6000);
}

/* The card keeps the screen awake while it is looked at; Escape goes back. */
async function keepAwake() {
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    // The battery is low or the tab is hidden: the card still shows.
  }
}

function openCard(main) {
  keepAwake();
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && keepAwake());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") main.querySelector("[data-close]")?.click();
  });
}

/* The year: skipping finishes the picture in place. */
function directScene(scene) {
  const skip = scene.querySelector("[data-skip]");
  const finish = () => { scene.classList.add("still"); skip?.remove(); };
  skip?.addEventListener("click", (event) => { event.preventDefault(); finish(); scene.focus(); });
  document.addEventListener("keydown", (event) => event.key === "Escape" && finish());
  setTimeout(() => skip?.remove(), 5600);
}

/* A scene is left by Escape too. */
function leaveScene(scene) {
  document.addEventListener("keydown", (event) => event.key === "Escape" && location.assign(scene.dataset.leave));
}

/* One press, one request: the button says that it heard. */
function guardForm(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    all("button:not([type=button])", form).forEach((button) => button.setAttribute("aria-disabled", "true"));
    return undefined;
  });
}

/* Theme changes at once; the server remembers it. */
function liveTheme(form) {
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (button?.name !== "theme") return;
    event.preventDefault();
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form, button), redirect: "manual" });
    if (answer.type !== "opaqueredirect" && !answer.ok) return location.reload();
    if (button.value === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = button.value;
    document.querySelector("meta[name=color-scheme]").content = button.value === "system" ? "light dark" : button.value;
    const ground = getComputedStyle(document.body).backgroundColor;
    if (button.value !== "system") all("meta[name=theme-color]").forEach((meta) => { meta.content = ground; });
    all("button[name=theme]").forEach((other) => other.setAttribute("aria-pressed", String(other.value === button.value)));
    return undefined;
  });
}

/* The wizard shows a brand's colour while it is chosen. The server decides what is readable. */
function tryColour(input) {
  const field = document.getElementById(input.dataset.mirrors);
  const sample = document.querySelector("[data-sample]");
  const paint = (value) => /^#[0-9a-f]{6}$/i.test(value) && sample?.style.setProperty("--sample", value);
  input.addEventListener("input", () => { field.value = input.value.toUpperCase(); paint(input.value); });
  field.addEventListener("input", () => { if (/^#[0-9a-f]{6}$/i.test(field.value)) { input.value = field.value; paint(field.value); } });
}

/* A row of filters that is longer than the screen shows the chosen one, once the page is laid out anyway:
   asking for its place here would lay it out now, and again when the fonts have come. */
function showChosen(row) {
  const chosen = row.querySelector("[aria-current]");
  if (!chosen || chosen === row.firstElementChild) return;
  requestAnimationFrame(() => {
    row.scrollLeft = chosen.offsetLeft - row.offsetLeft - (row.clientWidth - chosen.offsetWidth) / 2;
  });
}

function wake(root) {
  all("nav.filters", root).forEach(showChosen);
  asleep("[data-roll]", root).forEach(rollNumber);
  asleep("[data-toast]", root).forEach(watchToast);
  asleep("[data-busy]", root).forEach(guardForm);
  asleep("form:has(button[name=theme])", root).forEach(liveTheme);
  asleep("[data-mirrors]", root).forEach(tryColour);
  asleep("[data-print]", root).forEach((button) => { button.hidden = false; button.addEventListener("click", () => print()); });
}

/* Nobody is signed in on this page: what the last reader saw is nobody's business. */
if (!document.querySelector(".frame")) Object.keys(sessionStorage).filter((key) => key.startsWith("laurel:") || key.startsWith("htmx")).forEach((key) => sessionStorage.removeItem(key));

wake(document);
all("[data-awake]").forEach(openCard);
all("[data-scene]").forEach(directScene);
all("[data-leave]").forEach(leaveScene);

/* Single keys, unless they are switched off: search, and the list of keys. Never while somebody types. */
const typing = (target) => target?.closest?.("input, textarea, select, [contenteditable]");
document.addEventListener("keydown", (event) => {
  const { key, code, shiftKey, ctrlKey, metaKey, altKey } = event;
  if (event.defaultPrevented || ctrlKey || metaKey || altKey || typing(event.target)) return;
  if (document.documentElement.hasAttribute("data-keyless")) return;
  const slash = code === "Slash";
  const search = document.querySelector("[role=search] input:not([type=hidden])");
  if (key === "?" || (slash && shiftKey)) document.querySelector("a[data-keys]")?.click();
  else if ((key === "/" || slash) && search) { event.preventDefault(); search.focus(); search.select(); }
});

/* Coming back with the browser's own button must not find a locked form. */
addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => {
  delete form.dataset.sent;
  all("[aria-disabled]", form).forEach((button) => button.removeAttribute("aria-disabled"));
}));

/* After a partial update: new parts wake up, and «Show more» puts focus on what came. */
document.addEventListener("htmx:load", () => wake(document));
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.requestConfig?.elt?.rel === "next") all("[data-fresh]").at(-1)?.focus();
});

/* A part of the page is renewed by one answer at a time. A newer look (a filter) takes the place of an older one;
   what changes something waits for the answer on its way, and is then pressed where it stands by now. */
const underway = new Map();
const presses = new Map();

function pressOf(event) {
  const pressed = event?.submitter ?? (event?.type === "change" ? event.target : event?.type === "click" ? event.target.closest("a, button") : null);
  return pressed && { id: pressed.id, tag: pressed.localName, name: pressed.name ?? "", value: pressed.value ?? "", href: pressed.getAttribute("href"), kind: event.type };
}

function pressAgain(part, was) {
  const found = was.id ? [document.getElementById(was.id)] : all(was.tag, document.getElementById(part) ?? document);
  const same = found.find((one) => one && (one.name ?? "") === was.name && one.getAttribute("href") === was.href && (was.kind === "change" || (one.value ?? "") === was.value));
  if (!same) return;
  if (was.kind !== "change") return same.click();
  same.value = was.value;
  same.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, target, xhr, requestConfig } = event.detail;
  if (!target?.id || elt.matches("[hx-sync*=queue]")) return;
  const before = underway.get(target.id);
  const looks = requestConfig.verb === "get";
  if (before && before.xhr.readyState < XMLHttpRequest.DONE) {
    if (!looks || !before.looks) {
      const press = pressOf(requestConfig.triggeringEvent);
      if (press) presses.set(target.id, press);
      return event.preventDefault();
    }
    before.xhr.abort();
  }
  underway.set(target.id, { xhr, looks });
  return undefined;
});

document.addEventListener("htmx:afterRequest", ({ detail: { target, xhr } }) => {
  if (!target?.id || underway.get(target.id)?.xhr !== xhr) return;
  underway.delete(target.id);
  const press = presses.get(target.id);
  presses.delete(target.id);
  if (!press) return;
  const again = () => pressAgain(target.id, press);
  if (target.isConnected) again(); // nothing came of it
  else document.addEventListener("htmx:afterSettle", again, { once: true });
});
