import { call } from "./api.js";

const STEP = 20;
const FOUND_MS = 2400;

/** @typedef {import("./bubble.js").Message} Message */
/**
 * @typedef {object} Stretch what of a conversation is on the page
 * @property {string} path
 * @property {Map<number, Message>} messages
 * @property {HTMLElement} scroller
 * @property {HTMLElement} list
 * @property {() => void} draw
 */

/**
 * The stretch of a conversation that is loaded: it grows at both of its ends, or moves elsewhere, and never has a hole. What
 * is said while its end is not here is left for later.
 */
export class Pages {
  #reading = false;
  #latest = 0;

  /**
   * @param {Stretch} room
   * @param {{more_before: boolean, more_after: boolean}} page the first
   */
  constructor(room, page) {
    this.room = room;
    this.before = page.more_before;
    this.after = page.more_after;
  }

  /**
   * Somebody said something: it is the next one where the end is here.
   * @param {Message} message
   */
  take(message) {
    this.#latest = Math.max(this.#latest, message.seq);
    if (!this.after || this.room.messages.has(message.seq)) this.room.messages.set(message.seq, message);
  }

  /** @returns {Promise<boolean>} whether there is more on this side now */
  async older() {
    if (this.#reading || !this.before) return false;
    const { messages, scroller } = this.room;
    const page = await this.#ask(`before_seq=${Math.min(...messages.keys())}&limit=${STEP}`);
    if (!page) return false;
    this.before = page.more_before;
    for (const message of page.results) messages.set(message.seq, message);
    // What stands on the screen stays where it is.
    const below = scroller.scrollHeight - scroller.scrollTop;
    this.room.draw();
    scroller.scrollTop = scroller.scrollHeight - below;
    return this.before;
  }

  async newer() {
    if (this.#reading || !this.after) return;
    const { messages } = this.room;
    const page = await this.#ask(`after_seq=${Math.max(0, ...messages.keys())}&limit=${STEP}`);
    if (!page) return;
    for (const message of page.results) messages.set(message.seq, message);
    this.after = page.more_after || Math.max(0, ...messages.keys()) < this.#latest;
    this.room.draw();
  }

  /**
   * Go to a message, which may be far from what is loaded.
   * @param {number} seq
   */
  async go(seq) {
    if (!this.room.messages.has(seq)) {
      const page = await this.#ask(`around_seq=${seq}&limit=30`);
      if (!page) return;
      this.replace(page);
    }
    this.show(seq);
  }

  /** @param {{results: Message[], more_before: boolean, more_after: boolean}} page instead of all that is loaded */
  replace(page) {
    this.room.messages.clear();
    for (const message of page.results) this.room.messages.set(message.seq, message);
    this.before = page.more_before;
    this.after = page.more_after;
    this.room.draw();
  }

  /**
   * Bring a loaded message, or the one after where it was, to the middle, and point at it.
   * @param {number} seq
   */
  show(seq) {
    const near = [...this.room.messages.keys()].sort((a, b) => a - b).find((one) => one >= seq);
    const item = /** @type {HTMLElement | null} */ (this.room.list.querySelector(`[data-seq="${near}"]`));
    if (!item) return;
    item.scrollIntoView({ block: "center" });
    item.tabIndex = -1;
    item.focus({ preventScroll: true });
    item.classList.add("is-found");
    setTimeout(() => item.classList.remove("is-found"), FOUND_MS);
  }

  /** @param {string} query */
  async #ask(query) {
    this.#reading = true;
    const page = await call("GET", `${this.room.path}/messages?${query}`).catch(() => null);
    this.#reading = false;
    return page;
  }
}
