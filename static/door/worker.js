// Lets the check-in page open without a network. Before this, the view puts VERSION and FILES: the page's style and
// scripts. Nothing else is kept, least of all what is sent and received about people.

const CACHE = `door-${VERSION}`;
const PAGE = /^\/door\/[\w-]+\/$/;
const PATIENCE = 3_000;

self.addEventListener("install", (event) => event.waitUntil(fill().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(forgetOthers().then(() => self.clients.claim())));

async function fill() {
  const cache = await caches.open(CACHE);
  await Promise.all([...FILES, ...(await listPages())].map((path) => keep(cache, path)));
}

async function keep(cache, path) {
  const response = await fetch(path, { cache: "no-cache" });
  if (response.ok && !response.redirected) return cache.put(path, response);
  if (FILES.includes(path)) throw new Error(path);
}

// The check-in pages that are open, and those that an earlier version kept.
async function listPages() {
  const open = (await self.clients.matchAll({ includeUncontrolled: true, type: "window" })).map((one) => one.url);
  const kept = (await Promise.all((await listCaches()).map(async (name) => (await caches.open(name)).keys()))).flat();
  const paths = [...open, ...kept.map((request) => request.url)].map((url) => new URL(url).pathname);
  return new Set(paths.filter((path) => PAGE.test(path)));
}

async function listCaches() {
  return (await caches.keys()).filter((name) => name.startsWith("door-"));
}

async function forgetOthers() {
  const others = (await listCaches()).filter((name) => name !== CACHE);
  await Promise.all(others.map((name) => caches.delete(name)));
}

self.addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.method !== "GET") return;
  if (FILES.includes(pathname)) event.respondWith(findKept(event.request).then((kept) => kept ?? fetch(event.request)));
  else if (event.request.mode === "navigate" && PAGE.test(pathname)) event.respondWith(openPage(event.request));
});

async function findKept(request) {
  const cache = await caches.open(CACHE);
  return cache.match(new URL(request.url).pathname, { ignoreVary: true });
}

// From the network; if the server is slow, busy or out of order, as it is kept.
async function openPage(request) {
  const kept = await findKept(request);
  try {
    const response = await Promise.race([fetch(request), ...(kept ? [giveUp()] : [])]);
    if (!kept && response.ok && !response.redirected) await keepPage(request, response.clone());
    return kept && (response.status === 429 || response.status >= 500) ? kept : response;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

function giveUp() {
  return new Promise((_resolve, reject) => setTimeout(reject, PATIENCE, new Error("slow")));
}

async function keepPage(request, response) {
  const cache = await caches.open(CACHE);
  await cache.put(new URL(request.url).pathname, response);
}
