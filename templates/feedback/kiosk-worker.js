/* Keeps the kiosk working without a network: its files, and the page of each device as it was last seen.
   Cards are not kept here: the page keeps them itself until the server has confirmed them. */
const FILES = "kiosk-files-{{ version }}";
const PAGES = "kiosk-pages";
const ASSETS = [{% for asset in assets %}"{{ asset|escapejs }}", {% endfor %}];
const PATIENCE = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(FILES).then((cache) => cache.addAll(ASSETS)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("kiosk-files-") && name !== FILES) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

async function page(request) {
  const pages = await caches.open(PAGES);
  const kept = await pages.match(request, { ignoreVary: true });
  const stop = new AbortController();
  const timer = kept && setTimeout(() => stop.abort(), PATIENCE);
  try {
    const fresh = await fetch(request.url, { signal: stop.signal, credentials: "omit" });
    if (fresh.ok) await pages.put(request.url, fresh.clone());
    return fresh.status >= 500 && kept ? kept : fresh;
  } catch (gone) {
    if (kept) return kept;
    throw gone;
  } finally {
    clearTimeout(timer);
  }
}

async function file(request) {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept) return kept;
  const fresh = await fetch(request);
  if (fresh.ok) await (await caches.open(FILES)).put(request, fresh.clone());
  return fresh;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  event.respondWith(request.mode === "navigate" || request.url.includes("/manifest.json") ? page(request) : file(request));
});
