/** A list narrowed down as one types: items say by data-narrow what they are called. */
export function connect(/** @type {HTMLElement} */ element) {
  const field = /** @type {HTMLInputElement | null} */ (element.querySelector("[data-narrow-field]"));
  const none = /** @type {HTMLElement | null} */ (element.querySelector("[data-narrow-none]"));
  if (!field) return;
  field.hidden = false;
  field.addEventListener("input", () => {
    const typed = field.value.trim().toLocaleLowerCase();
    let left = 0;
    for (const item of /** @type {NodeListOf<HTMLElement>} */ (element.querySelectorAll("[data-narrow]"))) {
      item.hidden = !(item.dataset.narrow ?? "").toLocaleLowerCase().includes(typed);
      if (!item.hidden) left += 1;
    }
    if (none) none.hidden = left > 0;
  });
  // Enter in this field is not meant for the form around it.
  field.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
}
