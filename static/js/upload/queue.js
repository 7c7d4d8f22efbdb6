/**
 * The chosen files on their way, one after the other. Events: "change" (an item moved or came or went), "done", "refused" (detail: item, problem).
 */

import { newKey } from "./publish.js";
import * as memory from "./memory.js";

/** @typedef {import("./tus.js").Transfer} Transfer */
/** @typedef {{entry: memory.Unfinished, file: File, transfer: Transfer, begun: boolean}} Item */

export class Queue extends EventTarget {
  /** @param {(file: File, entry: memory.Unfinished) => Transfer} send makes the transfer of a file */
  constructor(send) {
    super();
    this.send = send;
    /** @type {Item[]} */
    this.items = [];
  }

  /**
   * The same file twice is one item, however often a browser tells of it.
   * @param {File} file
   * @returns {Item}
   */
  add(file) {
    const mark = memory.fingerprint(file);
    const known = this.items.find((item) => item.entry.fingerprint === mark);
    if (known) return known;
    const left = memory.unfinished().find(({ fingerprint }) => fingerprint === mark);
    const entry = left ?? { key: newKey(), fingerprint: mark, name: file.name, size: file.size, sent: 0 };
    if (!left) {
      memory.note(entry);
      memory.keep(entry.key, file);
    }
    const item = { entry, file, transfer: this.send(file, entry), begun: false };
    item.transfer.addEventListener("change", () => this.moved(item));
    item.transfer.addEventListener("created", () => this.note(item, { url: item.transfer.url ?? "" }));
    item.transfer.addEventListener("done", () => this.tell("done", { item }));
    item.transfer.addEventListener("refused", (event) => this.tell("refused", { item, problem: /** @type {CustomEvent} */ (event).detail }));
    this.items.push(item);
    this.advance();
    return item;
  }

  /** @returns {Promise<memory.Unfinished[]>} what was left before a reload and has no file any more; the others go on */
  async restore() {
    const lost = [];
    for (const entry of memory.unfinished()) {
      const file = await memory.kept(entry.key);
      if (file) this.add(new File([file], entry.name, { type: file.type, lastModified: Number(entry.fingerprint.split("|")[2]) }));
      else if (entry.url) lost.push(entry);
      else memory.forget(entry.key);
    }
    return lost;
  }

  /**
   * @param {Item} item
   * @param {Partial<memory.Unfinished>} change remembered from now on
   */
  note(item, change) {
    Object.assign(item.entry, change);
    if (this.items.includes(item)) memory.note(item.entry);
  }

  /**
   * Out of the queue: published, or given up (then its bytes go too).
   * @param {Item} item
   * @param {{cancel?: boolean}} [options]
   */
  async remove(item, { cancel = false } = {}) {
    this.items = this.items.filter((other) => other !== item);
    memory.forget(item.entry.key);
    if (cancel) await item.transfer.cancel();
    this.advance();
    this.tell("change", { item });
  }

  /** @param {Item} item */
  moved(item) {
    const { state, sent } = item.transfer;
    if (state === "sending") this.note(item, { sent });
    this.tell("change", { item });
    if (["done", "paused", "refused", "cancelled"].includes(state)) this.advance();
  }

  /** Starts the next file when no other one is under way. */
  advance() {
    const busy = this.items.some(({ begun, transfer }) => begun && ["connecting", "sending", "waiting"].includes(transfer.state));
    const next = this.items.find(({ begun }) => !begun);
    if (busy || !next) return;
    next.begun = true;
    next.transfer.start();
  }

  /** @param {string} name @param {unknown} detail */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
