/** Unfinished uploads survive a reload: what is known of each in localStorage, its file in IndexedDB while it is small enough. */

import { recall, remember } from "../lib/preferences.js";

const KEEPABLE = 400 * 1024 * 1024;

/**
 * @typedef {{key: string, fingerprint: string, name: string, size: number, sent: number, url?: string, wanted?: boolean,
 *   details?: Record<string, any>, about?: import("./relation.js").About}} Unfinished
 */

/** @param {File} file */
export const fingerprint = (file) => [file.name, file.size, file.lastModified, file.type].join("|");

/** @returns {Unfinished[]} in the order in which they were chosen */
export function unfinished() {
  return JSON.parse(recall("uploads") ?? "[]");
}

/** @param {Unfinished} entry replaces what was known of it */
export function note(entry) {
  const others = unfinished();
  const at = others.findIndex(({ key }) => key === entry.key);
  others.splice(at < 0 ? others.length : at, 1, entry);
  remember("uploads", JSON.stringify(others));
}

/** @param {string} key */
export function forget(key) {
  remember("uploads", JSON.stringify(unfinished().filter((entry) => entry.key !== key)));
  store("readwrite", (files) => files.delete(key)).catch(() => undefined);
}

/**
 * @param {string} key
 * @param {File} file
 */
export function keep(key, file) {
  if (file.size > KEEPABLE) return;
  // No room or no permission: after a reload the person picks the file again.
  store("readwrite", (files) => files.put(file, key)).catch(() => undefined);
}

/** @param {string} key @returns {Promise<File | null>} */
export async function kept(key) {
  try {
    const file = await store("readonly", (files) => files.get(key));
    return file instanceof File ? file : null;
  } catch {
    return null;
  }
}

/**
 * @param {IDBTransactionMode} mode
 * @param {(files: IDBObjectStore) => IDBRequest} act
 * @returns {Promise<unknown>}
 */
function store(mode, act) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("toptop", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("files");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const request = act(opening.result.transaction("files", mode).objectStore("files"));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    };
  });
}
