import { dismissLater } from "../lib/toast.js";

/** Messages rendered with the page leave after a while, as toasts do. */
export function connect(/** @type {HTMLElement} */ element) {
  for (const box of element.children) dismissLater(/** @type {HTMLElement} */ (box), 6000);
}
