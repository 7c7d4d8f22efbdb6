/**
 * One wheel gesture, one clip: a trackpad's glide counts once.
 * @param {HTMLElement} reel
 * @param {(by: 1 | -1) => void} step
 */
export function attachWheel(reel, step) {
  let lockedUntil = 0;
  let lastAt = 0;
  let lastSize = 0;
  reel.addEventListener("wheel", (event) => {
    if (event.ctrlKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
    if (scrollsInside(/** @type {Element} */ (event.target), reel)) return;
    event.preventDefault();
    const now = performance.now();
    const size = Math.abs(event.deltaY);
    const gliding = now - lastAt < 90 && size <= lastSize;
    lastAt = now;
    lastSize = size;
    if (now < lockedUntil || gliding || size < 4) return;
    lockedUntil = now + 420;
    step(event.deltaY > 0 ? 1 : -1);
  }, { passive: false });
}

/**
 * @param {Element | null} element
 * @param {Element} limit
 */
function scrollsInside(element, limit) {
  for (let at = element; at && at !== limit; at = at.parentElement) {
    if (at.scrollHeight > at.clientHeight + 1 && getComputedStyle(at).overflowY === "auto") return true;
  }
  return false;
}
