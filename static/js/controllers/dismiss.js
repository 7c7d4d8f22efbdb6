/** "Not interested": the card goes out of the way at once, and the next one comes. */
export function connect(/** @type {HTMLElement} */ form) {
  form.addEventListener("htmx:afterRequest", (event) => {
    const { successful } = /** @type {CustomEvent<{successful: boolean}>} */ (event).detail;
    if (!successful) return;
    const menu = /** @type {HTMLDetailsElement | null} */ (form.closest("details"));
    if (menu) menu.open = false;
    form.closest("[data-card]")?.nextElementSibling?.scrollIntoView({ behavior: "smooth" });
  });
}
