/**
 * Who is there, on every mark of a page that names a person: `data-presence` holds the id, an element with
 * `data-presence-words` says it in words. Asked anew with every heartbeat, so that a lost event is made good.
 */

import { age } from "../lib/format.js";
import { say } from "../lib/strings.js";

/** @typedef {{user_id: string, online: boolean | null, last_seen_at: string | null}} State */

export class Presence {
  /** @param {import("./wire.js").Wire} wire */
  constructor(wire) {
    this.wire = wire;
    /** @type {Map<string, State>} */ this.states = new Map();
    wire.addEventListener("up", () => this.ask());
    wire.addEventListener("beat", () => this.ask());
    wire.addEventListener("frame", (event) => {
      const frame = /** @type {CustomEvent} */ (event).detail;
      if (frame.ev === "presence") this.#take([frame.d]);
      if (frame.ev === "session.refilter") this.ask();
    });
  }

  async ask() {
    const ids = [...new Set([...marks()].map((mark) => mark.dataset.presence ?? ""))].slice(0, 200);
    if (!ids.length) return;
    const told = await this.wire.ask("presence.watch", { ids }).catch(() => null);
    if (!told) return;
    // Who is not in the answer is nobody of whom we may know, whatever the reason.
    this.states.clear();
    this.#take(told.states);
  }

  /** @param {State[]} states */
  #take(states) {
    for (const state of states) this.states.set(state.user_id, state);
    for (const mark of marks()) show(mark, this.states.get(mark.dataset.presence ?? ""));
  }
}

/** @returns {NodeListOf<HTMLElement>} */
function marks() {
  return document.querySelectorAll("[data-presence]");
}

/**
 * @param {HTMLElement} mark
 * @param {State | undefined} state
 */
function show(mark, state) {
  const on = state?.online === true;
  mark.classList.toggle("is-online", on);
  if (!("presenceWords" in mark.dataset)) return;
  const seen = state?.last_seen_at;
  mark.textContent = on ? say("online") : seen ? say("lastSeen", { ago: age(seen) }) : "";
}
