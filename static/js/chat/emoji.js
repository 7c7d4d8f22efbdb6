/** Custom emoji as pictures in text. */

const WORD = /:([a-z0-9_]{2,32}):/g;

/**
 * A custom emoji; its name stands in for a picture that is no longer there.
 * @param {string} shortcode
 * @param {string} url
 */
export function picture(shortcode, url) {
  const image = document.createElement("img");
  image.className = "emoji";
  image.alt = `:${shortcode}:`;
  image.title = image.alt;
  image.src = url;
  image.addEventListener("error", () => image.replaceWith(image.alt), { once: true });
  return image;
}

/**
 * Append a text in which known shortcodes are pictures.
 * @param {Element} parent
 * @param {string} text
 * @param {Record<string, string>} known
 */
export function appendText(parent, text, known) {
  let from = 0;
  for (const found of text.matchAll(WORD)) {
    if (!Object.hasOwn(known, found[1])) continue;
    parent.append(text.slice(from, found.index), picture(found[1], known[found[1]]));
    from = found.index + found[0].length;
  }
  parent.append(text.slice(from));
}

/**
 * Whether a text is nothing but one to three custom emoji.
 * @param {string} text
 * @param {Record<string, string>} known
 */
export function isPicturesOnly(text, known) {
  const words = text.trim().split(/\s+/);
  return words.length <= 3 && words.every((word) => /^:[a-z0-9_]{2,32}:$/.test(word) && Object.hasOwn(known, word.slice(1, -1)));
}
