/** What the line carries, in bits per second, learnt from how fast clips became playable. */

import { recall, remember } from "../lib/preferences.js";

const ASSUMED = 6_000_000;

/** @returns {number} bits per second */
export function throughput() {
  const learnt = Number(recall("throughput"));
  if (learnt > 0) return learnt;
  const connection = /** @type {{connection?: {downlink?: number}}} */ (/** @type {unknown} */ (navigator)).connection;
  return connection?.downlink ? connection.downlink * 1e6 : ASSUMED;
}

/** @returns {boolean} the person asked their browser to save data */
export function saving() {
  const connection = /** @type {{connection?: {saveData?: boolean}}} */ (/** @type {unknown} */ (navigator)).connection;
  return connection?.saveData === true;
}

/**
 * @param {number} bits received
 * @param {number} milliseconds it took; under 20 ms it came from a cache and says nothing
 */
export function learn(bits, milliseconds) {
  if (milliseconds < 20 || bits < 400_000) return;
  const sample = bits / (milliseconds / 1000);
  const known = Number(recall("throughput"));
  remember("throughput", String(Math.round(known > 0 ? known * 0.7 + sample * 0.3 : sample)));
}
