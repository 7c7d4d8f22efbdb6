/** Shows the files of the queue: which one is being described, how far each is, and a way to drop it. */

import { say } from "../lib/strings.js";

/** @typedef {import("./queue.js").Item} Item */

/**
 * @param {HTMLElement} section
 * @param {{items: Item[], current: Item | null}} state
 * @param {{choose: (item: Item) => void, drop: (item: Item) => void}} verbs
 */
export function showQueue(section, { items, current }, { choose, drop }) {
  const list = /** @type {HTMLElement} */ (section.querySelector("[data-queue-list]"));
  const blank = /** @type {HTMLTemplateElement} */ (section.querySelector("template"));
  section.hidden = items.length + (current && !items.includes(current) ? 1 : 0) < 2;
  const rows = new Map([...list.children].map((row) => [/** @type {HTMLElement} */ (row).dataset.key, /** @type {HTMLElement} */ (row)]));
  for (const [key, row] of rows) if (!items.some(({ entry }) => entry.key === key)) row.remove();
  for (const item of items) {
    let row = rows.get(item.entry.key);
    if (!row) {
      row = /** @type {HTMLElement} */ (/** @type {Element} */ (blank.content.firstElementChild).cloneNode(true));
      row.dataset.key = item.entry.key;
      part(row, "name").textContent = item.entry.name;
      part(row, "choose").addEventListener("click", () => choose(item));
      part(row, "drop").addEventListener("click", () => drop(item));
      list.append(row);
    }
    const { state, sent, file } = item.transfer;
    part(row, "choose").toggleAttribute("aria-current", item === current);
    part(row, "percent").textContent = state === "done" ? say(item.entry.wanted ? "publishing" : "uploaded") : `${Math.floor((sent / (file.size || 1)) * 100)}%`;
    /** @type {HTMLProgressElement} */ (part(row, "meter")).value = (sent / (file.size || 1)) * 1000;
  }
}

/** @param {HTMLElement} row @param {string} name @returns {HTMLElement} */
const part = (row, name) => /** @type {HTMLElement} */ (row.querySelector(`[data-queue-${name}]`));
