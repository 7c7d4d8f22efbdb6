/** Which rendition suits this box on this line. */

import { saving, throughput } from "./throughput.js";

/**
 * @typedef {{url: string, type: string, width: number, height: number, bitrate: number}} Source
 */

/**
 * @param {HTMLVideoElement} video its <source> children carry the sizes
 * @returns {Source[]} playable ones, smallest first, each once
 */
export function sourcesOf(video) {
  /** @type {Map<string, Source>} */
  const found = new Map();
  for (const child of video.querySelectorAll("source")) {
    if (!video.canPlayType(child.type || "video/mp4")) continue;
    const { width, height, bitrate } = child.dataset;
    found.set(child.src, { url: child.src, type: child.type, width: Number(width), height: Number(height), bitrate: Number(bitrate) });
  }
  return [...found.values()].sort((a, b) => shortEdge(a) - shortEdge(b));
}

/**
 * The smallest that fills the box sharply, among those the line carries with room to spare; else the smallest.
 * @param {Source[]} sources smallest first, not empty
 * @param {HTMLElement} box
 * @returns {Source}
 */
export function choose(sources, box) {
  if (saving()) return sources[0];
  const wanted = Math.min(box.clientWidth, box.clientHeight) * Math.min(devicePixelRatio, 2) * 0.85;
  const affordable = sources.filter((source) => !source.bitrate || source.bitrate < throughput() * 0.75);
  return affordable.find((source) => shortEdge(source) >= wanted) ?? affordable.at(-1) ?? sources[0];
}

/** @param {Source} source */
const shortEdge = (source) => Math.min(source.width, source.height);
