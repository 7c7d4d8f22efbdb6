/** What a conversation says about a call that is over. */

import { say } from "../lib/strings.js";

/**
 * @param {{meta: {media?: string, outcome?: string, seconds?: number}, sender_id: string}} message
 * @param {string} me
 */
export function callLine({ meta, sender_id: caller }, me) {
  const video = meta.media === "video";
  const own = caller === me;
  if (meta.outcome === "completed" || meta.outcome === "dropped") {
    return `${say(video ? "videoCall" : "voiceCall")} · ${clock(meta.seconds ?? 0)}`;
  }
  if (meta.outcome === "declined") return say(video ? "declinedVideo" : "declinedVoice");
  if (own) return say(meta.outcome === "busy" ? "wasBusy" : meta.outcome === "cancelled" ? "cancelledCall" : "noAnswer");
  return say(video ? "missedVideo" : "missedVoice");
}

/** @param {number} seconds as 1:05 or 1:02:03 */
export function clock(seconds) {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
