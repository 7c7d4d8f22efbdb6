import { age } from "../lib/format.js";

/** Keeps "3m" true while the page stays open. Older than a day needs no clock. */
export function connect(/** @type {HTMLElement} */ element) {
  const since = /** @type {HTMLTimeElement} */ (element).dateTime;
  const tick = () => {
    if (Date.now() - Date.parse(since) >= 86_400_000) return clearInterval(timer);
    element.textContent = age(since);
  };
  const timer = setInterval(tick, 30_000);
  return () => clearInterval(timer);
}
