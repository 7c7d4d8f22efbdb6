/** Translated sentences the page brought along (components/_strings.html and blocks of a page). */

/** @type {Record<string, string>} */
const strings = {};
for (const block of document.querySelectorAll("script[type='application/json'][id^='strings']")) {
  Object.assign(strings, JSON.parse(block.textContent ?? "{}"));
}

/**
 * @param {string} key
 * @param {Record<string, string | number>} [values] fill {name} places
 */
export function say(key, values = {}) {
  return (strings[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
