/** Keyboard of the stage. */

/** @type {Record<string, string>} */
const names = {
  ArrowDown: "next", j: "next", PageDown: "next", ArrowUp: "previous", k: "previous", PageUp: "previous",
  " ": "pause", m: "sound", l: "like", c: "comments", ArrowLeft: "back", ArrowRight: "ahead",
};

/**
 * @param {Record<string, () => void>} acts by name
 * @returns {() => void} undo
 */
export function attachKeys(acts) {
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const target = /** @type {HTMLElement} */ (event.target);
    const name = names[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!name || target.closest("textarea, select, [contenteditable], input:not([type='range']), .comments__scroll")) return;
    if (target.matches("input[type='range']") && event.key.startsWith("Arrow")) return;
    if (event.key === " " && target.closest("a, button, summary")) return;
    event.preventDefault();
    acts[name]?.();
  };
  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", onKey);
}
