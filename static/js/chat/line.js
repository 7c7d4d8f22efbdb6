/**
 * One socket for all tabs of a person. A conversation has a socket of its own and lends it here; of the other pages one, the
 * holder of a Web Lock, opens one for all. The rest hear of it over a BroadcastChannel. When the holder goes, the lock goes
 * on to the next. Browsers without locks (plain http) open a socket for each page.
 *
 * Says "frame" (what the socket said), "up" (there is one: ask for the present state), "down" and "resync".
 */

import { Acknowledging } from "./acknowledging.js";
import { freshId } from "./api.js";
import { Wire } from "./wire.js";

const PATIENCE_MS = 5000;

export class Line extends EventTarget {
  up = false;
  #wire = /** @type {Wire | null} */ (null);
  #lent = /** @type {Wire | null} */ (null);
  #users = 0;
  #leads = false;
  #standing = /** @type {AbortController | null} */ (null);
  #channel = /** @type {BroadcastChannel | null} */ (null);
  #hearing = new AbortController();
  #waiting = /** @type {Map<string, {yes: (d: any) => void, no: (e: any) => void}>} */ (new Map());
  #seen = new Acknowledging((d) => this.ask("delivered", d));

  constructor() {
    super();
    // A page that is kept for "back" must hold neither lock nor socket: browsers keep none that does.
    addEventListener("pagehide", () => this.#end());
    addEventListener("pageshow", (event) => { if (event.persisted && this.#users) this.#begin(); });
  }

  /** @returns {() => void} what this page needs it for is over */
  join() {
    this.#users += 1;
    if (this.#users === 1) this.#begin();
    return () => {
      this.#users -= 1;
      if (!this.#users) this.#end();
    };
  }

  /**
   * Use the socket that this page has anyway, for its other tabs too.
   * @param {Wire} wire
   * @returns {() => void} undo
   */
  lend(wire) {
    this.#end();
    this.#lent = wire;
    this.#users += 1;
    this.#begin();
    return () => {
      this.#end();
      this.#lent = null;
      this.#users -= 1;
      if (this.#users) this.#begin();
    };
  }

  /**
   * Say something that one socket is enough to say: of several tabs the one that has it says it.
   * @param {string} op
   * @param {object} d
   */
  tell(op, d) {
    if (this.#leads) this.#wire?.tell(op, d);
  }

  /**
   * @param {string} op
   * @param {object} d
   * @returns {Promise<any>}
   */
  ask(op, d) {
    if (this.#wire) return this.#wire.ask(op, d);
    const id = freshId();
    return new Promise((yes, no) => {
      this.#waiting.set(id, { yes, no });
      this.#post({ kind: "ask", id, op, d });
      setTimeout(() => { if (this.#waiting.delete(id)) no(new Error("no connection")); }, PATIENCE_MS);
    });
  }

  #begin() {
    // It is lent in a moment.
    if (!this.#lent && document.querySelector("[data-own-wire]")) return;
    const name = `line:${document.body.dataset.user}`;
    if (this.#lent) this.#take(this.#lent);
    if (!navigator.locks || !window.BroadcastChannel) {
      if (!this.#lent) this.#open();
      return;
    }
    this.#channel = new BroadcastChannel(name);
    this.#channel.addEventListener("message", ({ data }) => this.#heard(data));
    this.#stand(name);
    this.#post({ kind: "who" });
  }

  #end() {
    this.#standing?.abort();
    this.#standing = null;
    this.#channel?.close();
    this.#channel = null;
    this.#drop();
  }

  /**
   * Wait for the lock, and hold it until this page goes or one with a socket of its own takes it.
   * @param {string} name
   */
  async #stand(name) {
    const standing = this.#standing = new AbortController();
    let steal = Boolean(this.#lent);
    while (!standing.signal.aborted) {
      const held = () => new Promise((done) => {
        if (standing.signal.aborted) return done(null);
        standing.signal.addEventListener("abort", done);
        this.#leads = true;
        if (!this.#lent) this.#open(() => { standing.abort(); });
        else if (this.up) this.#post({ kind: "up" });
      });
      await navigator.locks.request(name, steal ? { steal } : { signal: standing.signal }, held).catch(() => null);
      this.#leads = steal = false;
      if (standing.signal.aborted) return;
      if (!this.#lent) this.#drop();
    }
  }

  /** @param {() => void} [over] it will not come back: the session has ended */
  #open(over) {
    const wire = new Wire();
    this.#take(wire);
    if (over) wire.addEventListener("over", over);
    wire.open();
  }

  /** @param {Wire} wire */
  #take(wire) {
    this.#wire = wire;
    this.up = wire.up;
    const { signal } = this.#hearing = new AbortController();
    wire.addEventListener("frame", (event) => this.#say("frame", /** @type {CustomEvent} */ (event).detail), { signal });
    for (const what of ["up", "down", "resync"]) wire.addEventListener(what, () => this.#say(what), { signal });
  }

  #drop() {
    this.#hearing.abort();
    if (this.#wire !== this.#lent) this.#wire?.close();
    this.#wire = null;
    this.up = this.#leads = false;
  }

  /**
   * @param {string} kind
   * @param {any} [frame]
   */
  #say(kind, frame) {
    if (this.#leads) this.#post({ kind, frame });
    this.#pass(kind, frame);
  }

  /**
   * @param {string} kind
   * @param {any} [frame]
   */
  #pass(kind, frame) {
    if (kind === "up") this.up = true;
    if (kind === "down") this.up = false;
    if (frame) this.#seen.hear(frame);
    this.dispatchEvent(frame ? new CustomEvent(kind, { detail: frame }) : new Event(kind));
  }

  /** @param {any} said by another tab */
  async #heard(said) {
    if (said.kind === "who") { if (this.#leads && this.up) this.#post({ kind: "up" }); return; }
    if (said.kind === "ask") {
      if (!this.#leads) return;
      const told = await this.ask(said.op, said.d).then((d) => ({ d }), (err) => ({ err: { code: err.code, message: err.message } }));
      return this.#post({ kind: "answer", id: said.id, ...told });
    }
    if (said.kind === "answer") {
      const waiting = this.#waiting.get(said.id);
      this.#waiting.delete(said.id);
      return said.err ? waiting?.no(said.err) : waiting?.yes(said.d);
    }
    if (!this.#wire) this.#pass(said.kind, said.frame);
  }

  /** @param {object} what */
  #post(what) {
    this.#channel?.postMessage(what);
  }
}

export const line = new Line();
