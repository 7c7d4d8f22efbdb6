import { compact } from "../lib/format.js";

/** A like, save or follow form: shows the new state at once, takes it back when the server refuses. */
export function connect(/** @type {HTMLElement} */ element) {
  const form = /** @type {HTMLFormElement} */ (element);
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));

  const flip = () => show(form, button.getAttribute("aria-pressed") !== "true");
  form.addEventListener("htmx:beforeRequest", flip);
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) form.addEventListener(name, flip);

  // The same switch may stand elsewhere on the page (one author, many clips): it follows.
  form.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = /** @type {CustomEvent<{xhr: XMLHttpRequest}>} */ (event).detail;
    if (xhr.status !== 200) return;
    for (const other of document.forms) {
      if (other !== form && other.getAttribute("action") === form.getAttribute("action") && other.dataset.controller === "toggle") {
        window.htmx.swap(other, xhr.responseText, { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 });
      }
    }
  });
}

/**
 * @param {HTMLFormElement} form
 * @param {boolean} on
 */
function show(form, on) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  button.setAttribute("aria-pressed", String(on));
  const count = /** @type {HTMLElement | null} */ (form.querySelector("[data-count]"));
  if (count) {
    const next = Math.max(0, Number(count.dataset.count) + (on ? 1 : -1));
    count.dataset.count = String(next);
    count.textContent = compact(next);
  }
  const text = /** @type {HTMLElement | null} */ (form.querySelector("[data-on]"));
  if (text) {
    text.textContent = (on ? text.dataset.on : text.dataset.off) ?? "";
    button.classList.toggle("button--primary", !on);
  }
}
