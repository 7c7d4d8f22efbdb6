/** The call as people see it: one dialog (templates/chat/_calls.html), dressed by `data-phase`. */

import { say } from "../lib/strings.js";
import { clock } from "./call-line.js";

/** @typedef {"incoming" | "outgoing" | "connecting" | "active" | "reconnecting" | "ended"} Phase */

export class Screen {
  /** @param {HTMLDialogElement} dialog */
  constructor(dialog) {
    this.dialog = dialog;
    this.status = /** @type {HTMLElement} */ (dialog.querySelector("[data-call-status]"));
    this.remote = /** @type {HTMLVideoElement} */ (dialog.querySelector("[data-call-remote]"));
    this.local = /** @type {HTMLVideoElement} */ (dialog.querySelector("[data-call-local]"));
    // Escape must not hang up.
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    dialog.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const key = { m: "mute", v: "camera" }[event.key.toLowerCase()];
      const button = key && /** @type {HTMLElement | null} */ (dialog.querySelector(`[data-call-act="${key}"]`));
      if (button && button.offsetParent) { event.preventDefault(); button.click(); }
    });
  }

  /**
   * @param {Phase} phase
   * @param {string} status a sentence; "" for the time of the call
   */
  show(phase, status = "") {
    this.phase = phase;
    this.dialog.dataset.phase = phase;
    clearInterval(this.clock);
    if (phase === "active" && !status) {
      this.since ??= Date.now();
      const tick = () => { this.status.textContent = clock((Date.now() - (this.since ?? 0)) / 1000); };
      tick();
      this.clock = setInterval(tick, 1000);
    } else this.status.textContent = status;
    // A clock that is read out every second says nothing else any more.
    this.status.setAttribute("aria-live", phase === "active" ? "off" : "polite");
    if (this.dialog.open) return;
    this.dialog.showModal();
    // Whoever is typing at this moment must not take the call by a key.
    this.dialog.focus();
  }

  /** @param {{person: {name: string, avatar: string | null} | null, media: string}} call */
  name({ person }) {
    const name = person?.name ?? "…";
    const title = this.dialog.querySelector("[data-call-name]");
    const face = this.dialog.querySelector("[data-call-face]");
    if (title) title.textContent = name;
    if (!face) return;
    face.textContent = person?.avatar ? "" : (name[0] ?? "").toUpperCase();
    if (!person?.avatar) return;
    const picture = document.createElement("img");
    picture.alt = "";
    picture.src = person.avatar;
    face.append(picture);
  }

  /** @param {import("./call-media.js").LocalMedia} media */
  mine(media) {
    this.press("mute", media.muted);
    this.press("camera", Boolean(media.video) && !media.sharing);
    this.press("share", media.sharing);
    this.dialog.classList.toggle("call--mine", Boolean(media.video));
    this.dialog.classList.toggle("call--sharing", media.sharing);
    const shown = /** @type {MediaStream | null} */ (this.local.srcObject);
    if (shown?.getVideoTracks()[0] === (media.video ?? undefined) && shown) return;
    this.local.srcObject = media.video ? new MediaStream([media.video]) : null;
  }

  /**
   * @param {MediaStream | null} stream
   * @param {{audio: boolean, video: boolean, screen: boolean}} state what the other says that they send
   */
  theirs(stream, state) {
    if (this.remote.srcObject !== stream) this.remote.srcObject = stream;
    if (stream) this.remote.play().catch(() => null);
    this.dialog.classList.toggle("call--theirs", state.video);
    this.dialog.classList.toggle("call--screen", state.screen);
    this.dialog.classList.toggle("call--quiet", !state.audio);
  }

  /**
   * @param {string} name
   * @param {boolean} on
   */
  press(name, on) {
    this.dialog.querySelector(`[data-call-act="${name}"]`)?.setAttribute("aria-pressed", String(on));
  }

  /** Let the page be used beside the call, or give the call the whole of it again. */
  shrink() {
    const small = this.dialog.classList.toggle("call--small");
    this.dialog.close();
    if (small) this.dialog.show(); else this.dialog.showModal();
    const button = this.dialog.querySelector('[data-call-act="shrink"]');
    button?.setAttribute("aria-label", say(small ? "callWhole" : "callSmall"));
  }

  close() {
    clearInterval(this.clock);
    this.since = undefined;
    this.local.srcObject = null;
    this.remote.srcObject = null;
    this.dialog.classList.remove("call--small", "call--mine", "call--theirs", "call--screen", "call--quiet", "call--sharing");
    if (this.dialog.open) this.dialog.close();
  }
}
