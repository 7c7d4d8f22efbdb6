/** A card that does not move by itself (words, pictures): it has the ways of a clip, and a clock in place of a video. */

import { attachPics } from "./pics.js";

/** Told as "timeupdate" so often. */
const TICK_MS = 250;

/** What the player reads of a `<video>`: a clock that runs once to its end and then stands there. */
export class Clock extends EventTarget {
  /** @param {number} seconds */
  constructor(seconds) {
    super();
    this.duration = seconds;
    this.currentTime = 0;
    this.paused = true;
    this.muted = true;
    this.readyState = 4;
    this.buffered = { length: 0, end: () => 0 };
    this.timer = 0;
  }

  play() {
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
    this.video = new Clock(Number(card.dataset.duration) / 1000 || Math.min(60, pictures ? 3 * pictures : 2 + words / 18));
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
    this.video.pause();
    this.video.currentTime = 0;
  }

  cool() {
    this.stop();
  }

  async play() {
    if (this.active) await this.video.play();
  }

  hold() {}

  /** There is nothing to pause. */
  toggle() {}

  /** Back and ahead leaf through the pictures. @param {number} seconds */
  seek(seconds) {
    this.leaf?.(seconds < this.video.currentTime ? -1 : 1);
  }

  /** @param {boolean} _shown */
  fault(_shown) {}
}
