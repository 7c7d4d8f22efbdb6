import { call } from "../chat/api.js";

/**
 * "On this device": asks the browser for leave, subscribes, and tells the server; or ends it. The note has a text for each
 * state: off, on, busy, denied, unable and failed.
 */
export function connect(/** @type {HTMLElement} */ element) {
  const key = element.dataset.key ?? "";
  const input = /** @type {HTMLInputElement} */ (element.querySelector("input"));
  const note = /** @type {HTMLElement} */ (element.querySelector("[data-note]"));
  const off = new AbortController();

  const show = (/** @type {string} */ state) => {
    // While the browser asks, the switch stands where it was put.
    if (state !== "busy") input.checked = state === "on";
    input.disabled = ["busy", "denied", "unable"].includes(state);
    note.textContent = note.dataset[state] ?? "";
  };

  const look = async () => {
    const found = await subscription(await navigator.serviceWorker.getRegistration("/push-worker.js"));
    if (Notification.permission === "denied") return show("denied");
    if (!found) return show("off");
    // The keys of the instance changed: nothing that it sends would be taken.
    if (!same(found.options.applicationServerKey, key)) {
      await found.unsubscribe();
      return show("off");
    }
    // A subscription is the browser's, not a person's: whoever signed in after somebody else decides anew.
    const { results } = await call("GET", "push-devices");
    if (!results.some((/** @type {any} */ one) => one.is_current && one.transport === "webpush")) return show("off");
    await tell(found); // its address may be another one by now
    show("on");
  };

  const begin = async () => {
    if ((await Notification.requestPermission()) !== "granted") return show(Notification.permission === "denied" ? "denied" : "off");
    const made = await navigator.serviceWorker.register("/push-worker.js", { scope: "/push-worker.js" });
    const active = await started(made);
    const found = await active.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    await tell(found);
    show("on");
  };

  const end = async () => {
    const found = await subscription(await navigator.serviceWorker.getRegistration("/push-worker.js"));
    if (found) {
      await call("DELETE", "push-devices", { token: found.endpoint }).catch((error) => { if (error.status !== 404) throw error; });
      await found.unsubscribe();
    }
    show("off");
  };

  const run = (/** @type {() => Promise<void>} */ work) => work().catch((error) => {
    show("failed");
    console.error("push", error);
  });

  element.hidden = false;
  if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) return show("unable");
  input.addEventListener("change", () => {
    const wanted = input.checked;
    show("busy");
    run(wanted ? begin : end);
  }, { signal: off.signal });
  run(look);
  return () => off.abort();
}

/** @param {ServiceWorkerRegistration | undefined} registration */
async function subscription(registration) {
  return registration ? registration.pushManager.getSubscription() : null;
}

/** @param {PushSubscription} found */
async function tell(found) {
  const { endpoint, keys } = found.toJSON();
  await call("POST", "push-devices", { transport: "webpush", endpoint, keys });
}

/**
 * Wait until a registration has a worker that runs: only then it may subscribe.
 * @param {ServiceWorkerRegistration} registration
 * @returns {Promise<ServiceWorkerRegistration>}
 */
function started(registration) {
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  if (!worker || worker.state === "activated") return Promise.resolve(registration);
  return new Promise((done, fail) => worker.addEventListener("statechange", () => {
    if (worker.state === "activated") done(registration);
    if (worker.state === "redundant") fail(new Error("the service worker did not start"));
  }));
}

/**
 * @param {ArrayBuffer | null} bytes
 * @param {string} key
 */
function same(bytes, key) {
  if (!bytes) return false;
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "") === key;
}
