/** Words get smaller as they become more, as they will on the card (videos/backgrounds.py: size_of). */
export function connect(/** @type {HTMLElement} */ form) {
  const field = /** @type {HTMLTextAreaElement} */ (form.querySelector("[data-typer-text]"));
  const measure = () => {
    const weight = field.value.length + 16 * field.value.split("\n").length - 16;
    field.dataset.size = weight <= 48 ? "xl" : weight <= 130 ? "l" : weight <= 280 ? "m" : "s";
  };
  field.addEventListener("input", measure);
  measure();
}
