/** What the socket tells of one's own videos. */

import { line } from "../chat/line.js";

/** @typedef {{id: string, processing_state: string, progress: number, error?: {code: string, detail: string}}} Status */

/** @type {Set<{status: (status: Status) => void, stale: () => void}>} */
const listeners = new Set();
/** What was told last of each, for who begins to listen after that. @type {Map<string, Status>} */
export const latest = new Map();

line.addEventListener("frame", (event) => {
  const { ev, d } = /** @type {CustomEvent} */ (event).detail;
  if (ev !== "video.status") return;
  latest.set(d.id, d);
  for (const listener of [...listeners]) listener.status(d);
});
for (const name of ["up", "down", "resync"]) line.addEventListener(name, () => [...listeners].forEach(({ stale }) => stale()));

/** Whether it tells at present; whoever listens asks by themselves while it does not. */
export const isLive = () => line.up;

/**
 * @param {(status: Status) => void} status of any video of the reader's
 * @param {() => void} stale the connection came or went, or something was missed: ask now
 * @returns {() => void} undo
 */
export function hear(status, stale) {
  const listener = { status, stale };
  listeners.add(listener);
  const leave = line.join();
  return () => {
    listeners.delete(listener);
    leave();
  };
}
