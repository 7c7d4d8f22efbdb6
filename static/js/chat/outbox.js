/**
 * What this page wants to send: shown at once, kept over reloads, sent in the order in which it was written, each message
 * under one `client_id` however often it takes.
 */

import { recall, remember } from "../lib/preferences.js";
import { toast } from "../lib/toast.js";
import { call, freshId } from "./api.js";

/** @typedef {import("./bubble.js").Message} Message */

export class Outbox {
  /** @type {Map<string, Message>} */ waiting = new Map();
  #sending = false;

  /**
   * @param {{id: string, path: string, me: string}} room
   * @param {{sent: (told: Message) => void, changed: () => void}} listener
   */
  constructor(room, listener) {
    this.room = room;
    this.listener = listener;
    const kept = JSON.parse(recall(`outbox.${room.id}`) ?? "[]");
    for (const message of kept) if (message.sender_id === room.me) this.waiting.set(message.client_id, message);
  }

  /**
   * @param {string} body
   * @param {Message | undefined} reply
   * @param {Record<string, string>} emoji what its shortcodes will probably mean
   */
  add(body, reply, emoji) {
    /** @type {Message} */
    const message = {
      id: "", seq: 0, client_id: freshId(), sender: null, sender_id: this.room.me, kind: "text", body, links: [],
      reply_to: reply ? { id: reply.id, seq: reply.seq, body: reply.body, deleted: false } : null, forwarded: false, meta: {}, emoji,
      reactions: [], revision: 0, created_at: new Date().toISOString(), edited_at: null, deleted: false, state: "waiting",
    };
    this.waiting.set(message.client_id, message);
    this.#keep();
    this.listener.changed();
    this.flush();
  }

  /** Send what waits, one after the other. */
  async flush() {
    if (this.#sending) return;
    this.#sending = true;
    for (const message of [...this.waiting.values()]) {
      if (message.state === "failed") continue;
      try {
        const told = await call("POST", `${this.room.path}/messages`, { client_id: message.client_id, body: message.body, reply_to: message.reply_to?.id ?? null });
        this.forget(message.client_id);
        this.listener.sent(told);
      } catch (error) {
        const status = /** @type {any} */ (error).status;
        if (!status || status >= 500 || status === 429) break; // it will be tried again, under the same id
        message.state = "failed";
        toast(/** @type {Error} */ (error).message, "error");
      }
      this.listener.changed();
    }
    this.#sending = false;
    this.#keep();
    if ([...this.waiting.values()].some((one) => one.state === "waiting")) setTimeout(() => this.flush(), 3000);
  }

  /** @param {string} client */
  retry(client) {
    const message = this.waiting.get(client);
    if (message) message.state = "waiting";
    this.listener.changed();
    this.flush();
  }

  /** @param {string} client */
  forget(client) {
    if (this.waiting.delete(client)) this.#keep();
  }

  #keep() {
    remember(`outbox.${this.room.id}`, this.waiting.size ? JSON.stringify([...this.waiting.values()]) : null);
  }
}
