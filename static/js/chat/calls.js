/**
 * Calls of this page: what rings, what is dialled, and the one call that this device is in. The server's row decides how a
 * call stands; whatever was missed is asked for again (`call.current`, `call.resume`) whenever the socket is back.
 */

import { say } from "../lib/strings.js";
import { toast } from "../lib/toast.js";
import { call as http, freshId } from "./api.js";
import { LocalMedia } from "./call-media.js";
import { Peer } from "./call-peer.js";
import { Screen } from "./call-screen.js";
import { tone } from "./call-tone.js";

const BEAT_MS = 10_000;
const SHOWN_ENDED_MS = 2500;
const KEPT = "call-device";
const ANSWER = "call-answer";
const NOTHING = { audio: true, video: false, screen: false };

/** @typedef {{id: string, c: string, media: string, state: string, outcome: string, own: boolean, person: any, left_seconds: number}} Call */

export class Calls {
  phase = /** @type {"idle" | "incoming" | "outgoing" | "joined" | "ended"} */ ("idle");
  call = /** @type {Call | null} */ (null);
  peer = /** @type {Peer | null} */ (null);
  device = "";
  dialled = "";
  /** @type {[string, any][]} */ early = [];
  /** What came before the answer to our own invitation, which names the call. @type {any[]} */ ahead = [];
  theirs = NOTHING;
  media = new LocalMedia();
  quiet = () => {};
  staying = false;
  tries = 0;

  /** @param {import("./wire.js").Wire} wire */
  constructor(wire) {
    const dialog = /** @type {HTMLDialogElement | null} */ (document.querySelector("[data-call-screen]"));
    if (!dialog) return;
    this.wire = wire;
    this.screen = new Screen(dialog);
    const off = this.off = new AbortController();
    const { signal } = off;
    wire.addEventListener("frame", (event) => this.hear(/** @type {CustomEvent} */ (event).detail), { signal });
    wire.addEventListener("up", () => this.catchUp(), { signal });
    wire.addEventListener("resync", () => this.catchUp(), { signal });
    wire.addEventListener("down", () => this.joined && this.draw(), { signal });
    this.media.addEventListener("change", () => this.changed(), { signal });
    dialog.addEventListener("click", (event) => this.clicked(/** @type {HTMLElement} */ (event.target)), { signal });
    document.addEventListener("click", (event) => this.pressed(/** @type {HTMLElement} */ (event.target)), { signal });
    addEventListener("beforeunload", (event) => { if (this.joined && !this.staying) event.preventDefault(); }, { signal });
    dialog.classList.toggle("call--no-share", !LocalMedia.canShare);
    this.beats = setInterval(() => this.beat(), BEAT_MS);
  }

  /** The page goes; the call waits for the next one. */
  end() {
    clearInterval(this.beats);
    this.off?.abort();
    this.release();
  }

  get joined() {
    return this.phase === "joined" || this.phase === "outgoing";
  }

  /** @param {HTMLElement} target */
  pressed(target) {
    const link = target.closest("a");
    if (link) this.staying = link.origin === location.origin && link.pathname.startsWith("/messages");
    const button = /** @type {HTMLElement | null} */ (target.closest("[data-call-start]"));
    if (button) this.dial(button.dataset.conversation ?? "", button.dataset.callStart ?? "audio");
  }

  /** @param {HTMLElement} target */
  async clicked(target) {
    const act = /** @type {HTMLElement | null} */ (target.closest("[data-call-act]"))?.dataset.callAct;
    try {
      if (act === "accept") await this.take();
      if (act === "decline") await this.decline();
      if (act === "hangup") await this.hangUp();
      if (act === "close") this.reset();
      if (act === "mute") this.media.mute(!this.media.muted);
      if (act === "camera") await this.media.camera(!this.media.video || this.media.sharing);
      if (act === "share") await this.media.share(!this.media.sharing);
      if (act === "shrink") this.screen?.shrink();
    } catch (error) {
      toast(/** @type {any} */ (error).name === "NotAllowedError" ? say("noDevices") : say("failed"), "error");
    }
  }

  /**
   * @param {string} conversation
   * @param {string} media
   */
  async dial(conversation, media) {
    if (this.phase === "ended") this.reset();
    // They were quicker by a moment: both want to speak.
    if (this.phase === "incoming" && this.call?.c === conversation) return this.take();
    if (this.phase !== "idle") return;
    if (!LocalMedia.possible) return toast(say("needsHttps"), "error");
    this.phase = "outgoing";
    this.device = freshId();
    this.dialled = conversation;
    try {
      // Asked for first: a phone must not ring for somebody who cannot speak.
      await this.media.open(media === "video");
    } catch {
      this.reset();
      return toast(say("noDevices"), "error");
    }
    try {
      const told = await this.wire?.ask("call.invite", { c: conversation, media, device: this.device });
      if (this.phase !== "outgoing") return;
      if (this.call && this.peerWanted) return;
      this.call = told;
      this.keep();
      this.screen?.name(told);
      if (told.state === "ended") return this.over(told);
      if (told.state === "active") return this.join();
      this.quiet = tone("outgoing");
      this.draw();
      for (const frame of this.ahead.splice(0)) this.hear(frame);
    } catch (error) {
      this.reset();
      toast(/** @type {any} */ (error).message || say("failed"), "error");
    }
  }

  /** @param {any} frame */
  hear({ ev, c, d }) {
    if (!ev.startsWith("call.")) return;
    if (ev === "call.ring") return this.ring(d);
    if (ev === "call.taken") return this.taken(d, c);
    if (this.phase === "outgoing" && !this.call) { this.ahead.push({ ev, c, d }); return; }
    if (ev === "call.ended") { if (d.id === this.call?.id) this.over(d); return; }
    // The other side may be quicker than the answer to our own "accept".
    if (d.call !== this.call?.id || !(this.joined || this.taking)) return;
    if (ev === "call.ringing") { this.rings = true; this.draw(); }
    if (ev === "call.away") { this.away = true; this.draw(); }
    if (ev === "call.back") this.back(d.fresh);
    if (ev === "call.media") { this.theirs = d.media; this.draw(); }
    if (ev === "call.desc" || ev === "call.cand") {
      const kind = ev.slice(5);
      if (this.peer) this.peer.hear(kind, d[kind]);
      else this.early.push([kind, d[kind]]);
    }
  }

  /** @param {Call} call */
  ring(call) {
    if (call.id === this.call?.id || call.c === this.dialled) return;
    if (this.joined) { this.wire?.tell("call.reject", { call: call.id, busy: true }); return; }
    if (this.phase === "incoming") return;
    this.reset();
    this.phase = "incoming";
    this.call = call;
    this.screen?.name(call);
    this.quiet = tone("incoming");
    this.wire?.tell("call.ringing", { call: call.id });
    this.draw();
  }

  /**
   * @param {Call} call
   * @param {string} c
   */
  taken(call, c) {
    if (this.phase === "outgoing" && (call.id === this.call?.id || (!this.call && c === this.dialled))) {
      this.call = call;
      this.keep();
      this.screen?.name(call);
      return this.join();
    }
    if (this.phase === "incoming" && call.id === this.call?.id && !this.taking) this.close("takenElsewhere");
  }

  async take() {
    if (this.phase !== "incoming" || !this.call || this.taking) return;
    if (!LocalMedia.possible) return toast(say("needsHttps"), "error");
    this.taking = true;
    this.device = freshId();
    try {
      this.call = await this.wire?.ask("call.accept", { call: this.call.id, device: this.device });
    } catch (error) {
      return this.close(/** @type {any} */ (error).code === "call_taken" ? "takenElsewhere" : "callEnded");
    } finally {
      this.taking = false;
    }
    this.keep();
    this.join();
    await this.media.open(this.call?.media === "video").catch(() => toast(say("noDevices"), "error"));
  }

  async decline() {
    const { call } = this;
    this.close("declinedCall");
    if (call) await this.wire?.ask("call.reject", { call: call.id }).catch(() => null);
  }

  async hangUp() {
    const { call } = this;
    this.close("callEnded");
    // Without a socket the server notices by itself that nobody is there any more.
    if (call) await this.wire?.ask("call.hangup", { call: call.id }).catch(() => null);
  }

  /** Make the connection, also in place of one that cannot be gone on with. */
  async join() {
    const { call } = this;
    if (!call) return;
    this.phase = "joined";
    this.peerWanted = true;
    this.quiet();
    this.draw();
    const renew = () => http("POST", "calls/turn", { call_id: call.id });
    const round = this.round = (this.round ?? 0) + 1;
    const ice = await renew().catch(() => null);
    if (!ice && round === this.round && this.call?.id === call.id) return this.hangUp();
    if (!ice || round !== this.round || this.call?.id !== call.id || this.phase !== "joined") return;
    const peer = this.peer = new Peer({
      polite: !call.own, ice, renew,
      send: (kind, payload) => this.wire?.ask(`call.${kind}`, { call: call.id, [kind]: payload }) ?? Promise.reject(),
    });
    peer.addEventListener("track", () => this.draw());
    peer.addEventListener("state", () => { if (peer.pc.connectionState === "connected") this.tell(); this.draw(); });
    peer.addEventListener("lost", () => this.hangUp());
    peer.addEventListener("stuck", () => this.anew());
    await peer.show(this.media);
    for (const [kind, payload] of this.early.splice(0)) peer.hear(kind, payload);
  }

  /** Both begin from nothing: this connection will never be one. */
  async anew() {
    if (!this.call || this.tries++ >= 3) return;
    this.forget();
    if (await this.resume(this.call.id, true)) this.join();
  }

  /** @param {boolean} fresh the other side begins from nothing */
  back(fresh) {
    this.away = false;
    if (this.phase !== "joined") return this.draw();
    if (fresh) { this.forget(); return this.join(); }
    this.peer?.again();
    this.tell();
    this.draw();
  }

  /** The socket is back, or was opened for the first time: how do things stand? */
  async catchUp() {
    this.draw();
    const told = await this.wire?.ask("call.current", {}).catch(() => null);
    if (!told) return;
    const answered = sessionStorage.getItem(ANSWER);
    sessionStorage.removeItem(ANSWER);
    /** @type {Call[]} */ const calls = told.calls;
    if (this.joined && this.call) return this.resume(this.call.id, false);
    if (this.phase === "incoming" && !calls.some((one) => one.id === this.call?.id && one.state === "ringing")) this.close("callEnded");
    if (this.phase !== "idle") return this.answer(answered);
    const [id, device] = (sessionStorage.getItem(KEPT) ?? "").split(" ");
    const mine = calls.find((one) => one.id === id);
    if (mine) return this.comeBack(mine, device ?? "");
    const rung = calls.find((one) => one.state === "ringing" && !one.own);
    if (rung) this.ring(rung);
    this.answer(answered);
  }

  /** @param {string | null} id a call that was accepted on another page, which had nothing to speak with */
  answer(id) {
    if (!id) return;
    if (this.phase === "incoming" && this.call?.id === id) this.take();
    else toast(say("callEnded"));
  }

  /**
   * This page was loaded during a call of its tab.
   * @param {Call} call
   * @param {string} device
   */
  async comeBack(call, device) {
    this.phase = "outgoing";
    this.call = call;
    this.device = device;
    this.screen?.name(call);
    this.draw();
    if (!await this.resume(call.id, true)) return;
    if (this.call?.state === "active") this.join();
    await this.media.open(call.media === "video").catch(() => toast(say("noDevices"), "error"));
  }

  /**
   * @param {string} id
   * @param {boolean} fresh
   */
  async resume(id, fresh) {
    try {
      const told = await this.wire?.ask("call.resume", { call: id, device: this.device, fresh });
      if (this.call?.id !== id) return false;
      this.call = told;
      if (!fresh && this.phase === "outgoing" && told.state === "active") this.join();
      else if (!fresh) { this.peer?.again(); this.tell(); }
      this.draw();
      return true;
    } catch (error) {
      const { code } = /** @type {any} */ (error);
      if (code && code !== "rate_limited" && this.call?.id === id) this.close(code === "elsewhere" ? "takenElsewhere" : "callEnded");
      return false;
    }
  }

  async beat() {
    const { call } = this;
    if (!call || !this.joined) return;
    try {
      const told = await this.wire?.ask("call.beat", { call: call.id });
      if (told?.state === "ended" && this.call?.id === call.id) this.over(told);
    } catch (error) {
      if (/** @type {any} */ (error).code === "elsewhere" && this.call?.id === call.id) this.resume(call.id, false);
    }
  }

  /** What this side sends has changed. */
  changed() {
    this.screen?.mine(this.media);
    this.peer?.show(this.media).catch((error) => console.warn("call tracks", error));
    this.tell();
  }

  tell() {
    if (this.phase === "joined" && this.call) this.wire?.tell("call.media", { call: this.call.id, media: this.media.state });
  }

  /** @param {Call} call */
  over(call) {
    const said = { missed: "noAnswer", declined: "declinedCall", busy: "wasBusy", dropped: "callLost" };
    this.close(said[/** @type {keyof said} */ (call.outcome)] ?? "callEnded");
  }

  /** @param {string} why a sentence that stays for a moment */
  close(why) {
    this.release();
    this.phase = "ended";
    sessionStorage.removeItem(KEPT);
    this.screen?.mine(this.media);
    this.screen?.theirs(null, NOTHING);
    this.screen?.show("ended", say(why));
    this.gone = setTimeout(() => this.reset(), SHOWN_ENDED_MS);
  }

  reset() {
    clearTimeout(this.gone);
    this.release();
    this.phase = "idle";
    this.call = null;
    this.dialled = "";
    this.screen?.close();
  }

  release() {
    this.quiet();
    this.quiet = () => {};
    this.forget();
    this.peerWanted = false;
    this.ahead = [];
    this.tries = 0;
    this.away = this.rings = false;
    this.theirs = NOTHING;
    this.media.stop();
    this.round = (this.round ?? 0) + 1;
  }

  forget() {
    this.peer?.close();
    this.peer = null;
    this.early = [];
  }

  keep() {
    if (this.call) sessionStorage.setItem(KEPT, `${this.call.id} ${this.device}`);
  }

  draw() {
    const { screen, call } = this;
    if (!screen || !call || this.phase === "idle" || this.phase === "ended") return;
    screen.mine(this.media);
    screen.theirs(this.peer?.remote ?? null, this.theirs);
    if (this.phase === "incoming") return screen.show("incoming", say(call.media === "video" ? "incomingVideo" : "incomingVoice"));
    if (!this.wire?.up) return screen.show("reconnecting", say("reconnecting"));
    if (this.phase === "outgoing") return screen.show("outgoing", say(this.rings ? "ringingThere" : "calling"));
    const state = this.peer?.pc.connectionState;
    if (state === "connected") return screen.show("active", this.away ? say("theyReconnect", { name: call.person?.name ?? "…" }) : "");
    if (screen.since) return screen.show("reconnecting", say("reconnecting"));
    screen.show("connecting", say("connecting"));
  }
}
