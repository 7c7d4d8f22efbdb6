/** Writes a moment in the reader's own time and language. */
export function connect(/** @type {HTMLElement} */ element) {
  const moment = new Date(/** @type {HTMLTimeElement} */ (element).dateTime);
  element.textContent = moment.toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
}
