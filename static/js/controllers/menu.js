/** A <details> menu that closes on Escape, on a click outside and when another takes over. */
export function connect(/** @type {HTMLElement} */ element) {
  const menu = /** @type {HTMLDetailsElement} */ (element);
  const onClick = (/** @type {Event} */ event) => {
    if (menu.open && !menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
  };
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
  document.addEventListener("click", onClick);
  return () => document.removeEventListener("click", onClick);
}
