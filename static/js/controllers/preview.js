/** A grid cell that comes alive: loads its animated preview when hovered or focused, only where hovering exists. */
export function connect(/** @type {HTMLElement} */ cell) {
  const source = cell.dataset.preview;
  if (!source || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  let moving = /** @type {HTMLImageElement | HTMLVideoElement | null} */ (null);
  const show = () => {
    if (moving) return;
    const film = /\.(mp4|webm)(\?|$)/.test(source);
    moving = film ? Object.assign(document.createElement("video"), { muted: true, loop: true, autoplay: true, playsInline: true }) : document.createElement("img");
    if (moving instanceof HTMLImageElement) moving.alt = "";
    moving.className = "cell__preview";
    moving.src = source;
    cell.append(moving);
  };
  const hide = () => {
    moving?.remove();
    moving = null;
  };
  for (const name of ["pointerenter", "focus"]) cell.addEventListener(name, show);
  for (const name of ["pointerleave", "blur"]) cell.addEventListener(name, hide);
}
