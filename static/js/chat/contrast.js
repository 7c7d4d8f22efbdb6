/** Whether text can be read: the ratio of WCAG 2.2, as chat/colors.py counts it. */

export const READABLE = 4.5;

/**
 * @param {string} one "#rrggbb"
 * @param {string} other
 */
export function contrast(one, other) {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/**
 * The nearest shade of a colour that can be read on a ground: lighter or darker, as far as needed.
 * @param {string} text
 * @param {string} ground
 */
export function readable(text, ground) {
  const end = contrast("#ffffff", ground) > contrast("#000000", ground) ? 255 : 0;
  const from = channels(text);
  for (let share = 0; share <= 1; share += 0.02) {
    const shade = hex(from.map((value) => value + (end - value) * share));
    if (contrast(shade, ground) >= READABLE) return shade;
  }
  return end ? "#ffffff" : "#000000";
}

/** @param {string} color @returns {number[]} red, green, blue: 0 to 255 */
export function channels(color) {
  return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
}

/** @param {number[]} values */
export function hex(values) {
  return `#${values.map((value) => Math.round(value).toString(16).padStart(2, "0")).join("")}`;
}

/** @param {string} color */
function luminance(color) {
  const [red, green, blue] = channels(color).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
