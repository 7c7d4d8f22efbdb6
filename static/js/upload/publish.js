/** From a complete upload to a video people can watch: publish once, then ask how far it is. */

import { hear, isLive } from "./live.js";
import { problemOf } from "./tus.js";

const ASK_MS = 1000;
// The socket tells: asked all the same, now and then, since what it tells may be lost.
const ASK_LIVE_MS = 15_000;
const ASK_LOST_MS = 3000;

/**
 * @typedef {{upload_id: string, caption: string, audience: string, allow_comments: string, allow_duet: boolean, allow_sound: boolean, allow_download: boolean,
 *   mature: boolean, draft: boolean, publish_at?: string, cover_at_ms?: number, cover_upload_id?: string, trim_start_ms?: number, trim_end_ms?: number,
 *   sound_id?: string, sound_level?: number, own_level?: number}} Details
 */

/**
 * @param {string} endpoint
 * @param {Details | Record<string, unknown>} details
 * @param {{csrf: string, key: string}} options key: the same key publishes the same video, however often it is sent
 * @returns {Promise<{id: string}>} throws a Problem
 */
export async function publish(endpoint, details, { csrf, key }) {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf, "Idempotency-Key": key },
    body: JSON.stringify(details),
  }).catch(() => null);
  if (!response) throw { status: 0, code: "network", detail: "" };
  if (!response.ok) throw problemOf(response.status, await response.text());
  return response.json();
}

/**
 * Hears from the socket how it goes until it is ready or has failed; asks every second while there is no socket.
 * @param {string} url of the video
 * @param {(status: {processing_state: string, progress: number} | null) => void} tell null: no answer just now
 * @returns {Promise<{processing_state: string, error?: {code: string, detail: string} | null}>}
 */
export async function follow(url, tell) {
  const id = url.split("/").pop();
  let end = /** @type {any} */ (null);
  let wake = () => {};
  const off = hear((status) => {
    if (status.id !== id) return;
    tell(status);
    if (isOver(status)) end = status;
    if (end) wake();
  }, () => wake());
  try {
    for (;;) {
      const response = await fetch(`${url}/status`, { headers: { Accept: "application/json" } }).catch(() => null);
      const status = response?.ok ? await response.json() : null;
      if (end) return end;
      tell(status);
      if (isOver(status)) return status;
      if (response && [401, 404].includes(response.status)) return { processing_state: "failed", error: problemOf(response.status, await response.text()) };
      await new Promise((resolve) => {
        wake = () => resolve(null);
        setTimeout(resolve, !status ? ASK_LOST_MS : isLive() ? ASK_LIVE_MS : ASK_MS);
      });
      if (end) return end;
    }
  } finally {
    off();
  }
}

/** @param {{processing_state: string} | null} status */
function isOver(status) {
  return status?.processing_state === "ready" || status?.processing_state === "failed";
}

/** A name for this publishing, hard to guess and good for plain http too. */
export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
