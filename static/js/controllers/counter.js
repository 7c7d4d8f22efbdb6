/** Counts down what is left in the text field inside; quiet until the end is near. */
export function connect(/** @type {HTMLElement} */ element) {
  const field = /** @type {HTMLTextAreaElement | null} */ (element.querySelector("textarea, input"));
  const shown = element.querySelector("[data-counter]");
  if (!field || !shown) return;
  const max = Number(element.dataset.max ?? field.maxLength);
  const count = () => {
    const used = [...field.value].length;
    shown.textContent = `${used} / ${max}`;
    shown.classList.toggle("is-near", used > max * 0.9 && used <= max);
    shown.classList.toggle("is-over", used > max);
  };
  field.addEventListener("input", count);
  count();
}
