/* The service worker. `LAUREL` stands above: version, shell, statics, offline, card, cardPages, doors.
   Pages always come from the network; what is kept is only for when there is none. */

const SHELL = `laurel-shell-${LAUREL.version}`;
const PERSON = "laurel-person-";
const READER = "Laurel-Reader";
const NOBODY = "nobody";
const SAME = { ignoreVary: true };
let turn = 0; // grows when somebody is forgotten: what was being fetched for them is not kept

self.addEventListener("install", (event) => event.waitUntil(stock()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("message", (event) => event.waitUntil(heed(event.data ?? {})));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(navigate(request, url));
  else if (request.method === "GET" && url.pathname.startsWith(LAUREL.statics)) event.respondWith(still(request, url));
  else if (request.method === "GET" && request.destination === "image") event.respondWith(picture(request));
  else if (request.method === "GET" && request.destination === "style") event.respondWith(picture(request));
});

/* The shell, and the page for nobody in particular: asked for without a cookie. */
async function stock() {
  const shell = await caches.open(SHELL);
  await shell.addAll(LAUREL.shell);
  const plain = await fetch(LAUREL.offline, { credentials: "omit", cache: "no-store" });
  if (plain.ok) await shell.put(LAUREL.offline, plain);
  await self.skipWaiting();
}

async function tidy() {
  for (const name of await caches.keys()) {
    if (name.startsWith("laurel-shell-") && name !== SHELL) await caches.delete(name);
  }
  await self.clients.claim();
}

/* A page asks to keep what it stands on, and what its reader carries along. */
async function heed({ keep, used = [] }) {
  const shell = await caches.open(SHELL);
  await Promise.allSettled(used.map(async (href) => {
    const url = new URL(href, location.origin);
    if (url.origin !== location.origin || !url.pathname.startsWith(LAUREL.statics)) return;
    if (!(await shell.match(href, SAME))) await shell.add(href);
  }));
  if (keep) await keepPocket();
}

/* The offline pages of whoever is signed in, with the pictures that they show. */
async function keepPocket() {
  const begun = turn;
  const [page, card] = await Promise.all([LAUREL.offline, LAUREL.card].map((href) => fetch(href, { cache: "no-store" })));
  const reader = page.headers.get(READER);
  if (!page.ok || !card.ok || reader !== card.headers.get(READER)) return;
  if (!reader || reader === NOBODY) { await forget(); return; }
  const extras = await extrasOf(await page.clone().text());
  if (begun !== turn) return;
  await forgetOthers(reader);
  const kept = await caches.open(PERSON + reader);
  await kept.put(LAUREL.offline, page);
  await kept.put(LAUREL.card, card);
  for (const [href, answer] of extras) await kept.put(href, answer);
  if (begun !== turn) await caches.delete(PERSON + reader);
}

/* The code of the card and the shop's own colours and logo, as the page names them. */
async function extrasOf(text) {
  const named = [...text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((found) => found[1].replaceAll("&amp;", "&"));
  const wanted = [...new Set(named)].filter((href) => /^\/(card\/code\.svg|brand\.css|logo)\b/.test(href));
  const found = await Promise.all(wanted.map(async (href) => [href, await fetch(href)]));
  return found.filter(([, answer]) => answer.ok);
}

async function forgetOthers(reader) {
  for (const name of await caches.keys()) {
    if (name.startsWith(PERSON) && name !== PERSON + reader) { turn += 1; await caches.delete(name); }
  }
}

async function forget() {
  turn += 1;
  for (const name of await caches.keys()) if (name.startsWith(PERSON)) await caches.delete(name);
}

/* The network decides. A form that signs in or out empties the pocket before it is sent. */
async function navigate(request, url) {
  const form = request.method !== "GET";
  const walk = form && walked(request);
  if (form && !walk && LAUREL.doors.includes(url.pathname)) await forget();
  let answer;
  try {
    answer = walk ? await ownPage(url) : await fetch(request);
  } catch (error) {
    if (form) return (await kept(LAUREL.offline)) ?? Response.error();
    const card = LAUREL.cardPages.includes(url.pathname) ? await personal(LAUREL.card) : undefined;
    return card ?? (await kept(LAUREL.offline)) ?? Response.error();
  }
  const reader = answer.headers.get(READER);
  if (reader === NOBODY) await forget();
  else if (reader) await forgetOthers(reader);
  return answer;
}

/* Back or Forward onto what a form was answered with: it is kept nowhere, and a form is never sent twice. */
function walked(request) {
  return request.isHistoryNavigation || ["force-cache", "only-if-cached"].includes(request.cache);
}

async function ownPage(url) {
  const answer = await fetch(url.href, { redirect: "manual", cache: "no-store", headers: { Accept: "text/html" } });
  return [404, 405].includes(answer.status) ? Response.redirect(new URL("/", location.origin), 303) : answer;
}

async function personal(href) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(PERSON)) continue;
    const found = await (await caches.open(name)).match(href, SAME);
    if (found) return found;
  }
  return undefined;
}

async function kept(href) {
  return (await personal(href)) ?? (await caches.open(SHELL)).match(href, SAME);
}

/* An address with a version never changes its contents; the rest is asked for first. */
async function still(request, url) {
  const shell = await caches.open(SHELL);
  const found = await shell.match(request, SAME);
  if (found && url.searchParams.has("v")) return found;
  try {
    const answer = await fetch(request);
    if (answer.ok && answer.status === 200) await shell.put(request, answer.clone());
    return answer;
  } catch (error) {
    return found ?? (await shell.match(request, { ...SAME, ignoreSearch: true })) ?? Response.error();
  }
}

async function picture(request) {
  try {
    return await fetch(request);
  } catch (error) {
    return (await kept(request.url)) ?? Response.error();
  }
}
