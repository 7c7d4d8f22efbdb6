/** Small choices remembered on this device. Storage may be forbidden (private windows): then they last for the page. */

/** @type {Map<string, string>} */
const memory = new Map();

/** @param {string} key */
export function recall(key) {
  if (memory.has(key)) return memory.get(key) ?? null;
  try {
    return localStorage.getItem(`toptop.${key}`);
  } catch {
    return null;
  }
}

/**
 * @param {string} key
 * @param {string | null} value null forgets
 */
export function remember(key, value) {
  if (value === null) memory.delete(key);
  else memory.set(key, value);
  try {
    if (value === null) localStorage.removeItem(`toptop.${key}`);
    else localStorage.setItem(`toptop.${key}`, value);
  } catch {
    // Kept in memory above.
  }
}
