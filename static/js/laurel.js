// What pages gain from scripts. Every page works without them.

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const quiet = { get matches() { return calm.matches || document.documentElement.hasAttribute("data-still"); } };
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const woken = new WeakSet();
const asleep = (selector, root) => all(selector, root).filter((element) => !woken.has(element) && woken.add(element));

/* What a page says of itself to scripts: whose it is, and sentences for what may go wrong. */
const about = () => document.getElementById("about")?.dataset ?? {};

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

/* Toasts leave after six seconds, but never while someone reads them or waits for their way back. */
function watchToast(toast) {
  let held = false;
  const leave = () => {
    if (held || toast.querySelector(".htmx-request")) return setTimeout(leave, 2000);
    toast.classList.add("gone");
    return setTimeout(() => toast.remove(), 500);
  };
  for (const [name, value] of [["pointerenter", true], ["focusin", true], ["pointerleave", false], ["focusout", false]]) {
    toast.addEventListener(name, () => { held = value; });
  }
  setTimeout(leave, 6000);
}

/* What did not work is told where pages tell what did; its sentences stand at the end of the page. */
function tellFailure(status) {
  const place = document.getElementById("toast");
  const { failed, crowded, often, stale, unheard } = about();
  const words = { 0: unheard, 429: often, 503: crowded }[status] ?? (status >= 500 ? failed : stale);
  if (!place || !words) return;
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.textContent = words;
  place.replaceChildren(toast);
  watchToast(toast);
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

/* Theme changes at once; the server remembers it. Of quick presses the last one is kept last. */
let themes = Promise.resolve();

async function keepTheme(form, button) {
  const sent = { method: "POST", body: new FormData(form, button), redirect: "manual" };
  const answer = await fetch(form.action, sent).catch(() => ({ status: 0 }));
  if (answer.type !== "opaqueredirect" && !answer.ok) return tellFailure(answer.status);
  if (button.value === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = button.value;
  document.querySelector("meta[name=color-scheme]").content = button.value === "system" ? "light dark" : button.value;
  const ground = getComputedStyle(document.body).backgroundColor;
  if (button.value !== "system") all("meta[name=theme-color]").forEach((meta) => { meta.content = ground; });
  all("button[name=theme]").forEach((other) => other.setAttribute("aria-pressed", String(other.value === button.value)));
  return undefined;
}

function liveTheme(form) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.name !== "theme") return;
    event.preventDefault();
    themes = themes.then(() => keepTheme(form, button));
  });
}

/* Another language is another page with the same fields: what was typed goes along, but for passwords. */
const typedFields = () => all("main :is(input:not([type=hidden], [type=password], [type=file]), textarea, select)").filter((field) => field.name);
const ticks = (field) => field.type === "checkbox" || field.type === "radio";

function carryTyped(form) {
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name !== "locale") return;
    const typed = typedFields().map((field) => [field.name, ticks(field) ? field.value : "", ticks(field) ? field.checked : field.value]);
    sessionStorage.setItem("laurel:typed", JSON.stringify({ path: location.pathname, at: Date.now(), typed }));
  });
}

function putTyped() {
  const kept = JSON.parse(sessionStorage.getItem("laurel:typed") ?? "{}");
  sessionStorage.removeItem("laurel:typed");
  if (kept.path !== location.pathname || Date.now() - kept.at > 60000) return;
  const fields = typedFields();
  kept.typed.forEach(([name, value, state], at) => {
    const field = fields[at];
    if (field?.name !== name || (ticks(field) && field.value !== value)) return;
    if (ticks(field)) field.checked = state;
    else field.value = state;
  });
}

/* When the seconds before something are over, it takes the place of the sentence that said so. */
function awaitTurn(sentence) {
  setTimeout(() => { sentence.nextElementSibling.hidden = false; sentence.remove(); }, (Number(sentence.dataset.wait) + 1) * 1000);
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
  asleep("form:has(button[name=locale])", root).forEach(carryTyped);
  asleep("[data-wait]", root).forEach(awaitTurn);
  asleep("[data-mirrors]", root).forEach(tryColour);
  asleep("[data-print]", root).forEach((button) => { button.hidden = false; button.addEventListener("click", () => print()); });
}

putTyped();

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

/* Coming back with the browser's own button must not find a locked form, nor must who stopped the sending. */
const unlock = () => all("form[data-sent]").forEach((form) => {
  delete form.dataset.sent;
  all("[aria-disabled]", form).forEach((button) => button.removeAttribute("aria-disabled"));
});
addEventListener("pageshow", unlock);
globalThis.navigation?.addEventListener("navigateerror", unlock);

/* After a partial update: new parts wake up, and «Show more» puts focus on what came. */
document.addEventListener("htmx:load", () => wake(document));
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.requestConfig?.elt?.rel === "next") all("[data-fresh]").at(-1)?.focus();
});

/* An answer that failed changes nothing on the page: that is told, and a choice shows again what holds.
   What asks by itself every few seconds goes on asking; a part that tells of it in its own place does so. */
function onFailure({ detail: { elt, target, xhr } }) {
  if (elt.matches("[hx-trigger*=every]") || target?.querySelector("[data-lost]")) return;
  if (elt.matches("[data-restore]")) elt.reset();
  tellFailure(xhr.status);
}
for (const name of ["responseError", "sendError", "timeout"]) document.addEventListener(`htmx:${name}`, onFailure);

/* What came for another reader or in another language, chosen in another tab, is not put into this page. */
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, shouldSwap, requestConfig: { elt, verb }, pathInfo } = event.detail;
  const { lang } = document.documentElement;
  const reader = xhr.getResponseHeader("Laurel-Reader") ?? about().reader;
  const language = xhr.getResponseHeader("Content-Language") ?? lang;
  if (!shouldSwap || elt.matches("[hx-sync*=queue]") || (reader === about().reader && language === lang)) return;
  event.detail.shouldSwap = false;
  if (verb === "get" && elt.closest("[hx-push-url]")) location.assign(pathInfo.finalRequestPath);
  else location.reload();
});

/* A part of the page is renewed by one answer at a time. A newer look (a filter) takes the place of an older one;
   what changes something waits for its turn, and is then pressed where it stands by now. */
const underway = new Map(); // the id of a part: the request on its way
const waiting = new Map(); // the id of a part: what was pressed meanwhile, in its order

function pressOf({ elt, target, requestConfig }) {
  const { triggeringEvent: event, verb, path, formData } = requestConfig;
  const pressed = event?.submitter ?? (event?.type === "click" ? event.target.closest("a, button") : event?.type === "change" ? event.target : null);
  const looks = verb === "get";
  if (!pressed || (looks && !target.contains(elt))) return { elt, looks, outside: true }; // such as a search
  const { id, localName: tag, name = "", value = "" } = pressed;
  const sent = { verb, path, values: Object.fromEntries(formData), swap: elt.closest("[hx-swap]")?.getAttribute("hx-swap") };
  return { elt, looks, outside: !target.contains(elt), id, tag, name, value, href: pressed.getAttribute("href"), kind: event.type, sent };
}

function pressAgain(part, was) {
  if (was.outside && was.elt.isConnected && was.looks) return was.elt.requestSubmit?.();
  if (was.outside && was.sent && (!was.elt.isConnected || !was.id)) { // such as «Undo»: its toast has gone, its wish has not
    const { verb, path, values, swap } = was.sent;
    return globalThis.htmx.ajax(verb, path, { target: `#${part}`, swap, values });
  }
  const found = was.id ? [document.getElementById(was.id)] : all(was.tag ?? "none", document.getElementById(part) ?? document);
  const same = found.find((one) => one && (one.name ?? "") === was.name && one.getAttribute("href") === was.href && (was.kind === "change" || (one.value ?? "") === was.value));
  if (!same) return next(part);
  if (was.kind !== "change") return same.click();
  same.value = was.value;
  return same.dispatchEvent(new Event("change", { bubbles: true }));
}

function wait(part, press) {
  const line = waiting.get(part) ?? [];
  if (press.looks && line.at(-1)?.looks) line.pop(); // only the latest look is wanted
  waiting.set(part, [...line, press]);
}

function next(part) {
  const press = waiting.get(part)?.shift();
  if (press) pressAgain(part, press);
}

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, target, xhr, requestConfig } = event.detail;
  if (!target?.id || elt.matches("[hx-sync*=queue]")) return;
  const before = underway.get(target.id);
  const looks = requestConfig.verb === "get";
  const at = requestConfig.triggeringEvent?.timeStamp ?? performance.now();
  if (before && before.xhr.readyState < XMLHttpRequest.DONE) {
    const replaces = looks && before.looks;
    if (replaces && at < before.at) return event.preventDefault(); // typed before, and sent only now
    if (!replaces || waiting.get(target.id)?.length) {
      wait(target.id, pressOf(event.detail));
      return event.preventDefault();
    }
    underway.delete(target.id);
    before.xhr.abort();
  }
  underway.set(target.id, { xhr, looks, at });
  return undefined;
});

document.addEventListener("htmx:afterRequest", ({ detail: { target, xhr } }) => {
  if (!target?.id || underway.get(target.id)?.xhr !== xhr) return;
  underway.delete(target.id);
  if (!waiting.get(target.id)?.length) return;
  if (target.isConnected) next(target.id); // nothing came of it
  else document.addEventListener("htmx:afterSettle", () => next(target.id), { once: true });
});
