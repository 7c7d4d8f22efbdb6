/**
 * The page's socket: resumes where it was, waits longer after each failure (full jitter), and says when the state must be
 * read anew ("over": the session has ended, it stays closed). What it cannot carry the HTTP API can: callers poll while `up`
 * is false.
 */
export class Wire extends EventTarget {
  up = false;
  #socket = /** @type {WebSocket | null} */ (null);
  #tries = 0;
  #number = 0;
  #epoch = "";
  #offset = -1;
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
    if (frame.o) this.#offset = Math.max(this.#offset, frame.o);
    if (frame.ev === "resync") this.dispatchEvent(new Event("resync"));
    else this.dispatchEvent(new CustomEvent("frame", { detail: frame }));
  }

  #greeted(/** @type {any} */ hello) {
    this.up = true;
    this.#tries = 0;
    const again = this.#offset >= 0;
    const from = { epoch: this.#epoch, offset: this.#offset };
    this.#epoch = hello.epoch;
    if (!again) this.#offset = hello.offset;
    else this.ask("resume", from).catch(() => this.dispatchEvent(new Event("resync")));
    clearInterval(this.#beat);
    this.#beat = window.setInterval(() => this.#ping(), hello.heartbeat_ms);
    this.dispatchEvent(new Event("up"));
  }

  async #ping() {
    this.dispatchEvent(new Event("beat"));
    const seen = this.#offset;
    const answer = await this.ask("ping", { foreground: !document.hidden, o: seen }).catch(() => null);
    // Nothing newer came meanwhile, and still the server knows of more: something was lost on the way.
    if (answer?.o > seen && this.#offset === seen) {
      this.#offset = answer.o;
      this.dispatchEvent(new Event("resync"));
    }
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
