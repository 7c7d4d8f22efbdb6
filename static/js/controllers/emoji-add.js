/** Shows the chosen picture as it will be, and proposes its file name where there is a field for one. */
export function connect(/** @type {HTMLElement} */ element) {
  const file = /** @type {HTMLInputElement} */ (element.querySelector("input[type=file]"));
  const name = /** @type {HTMLInputElement | null} */ (element.querySelector("input[name=shortcode]"));
  const view = /** @type {HTMLImageElement} */ (element.querySelector("[data-view]"));
  const empty = /** @type {HTMLElement} */ (element.querySelector("[data-empty]"));
  file.addEventListener("change", () => {
    const chosen = file.files?.[0];
    if (view.src) URL.revokeObjectURL(view.src);
    view.hidden = !chosen;
    empty.hidden = Boolean(chosen);
    if (!chosen) return;
    view.src = URL.createObjectURL(chosen);
    if (name && !name.value) name.value = chosen.name.replace(/\.\w+$/, "").toLowerCase().replace(/[^a-z0-9_]+/g, "_").slice(0, 32);
  });
}
