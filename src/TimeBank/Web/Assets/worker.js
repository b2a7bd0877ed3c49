// Stays in the browser when the page is gone: shows what was kept, or says that there is no connection. What is kept, the server says.
const files = "files", kept = "kept", offline = "/offline";

self.addEventListener("install", event => event.waitUntil(keepOffline().then(() => self.skipWaiting())));
self.addEventListener("activate", event => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", event => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin)
    return;
  if (address.pathname.startsWith("/assets/"))
    event.respondWith(file(request));
  else if (request.mode === "navigate")
    event.respondWith(page(event));
});

async function page(event) {
  const { request } = event;
  try {
    const answer = await fetch(request);
    if (answer.ok && answer.headers.get("TimeBank-Keep"))
      await (await caches.open(kept)).put(request.url, answer.clone());
    // The words without a connection are in the language that was chosen last.
    if (new URL(request.url).pathname.startsWith("/language/"))
      event.waitUntil(keepOffline());
    return answer;
  } catch {
    const copy = await (await caches.open(kept)).match(request.url);
    return copy ? asItStood(copy) : await caches.match(offline) ?? Response.error();
  }
}

// It says of when it is.
async function asItStood(copy) {
  const text = await copy.text();
  return new Response(text.replace(/(data-kept(?:="")?) hidden/, "$1"), { headers: copy.headers });
}

async function file(request) {
  const known = await caches.match(request);
  if (known)
    return known;
  const answer = await fetch(request);
  if (answer.ok)
    await (await caches.open(files)).put(request, answer.clone());
  return answer;
}

async function keepOffline() {
  const cache = await caches.open(files);
  const answer = await fetch(offline, { headers: { Accept: "text/html" } });
  if (!answer.ok)
    return;
  const text = await answer.clone().text();
  await cache.put(offline, answer);
  await cache.addAll(new Set(text.match(/\/assets\/[^"]+/g)));
}
