/** The pictures of an album: which one shows, and getting to the next. */

/**
 * @param {HTMLElement} card
 * @returns {((by: 1 | -1) => void) | null} null for a card without pictures to leaf through
 */
export function attachPics(card) {
  const strip = /** @type {HTMLElement | null} */ (card.querySelector("[data-pics]"));
  if (!strip || strip.children.length < 2) return null;
  const total = strip.children.length;
  const count = card.querySelector("[data-pics-count]");
  const dots = card.querySelectorAll(".pics__dots i");
  const steps = /** @type {NodeListOf<HTMLButtonElement>} */ (card.querySelectorAll("[data-pics-step]"));
  const at = () => Math.round(strip.scrollLeft / Math.max(1, strip.clientWidth));
  const show = () => {
    const now = at();
    if (count) count.textContent = `${now + 1}/${total}`;
    dots.forEach((dot, number) => dot.classList.toggle("is-on", number === now));
    for (const step of steps) step.disabled = step.dataset.picsStep === "1" ? now >= total - 1 : now <= 0;
  };
  /** @param {1 | -1} by */
  const leaf = (by) => {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    strip.scrollTo({ left: (at() + by) * strip.clientWidth, behavior: calm ? "auto" : "smooth" });
  };
  strip.addEventListener("scroll", show, { passive: true });
  for (const step of steps) step.addEventListener("click", () => leaf(/** @type {1 | -1} */ (Number(step.dataset.picsStep))));
  show();
  return leaf;
}
