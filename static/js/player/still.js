/** A card that does not move by itself (words, pictures): it has the ways of a clip, and a clock in place of a video. */

import { attachPics } from "./pics.js";
import { audible } from "./sound.js";

/** Told as "timeupdate" so often. */
const TICK_MS = 250;

/** What the player reads of a `<video>`: a clock that runs once to its end and then stands there. */
export class Clock extends EventTarget {
  /**
   * @param {number} seconds
   * @param {HTMLAudioElement | null} audio what is heard meanwhile
   */
  constructor(seconds, audio) {
    super();
    this.audio = audio;
    this.duration = seconds;
    this.currentTime = 0;
    this.paused = true;
    this.readyState = 4;
    this.buffered = { length: 0, end: () => 0 };
    this.timer = 0;
  }

  get muted() {
    return this.audio?.muted ?? true;
  }

  set muted(off) {
    if (this.audio) this.audio.muted = off;
  }

  play() {
    // Refused before the first tap: the pictures do without until somebody asks for sound.
    this.audio?.play().catch(() => undefined);
    if (!this.paused) return Promise.resolve();
    this.paused = false;
    this.timer = window.setInterval(() => {
      this.currentTime = Math.min(this.duration, this.currentTime + TICK_MS / 1000);
      this.dispatchEvent(new Event("timeupdate"));
    }, TICK_MS);
    this.dispatchEvent(new Event("playing"));
    return Promise.resolve();
  }

  pause() {
    if (this.paused) return;
    clearInterval(this.timer);
    this.audio?.pause();
    this.paused = true;
    this.dispatchEvent(new Event("pause"));
  }
}

export class Still {
  /** @param {HTMLElement} card */
  constructor(card) {
    this.card = card;
    const words = card.querySelector(".type__body")?.textContent?.length ?? 0;
    const pictures = card.querySelectorAll(".pics__one").length;
    this.leaf = attachPics(card);
    /** As long as reading, or looking, takes. @type {any} */
    this.video = new Clock(Number(card.dataset.duration) / 1000 || Math.min(60, pictures ? 3 * pictures : 2 + words / 18), card.querySelector("audio"));
    this.active = false;
    this.held = false;
    this.warm = true;
  }

  heat() {}

  start() {
    this.active = true;
    this.held = false;
    this.play();
  }

  stop() {
    this.active = false;
    this.held = false;
    this.card.classList.remove("is-paused");
    this.video.pause();
    this.video.currentTime = 0;
    if (this.video.audio) this.video.audio.currentTime = 0;
  }

  cool() {
    this.stop();
  }

  async play() {
    this.card.classList.remove("is-paused");
    this.video.muted = !audible();
    if (this.active) await this.video.play();
  }

  hold() {
    this.held = true;
    this.video.pause();
    this.card.classList.add("is-paused");
  }

  /** Without a sound there is nothing to pause. */
  toggle() {
    if (!this.video.audio) return;
    if (this.video.paused) {
      this.held = false;
      this.play();
    } else this.hold();
  }

  /** Back and ahead leaf through the pictures. @param {number} seconds */
  seek(seconds) {
    this.leaf?.(seconds < this.video.currentTime ? -1 : 1);
  }

  /** @param {boolean} _shown */
  fault(_shown) {}
}
