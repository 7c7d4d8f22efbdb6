/** A row of links that scrolls sideways begins where the present page is. */
export function connect(/** @type {HTMLElement} */ element) {
  const here = /** @type {HTMLElement | null} */ (element.querySelector("[aria-current]"));
  if (here) element.scrollLeft = here.offsetLeft - (element.clientWidth - here.offsetWidth) / 2;
}
