/** A form that takes a moment: sent once, its button says that it is busy. */
export function connect(/** @type {HTMLElement} */ element) {
  const form = /** @type {HTMLFormElement} */ (element);
  const buttons = () => /** @type {NodeListOf<HTMLButtonElement>} */ (form.querySelectorAll("button"));
  form.addEventListener("submit", (event) => {
    if (form.hasAttribute("aria-busy")) return event.preventDefault();
    form.setAttribute("aria-busy", "true");
    for (const button of buttons()) button.classList.add("is-busy");
  });
  // A page that comes back from the browser's memory is as it was left.
  const fresh = () => {
    form.removeAttribute("aria-busy");
    for (const button of buttons()) button.classList.remove("is-busy");
  };
  window.addEventListener("pageshow", fresh);
  return () => window.removeEventListener("pageshow", fresh);
}
