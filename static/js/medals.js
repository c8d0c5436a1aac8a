// What the board of medals gains from scripts. Filters, search and pins work without them.

const wide = matchMedia("(min-width: 1160px)");
const tiles = () => [...document.querySelectorAll("[data-grid] [data-medal]")];
const medalOf = (link) => link?.dataset.medal;
let waiting = 0;

/* A tile grows into its page, and the page back into its tile: the one that was pressed has a name. */
const lend = (picture) => {
  if (!picture) return;
  picture.style.viewTransitionName = "medal";
  setTimeout(() => { picture.style.viewTransitionName = ""; }, 1500);
};
const tileFor = (address) => {
  const path = address && new URL(address, location.href).pathname;
  return tiles().find((link) => new URL(link.href).pathname === path)?.querySelector(".medal");
};
addEventListener("pageswap", (event) => event.viewTransition && lend(tileFor(event.activation?.entry?.url)));
addEventListener("pagereveal", (event) => event.viewTransition && lend(tileFor(globalThis.navigation?.activation?.from?.url)));

/* On a wide screen a press fills the pane; Enter, a phone and a new tab open the page. */
function choose(link) {
  const address = new URL(location.href);
  address.searchParams.set("medal", medalOf(link));
  for (const tile of tiles()) tile.parentElement.classList.toggle("chosen", tile === link);
  history.replaceState(history.state, "", address);
  const kept = document.querySelector("[data-pane-medal]");
  if (kept) kept.value = medalOf(link);
  fill(address, link.href);
}

/* Only the last press counts: an answer to an earlier one must not come over it. */
let asked;
async function fill(address, page) {
  asked?.abort();
  asked = new AbortController();
  try {
    const headers = { "HX-Request": "true", "HX-Target": "pane" };
    const answer = await fetch(address, { headers, signal: asked.signal });
    const mine = document.getElementById("about")?.dataset.reader;
    if (!answer.ok || (answer.headers.get("Laurel-Reader") ?? mine) !== mine) throw new Error(answer.statusText);
    const came = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("pane");
    document.getElementById("pane").replaceWith(came);
    globalThis.htmx.process(came);
  } catch (fault) {
    if (fault.name !== "AbortError") location.assign(page);
  }
}

/* The pane that is on its way belongs to the board before. */
document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => target.id === "board" && asked?.abort());

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-grid] [data-medal]");
  const plain = event.detail > 0 && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (!link || !plain || !wide.matches || !globalThis.htmx) return;
  if (link.parentElement.classList.contains("chosen")) return;
  event.preventDefault();
  choose(link);
});

/* Arrows go to the tile that lies there; P pins it. */
const middle = (element) => {
  const box = element.getBoundingClientRect();
  return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
};
const ways = {
  ArrowLeft: (dx, dy) => dx < -1 && Math.abs(dy) < 40,
  ArrowRight: (dx, dy) => dx > 1 && Math.abs(dy) < 40,
  ArrowUp: (dx, dy) => dy < -40,
  ArrowDown: (dx, dy) => dy > 40,
};
function neighbour(link, key) {
  const from = middle(link);
  const upright = key === "ArrowUp" || key === "ArrowDown";
  const found = tiles().filter((tile) => tile !== link).map((tile) => {
    const to = middle(tile);
    return { tile, dx: to.x - from.x, dy: to.y - from.y };
  }).filter(({ dx, dy }) => ways[key](dx, dy));
  const far = ({ dx, dy }) => (upright ? Math.abs(dy) * 3 + Math.abs(dx) : Math.abs(dx));
  found.sort((one, two) => far(one) - far(two));
  if (found.length || upright) return found[0]?.tile;
  const row = tiles();
  return row[row.indexOf(link) + (key === "ArrowRight" ? 1 : -1)];
}
const goBack = (link) => {
  const came = document.referrer && new URL(document.referrer);
  const board = new URL(link.href);
  if (came && came.origin === board.origin && came.pathname === board.pathname) history.back();
  else link.click();
};
document.addEventListener("keydown", (event) => {
  const back = event.key === "Escape" && document.querySelector("[data-back]");
  if (back) return goBack(back);
  const link = document.activeElement?.closest?.("[data-grid] [data-medal]");
  if (!link || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  if (event.key in ways) {
    event.preventDefault();
    const next = neighbour(link, event.key);
    next?.focus();
    clearTimeout(waiting);
    if (next && wide.matches) waiting = setTimeout(() => choose(next), 180);
  }
  if (event.code === "KeyP" && !document.documentElement.hasAttribute("data-keyless")) {
    event.preventDefault();
    held = link.id;
    link.parentElement.querySelector(".pinner")?.click();
  }
  return undefined;
});

/* A pin shows at once; when the server does not agree, it goes back. */
let held = "";
const turn = (button) => button.matches?.(".pinner") && button.parentElement.classList.toggle("pinned");
document.addEventListener("htmx:beforeSend", ({ detail: { elt } }) => {
  turn(elt);
  const undo = elt.closest("#toast")?.querySelector("button");
  if (undo) held = document.getElementById(`m-${undo.value}`) ? `m-${undo.value}` : "pin-it";
});
document.addEventListener("htmx:afterSwap", ({ detail: { requestConfig } }) => {
  if (requestConfig?.elt?.closest(".filters")) emptySearch();
  if (!held) return;
  document.getElementById(held)?.focus({ preventScroll: false });
  held = "";
});
function undone(event) {
  turn(event.detail.elt);
  held = "";
}
for (const name of ["responseError", "sendError", "timeout"]) document.addEventListener(`htmx:${name}`, undone);

/* A filter begins a search anew: the field does not go on naming the one before. */
function emptySearch() {
  const field = document.getElementById("q");
  if (field && field !== document.activeElement) field.value = document.querySelector("#pins [name=q]")?.value ?? "";
}
