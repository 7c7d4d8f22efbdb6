/** Captions of a clip: on or off for every clip at once, in the language of the page where there is one. */

import { recall, remember } from "../lib/preferences.js";

const listeners = new Set();
const shown = () => recall("captions") === "on";

/**
 * @param {HTMLElement} card
 * @returns {() => void} undo
 */
export function attachCaptions(card) {
  const button = card.querySelector("[data-cc]");
  const video = card.querySelector("video");
  if (!button || !video) return () => undefined;
  const tracks = [...video.textTracks];
  const chosen = tracks.find((track) => track.language === document.documentElement.lang.toLowerCase()) ?? tracks[0];
  const show = () => {
    button.setAttribute("aria-pressed", String(shown()));
    for (const track of tracks) track.mode = shown() && track === chosen ? "showing" : "disabled";
  };
  // Above the name and the words of the clip; on a phone beside the buttons, which lie on the picture there.
  const lift = () => {
    const beside = matchMedia("(width < 48rem)").matches ? { size: 72, position: 40 } : { size: 100, position: 50 };
    for (const cue of /** @type {any} */ (chosen.cues ?? [])) Object.assign(cue, { snapToLines: false, line: 64, ...beside });
  };
  video.addEventListener("timeupdate", lift, { once: true });
  for (const element of video.querySelectorAll("track")) element.addEventListener("load", lift);
  button.addEventListener("click", () => {
    remember("captions", shown() ? "off" : "on");
    for (const listener of listeners) listener();
  });
  listeners.add(show);
  show();
  return () => listeners.delete(show);
}
