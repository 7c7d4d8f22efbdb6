/** Shows and hides a typed password. */
export function connect(/** @type {HTMLElement} */ element) {
  const input = /** @type {HTMLInputElement | null} */ (element.querySelector("input"));
  const button = /** @type {HTMLButtonElement | null} */ (element.querySelector(".field__peek"));
  if (!input || !button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const seen = input.type === "password";
    input.type = seen ? "text" : "password";
    button.setAttribute("aria-pressed", String(seen));
  });
}
