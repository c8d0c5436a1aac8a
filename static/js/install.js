// The worker that keeps card and balance for places without a network, and the offer to install.

const link = document.querySelector("link[rel=manifest][data-worker]");
const HALF_HOUR = 30 * 60 * 1000;

/* What this page stands on, so that it stands without a network too. */
function usedFiles() {
  return performance.getEntriesByType("resource").map((entry) => entry.name);
}

async function enlist() {
  try {
    await navigator.serviceWorker.register(link.dataset.worker);
    const { active } = await navigator.serviceWorker.ready;
    active.postMessage({ keep: Boolean(document.querySelector("[data-keep]")), used: usedFiles() });
  } catch {
    // A private window may refuse: everything works, but not without a network.
  }
}

/* A visit is a first page after half an hour without one. */
function countVisit() {
  const before = JSON.parse(localStorage.getItem("laurel:visits") ?? '{"count":0,"last":0}');
  const now = Date.now();
  const count = before.count + (now - before.last > HALF_HOUR ? 1 : 0);
  localStorage.setItem("laurel:visits", JSON.stringify({ count, last: now }));
  return count;
}

/* The browser says when it could install; we offer it from the second visit on, until «Not now». */
function awaitOffer(box) {
  const visits = countVisit();
  let asked = null;
  const close = () => { box.hidden = true; };
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    if (visits < 2 || localStorage.getItem("laurel:install") === "no") return;
    asked = event;
    box.hidden = false;
  });
  addEventListener("appinstalled", close);
  box.querySelector("[data-install-yes]").addEventListener("click", async () => { close(); await asked?.prompt(); });
  box.querySelector("[data-install-no]").addEventListener("click", () => { localStorage.setItem("laurel:install", "no"); close(); });
}

const offer = document.querySelector("[data-install]");
if (offer) {
  try { awaitOffer(offer); } catch { /* No storage: no offer. */ }
}
if (link?.dataset.worker && "serviceWorker" in navigator) {
  if (document.readyState === "complete") enlist();
  else addEventListener("load", enlist);
}
