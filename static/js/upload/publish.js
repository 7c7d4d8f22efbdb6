/** From a complete upload to a video people can watch: publish once, then ask how far it is. */

import { problemOf } from "./tus.js";

/**
 * @typedef {{upload_id: string, caption: string, audience: string, allow_comments: string, allow_duet: boolean, allow_sound: boolean, allow_download: boolean,
 *   mature: boolean, draft: boolean, publish_at?: string, cover_at_ms?: number}} Details
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
 * Asks every second until it is ready or has failed.
 * @param {string} url of the video
 * @param {(status: {processing_state: string, progress: number} | null) => void} tell null: no answer just now
 * @returns {Promise<{processing_state: string, error: {code: string, detail: string} | null}>}
 */
export async function follow(url, tell) {
  for (;;) {
    const response = await fetch(`${url}/status`, { headers: { Accept: "application/json" } }).catch(() => null);
    const status = response?.ok ? await response.json() : null;
    tell(status);
    if (status?.processing_state === "ready" || status?.processing_state === "failed") return status;
    if (response && [401, 404].includes(response.status)) return { processing_state: "failed", error: problemOf(response.status, await response.text()) };
    await new Promise((resolve) => setTimeout(resolve, status ? 1000 : 3000));
  }
}

/** A name for this publishing, hard to guess and good for plain http too. */
export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
