import { say } from "../lib/strings.js";

/** Keeps "3m" true while the page stays open. Older than a day needs no clock. */
export function connect(/** @type {HTMLElement} */ element) {
  const since = Date.parse(/** @type {HTMLTimeElement} */ (element).dateTime);
  const tick = () => {
    const seconds = (Date.now() - since) / 1000;
    if (seconds >= 86400) return clearInterval(timer);
    element.textContent = seconds < 60 ? say("now") : seconds < 3600 ? say("minutes", { n: Math.floor(seconds / 60) }) : say("hours", { n: Math.floor(seconds / 3600) });
  };
  const timer = setInterval(tick, 30_000);
  return () => clearInterval(timer);
}
