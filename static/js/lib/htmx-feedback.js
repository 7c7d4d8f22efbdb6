/** What every htmx call shares: toasts sent by the server, a sentence for failures, the way to sign-in. */

import { say } from "./strings.js";
import { toast } from "./toast.js";

/** @type {Record<number, string>} */
const sentence = { 403: "forbidden", 404: "gone", 429: "slow" };

document.addEventListener("toast", (event) => {
  const { text, kind, action } = /** @type {CustomEvent<{text: string, kind: "ok" | "error", action?: {text: string, href: string}}>} */ (event).detail;
  toast(text, kind, action);
});

document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = /** @type {CustomEvent<{xhr: XMLHttpRequest}>} */ (event).detail;
  if (xhr.status === 401) {
    location.assign(`/signin?next=${encodeURIComponent(location.pathname + location.search)}`);
    return;
  }
  // The server's own words arrive as a "toast" trigger and were shown already.
  if (/"toast"/.test(xhr.getResponseHeader("HX-Trigger") ?? "")) return;
  toast(say(sentence[xhr.status] ?? "failed"), "error");
});

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => toast(say("offline"), "error"));
}
