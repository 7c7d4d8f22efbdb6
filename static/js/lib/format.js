/** Numbers for people; the same shapes as core/templatetags/present.py. */

import { say } from "./strings.js";

/**
 * How long ago: "now", "3m", "2h", "4d"; a date from a week on.
 * @param {string} moment ISO 8601
 */
export function age(moment) {
  const seconds = (Date.now() - Date.parse(moment)) / 1000;
  if (seconds < 60) return say("now");
  if (seconds < 3600) return say("minutes", { n: Math.floor(seconds / 60) });
  if (seconds < 86400) return say("hours", { n: Math.floor(seconds / 3600) });
  if (seconds < 7 * 86400) return say("days", { n: Math.floor(seconds / 86400) });
  return new Date(moment).toLocaleDateString(document.documentElement.lang, { day: "numeric", month: "short" });
}

/** @param {number} count */
export function compact(count) {
  for (const [unit, suffix] of /** @type {[number, string][]} */ ([[1e9, "B"], [1e6, "M"], [1e3, "K"]])) {
    if (count < unit) continue;
    const tenths = Math.floor((count * 10) / unit);
    return tenths >= 1000 || tenths % 10 === 0 ? `${Math.floor(tenths / 10)}${suffix}` : `${Math.floor(tenths / 10)}.${tenths % 10}${suffix}`;
  }
  return String(Math.max(0, count));
}

/** @param {number} seconds */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds || 0));
  const tail = String(whole % 60).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes}:${tail}` : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${tail}`;
}

/** @param {number} bytes */
export function megabytes(bytes) {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  return bytes >= 1e8 ? `${Math.round(bytes / 1e6)} MB` : bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1e3))} kB`;
}
