/**
 * A conversation: the state is a map of messages by seq, and every change of it, wherever it comes from, goes through the
 * same few doors, so that hearing twice is hearing once. Gaps in `es` are filled by asking for the events in between.
 */

import { call, freshId, uploadOne } from "../chat/api.js";
import { box, bubble } from "../chat/bubble.js";
import { Calls } from "../chat/calls.js";
import { Ground } from "../chat/ground.js";
import { Header } from "../chat/header.js";
import { line } from "../chat/line.js";
import { noteInList } from "../chat/list.js";
import { Outbox } from "../chat/outbox.js";
import { Pages } from "../chat/pages.js";
import { Presence } from "../chat/presence.js";
import { Recorder } from "../chat/recorder.js";
import { Shortcodes } from "../chat/shortcodes.js";
import { Wire } from "../chat/wire.js";
import { say } from "../lib/strings.js";
import { toast } from "../lib/toast.js";

const NEAR = 120;
const GAP_PATIENCE = 1000;
const POLL = 15_000;

/** @typedef {import("../chat/bubble.js").Message} Message */

export function connect(/** @type {HTMLElement} */ element) {
  const room = new Room(element);
  return () => room.end();
}

class Room {
  /** @type {Map<number, Message>} */ messages = new Map();
  /** @type {Map<number, any>} */ early = new Map();
  stale = false;
  changing = /** @type {{kind: "reply" | "edit", message: Message} | null} */ (null);

  constructor(/** @type {HTMLElement} */ element) {
    this.element = element;
    const state = JSON.parse(document.getElementById("room-state")?.textContent ?? "{}");
    this.id = state.conversation.id;
    this.path = `conversations/${this.id}`;
    this.me = state.me;
    this.group = state.conversation.kind === "group";
    this.request = state.conversation.me.state === "request";
    this.es = state.conversation.last_event_seq;
    this.readMine = state.conversation.me.last_read_seq;
    this.blocked = new Set(state.blocked);
    this.receipts = new Map(Object.entries(state.receipts));
    this.names = new Map(state.conversation.members.map((/** @type {any} */ one) => [one.user_id, one.user?.name ?? ""]));
    this.scroller = /** @type {HTMLElement} */ (element.querySelector("[data-room-scroll]"));
    this.list = /** @type {HTMLElement} */ (element.querySelector("[data-room-messages]"));
    this.down = /** @type {HTMLElement} */ (element.querySelector("[data-room-down]"));
    this.status = /** @type {HTMLElement} */ (element.querySelector("[data-room-status]"));
    this.calm = /** @type {HTMLElement} */ (element.querySelector("[data-room-calm]"));
    this.form = /** @type {HTMLFormElement | null} */ (element.querySelector("[data-room-composer]"));
    this.body = /** @type {HTMLTextAreaElement | null} */ (element.querySelector("[data-room-body]"));
    const offers = /** @type {HTMLElement | null} */ (element.querySelector("[data-room-offers]"));
    if (this.body && offers) this.shortcodes = new Shortcodes(this.body, offers, this.path);
    for (const message of state.messages) this.messages.set(message.seq, message);
    this.pages = new Pages(this, state);
    this.header = new Header(element);
    if (this.form) this.recorder = new Recorder(this.form, this.path, (told) => this.said(told));
    this.ground = new Ground(element, this.scroller);
    this.ground.dress(state.conversation.theme);
    this.outbox = new Outbox(this, {
      sent: (told) => this.pages.take(told),
      changed: () => { this.draw(); this.toEnd(); },
    });
    this.draw();
    if (state.at === null) this.toEnd();
    else this.pages.show(state.at);
    this.scrolled();
    this.wire = new Wire();
    new Presence(this.wire);
    this.calls = new Calls(this.wire);
    this.listen();
    this.unlend = line.lend(this.wire);
    this.wire.open();
    // Known before a message's menu is opened; what stands there already is drawn anew with it.
    this.shortcodes?.know().then(() => this.shortcodes?.custom.length && this.redraw());
    this.timer = setInterval(() => (this.stale || !this.wire.up) && this.refresh(), POLL);
    this.read();
  }

  end() {
    clearInterval(this.timer);
    this.ground.end();
    this.recorder?.release();
    this.calls.end();
    this.unlend();
    this.wire.close();
  }

  listen() {
    this.wire.addEventListener("frame", (event) => this.hear(/** @type {CustomEvent} */ (event).detail));
    this.wire.addEventListener("resync", () => this.refresh());
    this.wire.addEventListener("up", (event) => { this.tell(""); this.outbox.flush(); this.fill(/** @type {CustomEvent} */ (event).detail.first); });
    this.wire.addEventListener("down", () => this.tell(say("waiting")));
    this.scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.down.addEventListener("click", () => this.toEnd());
    this.list.addEventListener("click", (event) => this.clicked(/** @type {HTMLElement} */ (event.target)));
    document.addEventListener("visibilitychange", () => this.read());
    this.form?.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    this.body?.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.submit(); }
      if (event.key === "Escape") this.about(null);
    });
    this.body?.addEventListener("input", () => this.typed());
    this.element.querySelector("[data-room-files]")?.addEventListener("change", (event) => this.attach(/** @type {HTMLInputElement} */ (event.target)));
    this.element.querySelector("[data-room-about-close]")?.addEventListener("click", () => this.about(null));
  }

  /** @param {any} frame */
  hear(frame) {
    noteInList(frame, this.me, this.id);
    if (frame.c !== this.id) return;
    if (frame.ev === "typing") return this.typing(frame.d.user_id);
    if (frame.ev === "receipt.read") return this.receipt(frame.d);
    if (frame.ev === "message.hidden") { this.messages.delete(frame.d.seq); return this.draw(); }
    if (!frame.es || frame.es <= this.es) return;
    this.early.set(frame.es, frame);
    this.settle();
    if (this.early.size) setTimeout(() => this.fill(), GAP_PATIENCE);
  }

  /** Take what follows without a gap. */
  settle() {
    const atEnd = this.isAtEnd();
    let changed = false;
    for (let frame = this.early.get(this.es + 1); frame; frame = this.early.get(this.es + 1)) {
      this.early.delete(frame.es);
      this.es = frame.es;
      this.apply(frame);
      changed = true;
    }
    if (!changed) return;
    this.draw();
    if (atEnd) this.toEnd();
    this.read();
  }

  /** Ask for what is missing between here and what came early; `blind` is when nothing was heard yet. */
  async fill(blind = false) {
    if (!this.early.size && !blind) return;
    try {
      const { results } = await call("GET", `${this.path}/events?after=${this.es}`);
      for (const frame of results) if (frame.es > this.es) this.early.set(frame.es, frame);
      this.settle();
      if (this.early.size && results.length) setTimeout(() => this.fill(), GAP_PATIENCE); // answers are pages
    } catch {
      await this.refresh();
    }
  }

  /** @param {any} frame */
  apply({ ev, d }) {
    if (d.member_count !== undefined) this.header.renew(d);
    if (ev === "message.new") {
      this.pages.take(d);
      this.outbox.forget(d.client_id);
      if (d.sender_id !== this.me) this.tell("");
    } else if (ev === "message.edit") {
      this.change(d.seq, d);
      this.requote(d.id, { body: d.body, deleted: d.deleted });
    } else if (ev === "message.delete") {
      this.change(d.seq, { deleted: true, body: "", reactions: [] });
      this.requote(d.id, { body: "", deleted: true });
    } else if (ev === "member.add") this.names.set(d.user_id, d.user?.name ?? "");
    else if (ev === "reaction") this.change(d.seq, { reactions: d.reactions });
    else if (ev === "conv.update") this.renew(d);
    else if (ev === "member.remove" && d.user_id === this.me) location.assign("/messages");
  }

  /**
   * What answers to a message quote of it.
   * @param {string} id
   * @param {{body: string, deleted: boolean}} parts
   */
  requote(id, parts) {
    for (const [seq, { reply_to: quoted }] of this.messages) if (quoted?.id === id) this.change(seq, { reply_to: { ...quoted, ...parts } });
  }

  /** @param {{title?: string, avatar?: string | null, theme?: any}} parts what changed of the room itself */
  renew(parts) {
    if ("theme" in parts) this.ground.dress(parts.theme);
    this.header.renew(parts);
  }

  /**
   * @param {number} seq
   * @param {Partial<Message>} parts
   */
  change(seq, parts) {
    const known = this.messages.get(seq);
    if (known) this.messages.set(seq, { ...known, ...parts });
  }

  /** The state anew, after a hole that events cannot fill. */
  async refresh() {
    // What is loaded may be far from the end: then it is that stretch which is read anew.
    const middle = [...this.messages.keys()].sort((a, b) => a - b)[Math.floor(this.messages.size / 2)];
    const which = this.pages.after ? `around_seq=${middle}&limit=50` : "limit=50";
    const [shown, page] = await Promise.all([
      call("GET", this.path), call("GET", `${this.path}/messages?${which}`),
    ]).catch(() => [null, null]);
    this.stale = !shown;
    if (!shown) return;
    const first = page.results[0]?.seq ?? 0;
    for (const seq of this.messages.keys()) if (seq >= first) this.messages.delete(seq);
    // A hole between the old and the new would look like an order that is none.
    if (page.more_after || (first && Math.max(0, ...this.messages.keys()) < first - 1)) this.pages.replace(page);
    for (const message of page.results) { this.messages.set(message.seq, message); this.outbox.forget(message.client_id); }
    for (const one of shown.members) this.names.set(one.user_id, one.user?.name ?? "");
    this.renew(shown);
    this.es = shown.last_event_seq;
    this.early.clear();
    this.draw();
    this.outbox.flush();
  }

  draw() {
    const others = [...this.receipts.entries()].filter(([id]) => id !== this.me).map(([, seq]) => Number(seq));
    const readTo = others.length ? Math.max(...others) : 0;
    const shown = [...this.messages.values()].sort((a, b) => a.seq - b.seq);
    const context = { me: this.me, group: this.group, blocked: this.blocked, names: this.names, readTo, custom: this.shortcodes?.custom ?? [] };
    /** @type {Map<string, Element>} */
    const before = new Map([...this.list.children].map((item) => [/** @type {HTMLElement} */ (item).dataset.mark ?? "", item]));
    const items = [];
    let day = "";
    for (const message of [...shown, ...this.outbox.waiting.values()]) {
      const date = new Date(message.created_at).toLocaleDateString(document.documentElement.lang, { day: "numeric", month: "long" });
      if (date !== day) items.push(box("li", "day", day = date));
      const own = message.sender_id === this.me;
      const mark = `${message.client_id}|${message.revision}|${message.deleted}|${message.state}|${own && message.seq <= readTo}|${JSON.stringify(message.reactions)}|${message.reply_to?.body}`;
      const item = /** @type {HTMLElement} */ (before.get(mark) ?? bubble(message, context));
      item.dataset.mark = mark;
      items.push(item);
    }
    this.list.replaceChildren(...items);
  }

  redraw() {
    const atEnd = this.isAtEnd();
    this.list.replaceChildren();
    this.draw();
    if (atEnd) this.toEnd();
  }

  isAtEnd() {
    return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < NEAR;
  }

  async toEnd() {
    if (this.pages.after) {
      const page = await call("GET", `${this.path}/messages?limit=20`).catch(() => null);
      if (page) this.pages.replace(page);
    }
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  async scrolled() {
    this.down.hidden = this.isAtEnd() && !this.pages.after;
    this.read();
    if (this.scroller.scrollTop < NEAR && (await this.pages.older())) this.scrolled();
    else if (this.isAtEnd()) await this.pages.newer();
  }

  read() {
    const last = Math.max(0, ...this.messages.keys());
    if (this.request || document.hidden || last <= this.readMine || !this.isAtEnd()) return;
    this.readMine = last;
    call("POST", `${this.path}/read`, { seq: last }).catch(() => { this.readMine = 0; });
    document.querySelector(`[data-chat="${this.id}"] [data-chat-unread]`)?.setAttribute("hidden", "");
  }

  /** @param {{user_id: string, seq: number}} place */
  receipt({ user_id: who, seq }) {
    if (who === this.me) { this.readMine = Math.max(this.readMine, seq); return; }
    this.receipts.set(who, String(Math.max(seq, Number(this.receipts.get(who) ?? 0))));
    this.draw();
  }

  /** @param {string} who */
  typing(who) {
    this.tell(say("typing", { name: this.names.get(who) ?? "…" }));
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.tell(""), 6000);
  }

  /** @param {string} text what happens at this moment; "" for what the header says otherwise */
  tell(text) {
    this.status.textContent = text;
    this.calm.hidden = Boolean(text);
  }

  typed() {
    const now = Date.now();
    if (now - (this.toldTyping ?? 0) < 3000 || !this.body?.value) return;
    this.toldTyping = now;
    this.wire.tell("typing", { c: this.id });
  }

  /** @param {HTMLElement} target */
  async clicked(target) {
    const jump = /** @type {HTMLElement | null} */ (target.closest("[data-jump]"));
    if (jump) return this.pages.go(Number(jump.dataset.jump));
    const item = /** @type {HTMLElement | null} */ (target.closest(".said"));
    if (item?.classList.contains("said--failed")) return this.outbox.retry(item.dataset.client ?? "");
    const act = /** @type {HTMLElement | null} */ (target.closest("[data-act]"));
    const message = this.messages.get(Number(item?.dataset.seq));
    if (!act || !message) return;
    act.closest("details")?.removeAttribute("open");
    try {
      await this.act(act.dataset.act ?? "", message, act.dataset.emoji ?? "");
    } catch (error) {
      toast(/** @type {Error} */ (error).message || say("failed"), "error");
    }
  }

  /**
   * @param {string} name
   * @param {Message} message
   * @param {string} emoji
   */
  async act(name, message, emoji) {
    if (name === "reply" || name === "edit") return this.about({ kind: name, message });
    if (name === "react") {
      const mine = message.reactions.some((one) => one.emoji === emoji && one.user_ids.includes(this.me));
      const told = await call(mine ? "DELETE" : "PUT", `messages/${message.id}/reactions/${encodeURIComponent(emoji)}`);
      this.change(message.seq, { reactions: told.reactions });
    }
    if (name === "delete-me") { await call("DELETE", `messages/${message.id}?for=me`); this.messages.delete(message.seq); }
    if (name === "delete-all") { await call("DELETE", `messages/${message.id}?for=all`); this.change(message.seq, { deleted: true, reactions: [] }); }
    this.draw();
  }

  /** @param {{kind: "reply" | "edit", message: Message} | null} what */
  about(what) {
    const bar = /** @type {HTMLElement | null} */ (this.element.querySelector("[data-room-about]"));
    const text = bar?.querySelector("[data-room-about-text]");
    if (!bar || !text || !this.body) return;
    if (this.changing?.kind === "edit" && !what) this.body.value = "";
    this.changing = what;
    bar.hidden = !what;
    if (!what) return;
    text.textContent = what.kind === "edit" ? say("editing") : `${what.message.sender?.name ?? ""}: ${what.message.body}`;
    if (what.kind === "edit") this.body.value = what.message.body;
    this.body.focus();
  }

  async submit() {
    const body = this.body?.value.trim();
    if (!body || !this.body) return;
    const changing = this.changing;
    this.body.value = "";
    this.changing = null;
    this.about(null);
    if (changing?.kind === "edit") {
      const { message } = changing;
      try {
        const told = await call("PATCH", `messages/${message.id}`, { body }, { "If-Match": String(message.revision) });
        this.messages.set(told.seq, told);
        this.draw();
      } catch (error) {
        this.body.value = body;
        toast(/** @type {Error} */ (error).message || say("failed"), "error");
      }
      return;
    }
    this.outbox.add(body, changing?.message, this.shortcodes?.meant(body) ?? {});
  }

  /**
   * Upload what was chosen, then send it as one message.
   * @param {HTMLInputElement} input
   */
  async attach(input) {
    const chosen = [...(input.files ?? [])].slice(0, 10);
    input.value = "";
    if (!chosen.length) return;
    this.tell(say("sending"));
    try {
      const ids = [];
      for (const file of chosen) ids.push(await uploadOne(file));
      this.said(await call("POST", `${this.path}/messages`, { client_id: freshId(), attachments: ids }));
    } catch (error) {
      toast(/** @type {Error} */ (error).message || say("failed"), "error");
    }
    this.tell("");
  }

  /** @param {Message} told what this page sent, with its place */
  said(told) {
    this.pages.take(told);
    this.draw();
    this.toEnd();
  }
}
