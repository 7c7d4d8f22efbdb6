/** Decodes a blurhash (woltapp's published algorithm) to pixels. */

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";

/** @param {string} text */
const base83 = (text) => [...text].reduce((sum, digit) => sum * 83 + digits.indexOf(digit), 0);
/** @param {number} value 0..255 */
const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
/** @param {number} value */
const srgb = (value) => {
  const v = Math.min(1, Math.max(0, value));
  return Math.round(255 * (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055));
};
/** @param {number} value */
const signedSquare = (value) => Math.sign(value) * value * value;

/**
 * @param {string} hash
 * @param {number} width pixels
 * @param {number} height pixels
 * @returns {ImageData | null} null for a malformed hash
 */
export function decode(hash, width, height) {
  if (hash.length < 6) return null;
  const size = base83(hash[0]);
  const across = (size % 9) + 1;
  const down = Math.floor(size / 9) + 1;
  if (hash.length !== 4 + 2 * across * down) return null;
  const peak = (base83(hash[1]) + 1) / 166;

  const dc = base83(hash.slice(2, 6));
  const colours = [[linear(dc >> 16), linear((dc >> 8) & 255), linear(dc & 255)]];
  for (let i = 1; i < across * down; i++) {
    const ac = base83(hash.slice(4 + i * 2, 6 + i * 2));
    colours.push([Math.floor(ac / 361), Math.floor(ac / 19) % 19, ac % 19].map((q) => signedSquare((q - 9) / 9) * peak));
  }

  const waves = (/** @type {number} */ count, /** @type {number} */ length) =>
    Array.from({ length }, (_, at) => Array.from({ length: count }, (_, i) => Math.cos((Math.PI * at * i) / length)));
  const wavesX = waves(across, width);
  const wavesY = waves(down, height);

  const image = new ImageData(width, height);
  for (let y = 0, p = 0; y < height; y++) {
    for (let x = 0; x < width; x++, p += 4) {
      let [r, g, b] = [0, 0, 0];
      for (let j = 0, c = 0; j < down; j++) {
        for (let i = 0; i < across; i++, c++) {
          const weight = wavesX[x][i] * wavesY[y][j];
          r += colours[c][0] * weight;
          g += colours[c][1] * weight;
          b += colours[c][2] * weight;
        }
      }
      image.data.set([srgb(r), srgb(g), srgb(b), 255], p);
    }
  }
  return image;
}
