/** One card's video: cold (poster only), warm (bytes coming), or active (playing). */

import { choose, sourcesOf } from "./rendition.js";
import { audible, silenced } from "./sound.js";
import { Still } from "./still.js";
import { learn } from "./throughput.js";

/** @type {WeakMap<Element, Clip | Still>} */
const clips = new WeakMap();

/**
 * @param {Element} card
 * @returns {Clip | Still} what plays, or what only looks like it
 */
export function clipOf(card) {
  let clip = clips.get(card);
  if (!clip) {
    const element = /** @type {HTMLElement} */ (card);
    clips.set(card, (clip = element.dataset.kind === "clip" ? new Clip(element) : new Still(element)));
  }
  return clip;
}

export class Clip {
  /** @param {HTMLElement} card */
  constructor(card) {
    this.card = card;
    this.video = /** @type {HTMLVideoElement} */ (card.querySelector("video"));
    this.sources = sourcesOf(this.video);
    this.active = false;
    /** Paused by the person, not by us. */
    this.held = false;
    // The first card's video was started by the HTML itself; the others only know an address.
    const begun = this.video.preload === "auto";
    /** @type {import("./rendition.js").Source | undefined} */
    this.source = begun ? this.sources.find((source) => source.url === this.video.currentSrc) : undefined;
    this.started = performance.now();
    this.learnt = Boolean(this.source);
    this.video.controls = false;
    this.video.removeAttribute("poster");
    this.video.autoplay = false;
    for (const child of this.video.querySelectorAll("source")) child.remove();
    if (!this.source) this.video.load();
    this.listen();
  }

  get warm() {
    return Boolean(this.source);
  }

  listen() {
    const { card, video } = this;
    const waiting = (/** @type {boolean} */ on) => () => card.classList.toggle("is-waiting", on);
    const framed = () => video.classList.add("has-frame");
    if (video.readyState >= 2) framed();
    video.addEventListener("loadeddata", framed);
    video.addEventListener("emptied", () => video.classList.remove("has-frame"));
    video.addEventListener("waiting", waiting(true));
    for (const name of ["playing", "canplay", "pause", "emptied"]) video.addEventListener(name, waiting(false));
    video.addEventListener("canplaythrough", () => this.measure());
    video.addEventListener("error", () => this.fail());
  }

  /** Starts fetching, once. */
  heat() {
    if (this.warm || !this.sources.length) return;
    this.point(choose(this.sources, /** @type {HTMLElement} */ (this.video.parentElement)));
  }

  /** @param {import("./rendition.js").Source} source */
  point(source) {
    this.source = source;
    this.started = performance.now();
    this.learnt = false;
    this.video.preload = "auto";
    this.video.src = source.url;
  }

  /** Lets go of decoder, buffers and connection. */
  cool() {
    this.active = false;
    this.held = false;
    this.card.classList.remove("is-paused", "is-waiting");
    if (!this.warm) return;
    this.source = undefined;
    this.video.pause();
    this.video.removeAttribute("src");
    this.video.load();
  }

  start() {
    this.active = true;
    this.held = false;
    this.heat();
    this.play();
  }

  /** Off the stage, but kept warm for coming back. */
  stop() {
    this.active = false;
    this.held = false;
    this.card.classList.remove("is-paused");
    this.video.pause();
    if (this.video.readyState) this.video.currentTime = 0;
  }

  async play() {
    const { video } = this;
    this.card.classList.remove("is-paused");
    video.muted = !audible();
    try {
      await video.play();
    } catch (error) {
      if (/** @type {Error} */ (error).name !== "NotAllowedError" || !this.active) return;
      if (video.muted) return this.hold();
      silenced();
      video.muted = true;
      await video.play().catch(() => this.hold());
    }
  }

  hold() {
    this.held = true;
    this.video.pause();
    this.card.classList.add("is-paused");
  }

  toggle() {
    if (this.video.paused) {
      this.held = false;
      this.play();
    } else this.hold();
  }

  /** @param {number} seconds from the start */
  seek(seconds) {
    const { duration } = this.video;
    if (duration) this.video.currentTime = Math.min(Math.max(0, seconds), duration - 0.05);
  }

  measure() {
    const { buffered } = this.video;
    if (this.learnt || !this.source?.bitrate || !buffered.length) return;
    this.learnt = true;
    learn(buffered.end(buffered.length - 1) * this.source.bitrate, performance.now() - this.started);
  }

  /** A broken rendition: try the smallest, then say so. */
  fail() {
    if (!this.video.getAttribute("src") || !this.source) return;
    const [smallest] = this.sources;
    if (this.source !== smallest) {
      this.point(smallest);
      if (this.active) this.play();
      return;
    }
    this.fault(true);
  }

  /** @param {boolean} shown */
  fault(shown) {
    const box = /** @type {HTMLElement | null} */ (this.card.querySelector("[data-fault]"));
    if (box) box.hidden = !shown;
    if (shown) return;
    this.source = undefined;
    this.start();
  }
}
