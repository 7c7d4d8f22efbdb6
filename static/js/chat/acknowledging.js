/** So long after a message the server sends a push to whoever has not said that they have it: well before that we do. */
const EVERY_MS = 1500;
/** A socket may say 120 things a minute. */
const AT_ONCE = 2;

/** Says of new messages that they came to somebody who looks at this page, so that their telephone need not tell them. */
export class Acknowledging {
  #waiting = /** @type {Map<string, number>} */ (new Map());
  #timer = 0;

  /** @param {(d: {c: string, seq: number, foreground: true}) => Promise<any>} say */
  constructor(say) {
    this.say = say;
  }

  /** @param {any} frame */
  hear(frame) {
    if (frame.ev !== "message.new" || document.hidden) return;
    if (frame.d.sender?.username === document.body.dataset.user) return;
    this.#waiting.delete(frame.c);
    this.#waiting.set(frame.c, frame.d.seq);
    this.#timer ||= window.setTimeout(() => this.#flush(), EVERY_MS);
  }

  #flush() {
    this.#timer = 0;
    // Hidden by now: nobody has seen it, whatever came.
    if (document.hidden) return this.#waiting.clear();
    for (const [c, seq] of [...this.#waiting].slice(0, AT_ONCE)) {
      this.#waiting.delete(c);
      this.say({ c, seq, foreground: true }).catch(() => null); // then there is a push too many
    }
    if (this.#waiting.size) this.#timer = window.setTimeout(() => this.#flush(), EVERY_MS);
  }
}
