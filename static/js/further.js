// What «Show more» had brought is there again when somebody comes back to the page. For each address this tab
// remembers how many times it was pressed and how far down the reader was; of the rows nothing is kept.

const MOST = 10;
const place = () => `laurel:further:${location.pathname}${location.search}`;
const kept = () => JSON.parse(sessionStorage.getItem(place()) ?? "{}");
const keep = (what) => sessionStorage.setItem(place(), JSON.stringify({ ...kept(), ...what }));
const forget = () => sessionStorage.removeItem(place());
const link = () => document.querySelector("#more a[rel=next]");
const left = () => { if (kept().brought) keep({ top: scrollY }); };

document.addEventListener("htmx:afterRequest", ({ detail: { requestConfig, successful } }) => {
  if (successful && requestConfig.elt.rel === "next") keep({ brought: (kept().brought ?? 0) + 1 });
});

/* A page is left by a link, or for another choice of its rows, which begins anew. */
addEventListener("pagehide", left);
document.addEventListener("htmx:beforeHistorySave", left);
document.addEventListener("htmx:pushedIntoHistory", forget);

/* Page after page, since each says where the next one begins. Whoever has begun to read is not moved. */
async function bringBack({ brought, top = 0 }) {
  let reading = false;
  const begin = () => { reading = true; };
  for (const name of ["wheel", "touchmove", "pointerdown", "keydown"]) addEventListener(name, begin, { once: true, passive: true });
  for (let times = Math.min(brought, MOST); times && link(); times -= 1) {
    const before = link();
    await htmx.ajax("GET", before.getAttribute("href"), { target: "#more", swap: "outerHTML show:none" });
    if (link() === before) return; // no answer: the link is there to press
  }
  if (!reading) scrollTo(0, top);
}

const again = ["back_forward", "reload"].includes(performance.getEntriesByType("navigation")[0]?.type);
if (!again) forget();
else if (kept().brought) bringBack(kept());
