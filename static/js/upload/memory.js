/** An unfinished upload survives a reload: its address and fingerprint in localStorage, the file itself in IndexedDB while it is small enough. */

import { recall, remember } from "../lib/preferences.js";

const KEEPABLE = 400 * 1024 * 1024;

/**
 * @typedef {{url: string, fingerprint: string, name: string, size: number, sent: number, key: string,
 *   caption?: string, audience?: string, comments?: string, switches?: Record<string, boolean>, coverAt?: number}} Unfinished
 */

/** @param {File} file */
export const fingerprint = (file) => [file.name, file.size, file.lastModified, file.type].join("|");

/** @returns {Unfinished | null} */
export function unfinished() {
  const text = recall("upload");
  return text ? JSON.parse(text) : null;
}

/** @param {Partial<Unfinished>} change */
export function note(change) {
  const known = unfinished() ?? {};
  remember("upload", JSON.stringify({ ...known, ...change }));
}

export function forget() {
  remember("upload", null);
  store("readwrite", (files) => files.clear()).catch(() => undefined);
}

/** @param {File} file */
export function keep(file) {
  if (file.size > KEEPABLE) return;
  // No room or no permission: after a reload the person picks the file again.
  store("readwrite", (files) => files.put(file, "file")).catch(() => undefined);
}

/** @returns {Promise<File | null>} */
export async function kept() {
  try {
    const file = await store("readonly", (files) => files.get("file"));
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
