import { decode } from "../lib/blurhash.js";

/** Paints data-hash on the canvas it sits on. */
export function connect(/** @type {HTMLElement} */ element) {
  const canvas = /** @type {HTMLCanvasElement} */ (element);
  const pixels = decode(canvas.dataset.hash ?? "", canvas.width, canvas.height);
  if (pixels) canvas.getContext("2d")?.putImageData(pixels, 0, 0);
}
