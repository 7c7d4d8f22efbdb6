/** The one choice about sound: remembered on the device, and held back while the browser forbids it. */

import { recall, remember } from "../lib/preferences.js";

let blocked = false;
/** @type {Set<() => void>} */
const listeners = new Set();

/** @returns {boolean} sound is wanted and allowed */
export const audible = () => recall("sound") === "on" && !blocked;

/** The browser refused to start with sound: stay silent until the person touches something. */
export function silenced() {
  blocked = true;
  for (const tell of listeners) tell();
}

/** @param {boolean} on */
export function chooseSound(on) {
  blocked = false;
  remember("sound", on ? "on" : "off");
  for (const tell of listeners) tell();
}

/** @param {() => void} tell */
export function onSoundChange(tell) {
  listeners.add(tell);
  return () => listeners.delete(tell);
}
