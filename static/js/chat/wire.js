const ANSWER_MS = 10_000;

/**
 * The page's socket: resumes where it was, waits longer after each failure (full jitter), and says when the state must be
 * read anew ("over": the session has ended, it stays closed). What it cannot carry the HTTP API can: callers poll while `up`
 * is false. The first "up" says so (`first`): what was said since the page was made has to be asked for.
 */
export class Wire extends EventTarget {
  up = false;
  #socket = /** @type {WebSocket | null} */ (null);
  #tries = 0;
  #number = 0;
  #epoch = "";
  /** Everything up to here has been heard. */
  #offset = -1;
  /** How far live frames got while older ones are still asked for; -1 when none are. */
  #ahead = -1;
  #beat = 0;
  #over = false;
  #waiting = /** @type {Map<number, {yes: (d: any) => void, no: (e: any) => void}>} */ (new Map());

  open() {
    const url = new URL("/ws/v1", location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url, ["app.v1"]);
    this.#socket = socket;
    socket.addEventListener("message", (event) => this.#hear(JSON.parse(event.data)));
    socket.addEventListener("close", (event) => this.#lost(event.code));
  }

  close() {
    this.#over = true;
    this.#socket?.close();
  }

  /**
   * @param {string} op
   * @param {object} d
   */
  tell(op, d) {
    if (this.up) this.#socket?.send(JSON.stringify({ op, d }));
  }

  /**
   * @param {string} op
   * @param {object} d
   * @returns {Promise<any>}
   */
  ask(op, d) {
    const id = ++this.#number;
    return new Promise((yes, no) => {
      if (!this.#socket || this.#socket.readyState !== WebSocket.OPEN) return no(new Error("no connection"));
      this.#waiting.set(id, { yes, no });
      this.#socket.send(JSON.stringify({ id, op, d }));
    });
  }

  #hear(/** @type {any} */ frame) {
    if (frame.re !== undefined) {
      const waiting = this.#waiting.get(frame.re);
      this.#waiting.delete(frame.re);
      if (frame.ok) waiting?.yes(frame.d);
      else waiting?.no(frame.err);
      return;
    }
    if (frame.ev === "hello") return this.#greeted(frame.d);
    if (frame.o && this.#ahead < 0) this.#offset = Math.max(this.#offset, frame.o);
    else if (frame.o) this.#ahead = Math.max(this.#ahead, frame.o);
    if (frame.ev === "resync") this.#stale();
    else this.dispatchEvent(new CustomEvent("frame", { detail: frame }));
  }

  #greeted(/** @type {any} */ hello) {
    this.up = true;
    this.#tries = 0;
    const first = this.#offset < 0;
    this.#ahead = -1;
    if (first || hello.epoch !== this.#epoch) this.#adopt(hello.epoch, hello.offset);
    else this.#resume(hello.offset);
    if (!first && this.#ahead < 0) this.#stale();
    clearInterval(this.#beat);
    this.#beat = window.setInterval(() => this.#ping(), hello.heartbeat_ms);
    this.dispatchEvent(new CustomEvent("up", { detail: { first } }));
  }

  async #ping() {
    this.dispatchEvent(new Event("beat"));
    const seen = this.#offset;
    const socket = this.#socket;
    // A line that went silent has no end of its own: TCP would wait for a quarter of an hour.
    const overdue = setTimeout(() => socket?.close(), ANSWER_MS);
    const answer = await this.ask("ping", { foreground: !document.hidden, o: seen }).catch(() => null);
    clearTimeout(overdue);
    if (answer?.o === undefined) return;
    // The numbers began anew, or nothing newer came meanwhile and still the server knows of more: something was lost.
    if (answer.epoch === this.#epoch && (answer.o <= seen || this.#offset !== seen || this.#ahead >= 0)) return;
    this.#adopt(answer.epoch, answer.o);
    this.#stale();
  }

  /** Ask for what came while we were away. The offset stays where it was until all of that is here. */
  async #resume(/** @type {number} */ top) {
    this.#ahead = top;
    const answer = await this.ask("resume", { epoch: this.#epoch, offset: this.#offset }).catch((error) => error);
    if (answer instanceof Error) return; // the connection is lost again: the next greeting begins with the same offset
    if (answer.replayed === undefined) return this.#stale();
    this.#caughtUp();
  }

  /** The state is to be read anew, and with it everything that was said up to now. */
  #stale() {
    this.#caughtUp();
    this.dispatchEvent(new Event("resync"));
  }

  #caughtUp() {
    this.#offset = Math.max(this.#offset, this.#ahead);
    this.#ahead = -1;
  }

  #adopt(/** @type {string} */ epoch, /** @type {number} */ offset) {
    this.#epoch = epoch;
    this.#offset = offset;
  }

  #lost(/** @type {number} */ code) {
    this.up = false;
    clearInterval(this.#beat);
    for (const { no } of this.#waiting.values()) no(new Error("connection lost"));
    this.#waiting.clear();
    this.dispatchEvent(new Event("down"));
    if (code === 4401 || code === 4403) this.dispatchEvent(new Event("over"));
    if (this.#over || code === 4401 || code === 4403) return;
    const most = Math.min(60_000, 1000 * 2 ** this.#tries++);
    setTimeout(() => !this.#over && this.open(), Math.random() * most);
  }
}
