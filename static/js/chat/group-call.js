/**
 * The call of a group: everybody sends to a LiveKit server and hears from it. The library (static/vendor) is fetched when
 * somebody enters a call, the key to the room is asked for each time: who is no member any more gets none.
 */

import { say } from "../lib/strings.js";
import { toast } from "../lib/toast.js";
import { call as http, Refusal } from "./api.js";
import { LocalMedia } from "./call-media.js";
import { Tiles } from "./group-tiles.js";

const SHOWN_ENDED_MS = 4000;

/** @typedef {"idle" | "joining" | "active" | "reconnecting" | "ended"} Phase */

/** Says "change" when this page entered or left. */
export class GroupCall extends EventTarget {
  phase = /** @type {Phase} */ ("idle");
  room = /** @type {any} */ (null);
  off = new AbortController();
  round = 0;

  /**
   * @param {HTMLDialogElement} dialog
   * @param {string} conversation
   * @param {string} library where LiveKit's client lies
   */
  constructor(dialog, conversation, library) {
    super();
    this.dialog = dialog;
    this.conversation = conversation;
    this.library = library;
    this.status = /** @type {HTMLElement} */ (dialog.querySelector("[data-group-status]"));
    this.tiles = new Tiles(/** @type {HTMLElement} */ (dialog.querySelector("[data-group-tiles]")));
    const { signal } = this.off;
    // Escape must not hang up.
    dialog.addEventListener("cancel", (event) => event.preventDefault(), { signal });
    dialog.addEventListener("click", (event) => this.clicked(/** @type {HTMLElement} */ (event.target)), { signal });
    addEventListener("pagehide", () => this.room?.disconnect(), { signal });
    dialog.classList.toggle("group--no-share", !LocalMedia.canShare);
  }

  end() {
    this.off.abort();
    this.drop();
    if (this.dialog.open) this.dialog.close();
  }

  async enter() {
    if (this.phase !== "idle" && this.phase !== "ended") return;
    if (!LocalMedia.possible) return toast(say("needsHttps"), "error");
    clearTimeout(this.gone);
    const round = ++this.round;
    this.show("joining", say("connecting"));
    try {
      const [key] = await Promise.all([http("POST", `calls/${this.conversation}/sfu-token`), import(this.library)]);
      if (round !== this.round) return;
      await this.connect(key, round);
    } catch (error) {
      if (round !== this.round) return;
      console.warn("group call", error);
      this.close(error instanceof Refusal ? error.message || say("failed") : say("noGroupServer"));
    }
  }

  /**
   * @param {{url: string, token: string}} key
   * @param {number} round
   */
  async connect(key, round) {
    const { Room, RoomEvent, Track } = this.livekit = /** @type {any} */ (window).LivekitClient;
    const room = this.room = new Room({ adaptiveStream: true, dynacast: true });
    const draw = () => { if (this.room === room) this.draw(); };
    for (const what of ["ParticipantConnected", "ParticipantDisconnected", "TrackMuted", "TrackUnmuted", "LocalTrackPublished", "LocalTrackUnpublished", "ActiveSpeakersChanged"]) room.on(RoomEvent[what], draw);
    room.on(RoomEvent.TrackSubscribed, (/** @type {any} */ track) => {
      if (track.kind === Track.Kind.Audio) this.dialog.append(track.attach());
      draw();
    });
    room.on(RoomEvent.TrackUnsubscribed, (/** @type {any} */ track) => {
      for (const element of track.detach()) if (element instanceof HTMLAudioElement) element.remove();
      draw();
    });
    room.on(RoomEvent.Reconnecting, () => { if (this.room === room) this.show("reconnecting", say("reconnecting")); });
    room.on(RoomEvent.Reconnected, () => { if (this.room === room) { this.show("active"); draw(); } });
    room.on(RoomEvent.Disconnected, (/** @type {any} */ reason) => {
      if (this.room === room && this.phase !== "joining") this.close(this.why(reason));
    });
    await room.connect(key.url, key.token);
    if (round !== this.round) { room.disconnect(); return; }
    this.show("active");
    this.draw();
    this.dispatchEvent(new Event("change"));
    // Who has no microphone, or gives none, may listen.
    await this.set("Microphone", true);
  }

  /** @param {any} reason why LiveKit let go of us */
  why(reason) {
    const { PARTICIPANT_REMOVED } = this.livekit?.DisconnectReason ?? {};
    return say(reason !== undefined && reason === PARTICIPANT_REMOVED ? "putOut" : "callLost");
  }

  /** @param {HTMLElement} target */
  async clicked(target) {
    const act = /** @type {HTMLElement | null} */ (target.closest("[data-group-act]"))?.dataset.groupAct;
    const mine = this.room?.localParticipant;
    if (act === "leave") this.close(say("youLeft"));
    if (act === "close") this.hide();
    if (!mine || this.phase !== "active") return;
    if (act === "mute") await this.set("Microphone", !mine.isMicrophoneEnabled);
    if (act === "camera") await this.set("Camera", !mine.isCameraEnabled);
    if (act === "share") await this.set("ScreenShare", !mine.isScreenShareEnabled);
  }

  /**
   * @param {"Microphone" | "Camera" | "ScreenShare"} what
   * @param {boolean} on
   */
  async set(what, on) {
    const { room } = this;
    try {
      await room.localParticipant[`set${what}Enabled`](on);
    } catch (error) {
      // Who closes the browser's window of screens has changed their mind.
      if (what !== "ScreenShare") toast(say("noDevices"), "error");
      console.warn("group call", what, error);
    }
    if (this.room === room) this.draw();
  }

  draw() {
    const { room } = this;
    if (!room) return;
    const mine = room.localParticipant;
    this.press("mute", !mine.isMicrophoneEnabled);
    this.press("camera", mine.isCameraEnabled);
    this.press("share", mine.isScreenShareEnabled);
    this.tiles.draw(room, this.livekit.Track.Source);
    const others = room.remoteParticipants.size;
    if (this.phase === "active") this.status.textContent = others ? say("inCall", { n: others + 1 }) : say("aloneInCall");
  }

  /**
   * @param {string} name
   * @param {boolean} on
   */
  press(name, on) {
    this.dialog.querySelector(`[data-group-act="${name}"]`)?.setAttribute("aria-pressed", String(on));
  }

  /**
   * @param {Phase} phase
   * @param {string} [status] a sentence
   */
  show(phase, status) {
    this.phase = phase;
    this.dialog.dataset.phase = phase;
    if (status !== undefined) this.status.textContent = status;
    if (this.dialog.open) return;
    this.dialog.showModal();
    this.dialog.focus();
  }

  /** @param {string} why a sentence that stays for a moment */
  close(why) {
    this.drop();
    this.show("ended", why);
    this.gone = setTimeout(() => this.hide(), SHOWN_ENDED_MS);
    this.dispatchEvent(new Event("change"));
  }

  hide() {
    clearTimeout(this.gone);
    this.phase = "idle";
    if (this.dialog.open) this.dialog.close();
  }

  drop() {
    const { room } = this;
    this.round += 1;
    this.room = null;
    this.tiles.clear();
    for (const element of this.dialog.querySelectorAll("audio")) element.remove();
    room?.disconnect();
  }
}
