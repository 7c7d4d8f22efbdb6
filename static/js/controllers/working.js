import { hear, isLive, latest } from "../upload/live.js";

const SURE_MS = 15_000;
const ASKING_MS = 3000;
const BEHIND_MS = 1000;

/** A row of the studio whose video is being prepared: the socket moves its bar; the row asks by itself while there is none. */
export function connect(/** @type {HTMLElement} */ row) {
  let asking = 0;
  const ask = () => {
    if (Date.now() - asking < ASKING_MS) return;
    asking = Date.now();
    window.htmx.trigger(row, "refresh");
  };
  const off = hear((told) => {
    if (told.id !== row.dataset.video) return;
    const meter = /** @type {HTMLProgressElement | null} */ (row.querySelector("progress[value]"));
    if (told.processing_state === "processing" && meter) meter.value = told.progress * 100;
    else ask();
  }, ask);
  const waits = (/** @type {Event} */ event) => {
    if (/** @type {CustomEvent} */ (event).detail.elt === row && isLive() && !asking) event.preventDefault();
  };
  row.addEventListener("htmx:beforeRequest", waits);
  // Told while this row was on its way: it may be behind.
  const behind = ["ready", "failed"].includes(latest.get(row.dataset.video ?? "")?.processing_state ?? "");
  const soon = behind ? setTimeout(ask, BEHIND_MS) : 0;
  // What the socket tells may be lost.
  const sure = setInterval(ask, SURE_MS);
  return () => {
    off();
    clearTimeout(soon);
    clearInterval(sure);
  };
}
