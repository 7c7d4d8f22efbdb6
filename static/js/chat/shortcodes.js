/**
 * Emoji by name: what may be used in this conversation, and a list that offers it while one writes `:so`. Custom ones stay
 * words in the text, and the server decides what they mean; the usual ones become their character at once.
 */

import { call } from "./api.js";
import { box } from "./bubble.js";
import { picture } from "./emoji.js";

/** @typedef {{shortcode: string, url?: string, char?: string}} Emoji */

const MOST = 6;
const BEGUN = /(^|[^\w:]):([a-z0-9_]{1,32})$/i;
const USUAL = Object.entries({
  heart: "❤️", thumbsup: "👍", thumbsdown: "👎", joy: "😂", smile: "😄", grin: "😁", wink: "😉", blush: "😊", cool: "😎", love: "😍", kiss: "😘",
  thinking: "🤔", cry: "😢", sob: "😭", angry: "😠", scream: "😱", wow: "😮", sleepy: "😴", party_face: "🥳", fire: "🔥", tada: "🎉", star: "⭐",
  clap: "👏", wave: "👋", pray: "🙏", muscle: "💪", eyes: "👀", hundred: "💯", rocket: "🚀", sun: "☀️", moon: "🌙", rainbow: "🌈", flower: "🌸",
  cat: "🐱", dog: "🐶", coffee: "☕", cake: "🍰", music: "🎵", film: "🎬", orange: "🍊", check: "✅", cross: "❌",
}).map(([shortcode, char]) => ({ shortcode, char }));

export class Shortcodes {
  /** @type {Emoji[]} */ custom = [];
  /** @type {Emoji[]} */ #shown = [];
  #at = 0;
  #asking = /** @type {Promise<void> | null} */ (null);

  /**
   * @param {HTMLTextAreaElement} field
   * @param {HTMLElement} list where it offers
   * @param {string} path of the conversation, below /api/v1/
   */
  constructor(field, list, path) {
    this.field = field;
    this.list = list;
    this.path = path;
    field.addEventListener("input", () => this.#offer());
    field.addEventListener("blur", () => this.#hide());
    // Before the room's own keys: Enter takes what is offered, it does not send.
    field.addEventListener("keydown", (event) => this.#key(event), { capture: true });
    list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const item = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest("[data-at]"));
      if (item) this.#take(Number(item.dataset.at));
    });
  }

  /** Ask once what may be used here. */
  know() {
    this.#asking ??= this.#ask();
    return this.#asking;
  }

  async #ask() {
    const sets = await call("GET", `${this.path}/emoji-sets`).catch(() => null);
    if (!sets) { this.#asking = null; return; }
    // The group's go first: the same name among one's own means the group's here.
    const names = new Set(sets.group.map((/** @type {Emoji} */ one) => one.shortcode));
    this.custom = [...sets.group, ...sets.own.filter((/** @type {Emoji} */ one) => !names.has(one.shortcode))];
  }

  /**
   * What the shortcodes of a text will mean, as far as this page knows.
   * @param {string} text
   */
  meant(text) {
    return Object.fromEntries(this.custom.filter((one) => text.includes(`:${one.shortcode}:`)).map((one) => [one.shortcode, one.url ?? ""]));
  }

  async #offer() {
    if (!this.#begun()) return this.#hide();
    await this.know();
    const begun = this.#begun();
    if (!begun) return this.#hide();
    const all = [...this.custom, ...USUAL];
    const first = all.filter((one) => one.shortcode.startsWith(begun));
    const others = all.filter((one) => !one.shortcode.startsWith(begun) && one.shortcode.includes(begun));
    this.#shown = [...first, ...others].slice(0, MOST);
    this.#at = 0;
    if (this.#shown.length) this.#draw();
    else this.#hide();
  }

  /** @returns {string} what is written of a name before the caret, "" for none */
  #begun() {
    const { selectionStart: start, selectionEnd: end, value } = this.field;
    if (start !== end) return "";
    return BEGUN.exec(value.slice(0, start))?.[2].toLowerCase() ?? "";
  }

  #draw() {
    this.list.replaceChildren(...this.#shown.map((one, at) => {
      const item = box("li", "offer");
      item.id = `offer-${at}`;
      item.dataset.at = String(at);
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", String(at === this.#at));
      item.append(one.url ? picture(one.shortcode, one.url) : box("span", "offer__char", one.char), box("span", "", `:${one.shortcode}:`));
      return item;
    }));
    this.list.hidden = false;
    this.field.setAttribute("aria-expanded", "true");
    this.field.setAttribute("aria-activedescendant", `offer-${this.#at}`);
  }

  #hide() {
    this.list.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  #key(/** @type {KeyboardEvent} */ event) {
    if (this.list.hidden || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.#at = (this.#at + step + this.#shown.length) % this.#shown.length;
      this.#draw();
    } else if (event.key === "Enter" || event.key === "Tab") this.#take(this.#at);
    else if (event.key === "Escape") this.#hide();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  /** @param {number} at */
  #take(at) {
    const one = this.#shown[at];
    const end = this.field.selectionStart;
    const start = end - this.#begun().length - 1;
    this.field.setRangeText(`${one.char ?? `:${one.shortcode}:`} `, start, end, "end");
    this.#hide();
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    this.field.focus();
  }
}
