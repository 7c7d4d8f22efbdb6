/** The list of links in the profile form: add up to data-max rows, remove any. */
export function connect(/** @type {HTMLElement} */ element) {
  const rows = /** @type {HTMLElement} */ (element.querySelector("[data-rows]"));
  const template = /** @type {HTMLTemplateElement} */ (element.querySelector("[data-row]"));
  const add = /** @type {HTMLButtonElement} */ (element.querySelector("[data-add]"));
  const limit = () => {
    add.disabled = rows.children.length >= Number(element.dataset.max);
  };
  add.addEventListener("click", () => {
    rows.append(template.content.cloneNode(true));
    rows.lastElementChild?.querySelector("input")?.focus();
    limit();
  });
  rows.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest("[data-remove]");
    if (!button) return;
    button.closest("li")?.remove();
    add.focus();
    limit();
  });
  limit();
}
