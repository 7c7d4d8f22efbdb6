/** Tap pauses, two taps like. A keyboard press on the same button pauses at once. */

const TWICE = 280;

/**
 * @param {HTMLElement} surface
 * @param {{once: () => void, twice: (x: number, y: number) => void}} act
 */
export function attachTaps(surface, act) {
  let last = { at: -Infinity, x: 0, y: 0 };
  let pending = 0;
  let streak = false;
  surface.addEventListener("click", (event) => {
    if (event.detail === 0) return act.once();
    const now = performance.now();
    const near = Math.hypot(event.clientX - last.x, event.clientY - last.y) < 48;
    const quick = now - last.at < TWICE && near;
    last = { at: now, x: event.clientX, y: event.clientY };
    clearTimeout(pending);
    if (quick) {
      streak = true;
      return act.twice(event.clientX, event.clientY);
    }
    pending = window.setTimeout(() => {
      if (!streak) act.once();
      streak = false;
    }, TWICE);
    streak = false;
  });
}
