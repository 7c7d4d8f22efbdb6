/** What the socket tells of one's own videos: one connection for all who listen, closed a while after the last of them. */

import { Wire } from "../chat/wire.js";

/** @typedef {{id: string, processing_state: string, progress: number, error?: {code: string, detail: string}}} Status */

const LINGER_MS = 5000;
/** @type {Set<{status: (status: Status) => void, stale: () => void}>} */
const listeners = new Set();
/** What was told last of each, for who begins to listen after that. @type {Map<string, Status>} */
export const latest = new Map();
/** @type {Wire | null} */
let wire = null;
let closing = 0;

/** Whether it tells at present; whoever listens asks by themselves while it does not. */
export const isLive = () => Boolean(wire?.up);

/**
 * @param {(status: Status) => void} status of any video of the reader's
 * @param {() => void} stale the connection came or went, or something was missed: ask now
 * @returns {() => void} undo
 */
export function hear(status, stale) {
  const listener = { status, stale };
  listeners.add(listener);
  clearTimeout(closing);
  wire ??= connected();
  return () => {
    listeners.delete(listener);
    if (!listeners.size) closing = window.setTimeout(hangUp, LINGER_MS);
  };
}

function connected() {
  const made = new Wire();
  made.addEventListener("frame", (event) => {
    const { ev, d } = /** @type {CustomEvent} */ (event).detail;
    if (ev !== "video.status") return;
    latest.set(d.id, d);
    for (const listener of [...listeners]) listener.status(d);
  });
  for (const name of ["up", "down", "resync"]) made.addEventListener(name, () => [...listeners].forEach(({ stale }) => stale()));
  made.open();
  return made;
}

function hangUp() {
  wire?.close();
  wire = null;
}
