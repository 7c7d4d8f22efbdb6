/// <reference lib="webworker" />
/**
 * Shows what is pushed while nobody looks, and opens it. Served as /push-worker.js; keeps nothing and fetches nothing.
 * @typedef {{kind: string, title: string, body: string, tag: string, url: string, c: string}} Told
 */

/** @type {any} */
const worker = self;

/** @param {any} event */
function told(event) {
  try {
    return /** @type {Told} */ (event.data.json());
  } catch {
    return null; // a push service's own test, or one of a version to come
  }
}

/** Only paths of this site: whatever a payload says leads nowhere else. */
function here(/** @type {string} */ url) {
  const found = new URL(url, worker.location.origin);
  return found.origin === worker.location.origin ? found.href : worker.location.origin;
}

worker.addEventListener("push", (/** @type {any} */ event) => {
  const notice = told(event);
  if (!notice) return;
  event.waitUntil((async () => {
    const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
    // Who looks at a page of ours sees it there.
    if (pages.some((/** @type {any} */ page) => page.visibilityState === "visible" && page.focused)) return;
    await worker.registration.showNotification(notice.title, {
      body: notice.body,
      tag: notice.tag,
      renotify: true,
      requireInteraction: notice.kind === "ring",
      icon: "/static/icons/icon-192.png",
      data: { url: notice.url },
    });
  })());
});

worker.addEventListener("notificationclick", (/** @type {any} */ event) => {
  event.notification.close();
  const url = here(event.notification.data?.url ?? "/messages");
  event.waitUntil((async () => {
    const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
    const open = pages.find((/** @type {any} */ page) => page.url.split(/[?#]/)[0] === url);
    if (open) return open.focus();
    return worker.clients.openWindow(url);
  })());
});

// A new version takes over at once: there is no page that waits for the old one.
worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(worker.clients.claim()));
