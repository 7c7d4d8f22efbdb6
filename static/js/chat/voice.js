/** A sound in a bubble: its wave is its slider, and only one is heard at a time. */

import { say } from "../lib/strings.js";

const PARTS = 40;
const TOP = 31;
const STEP_SECONDS = 5;

/** @typedef {{id: string, url: string, name: string, duration_ms: number | null, wave: number[]}} Sound */

/** @type {HTMLAudioElement | null} */
let heard = null;
/** Bubbles are drawn anew as they change; what plays in one moves along. @type {Map<string, HTMLElement>} */
const players = new Map();

/**
 * @param {Sound} one
 * @returns {HTMLElement}
 */
export function voice(one) {
  const known = players.get(one.id);
  if (known) return known;
  const made = new Voice(one).element;
  players.set(one.id, made);
  return made;
}

/** @param {number} seconds */
export function clock(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/**
 * The loudest of each of `parts` equal stretches.
 * @param {number[]} levels
 * @param {number} parts
 */
export function squeezed(levels, parts) {
  if (!levels.length) return [];
  return Array.from({ length: Math.min(parts, levels.length) }, (_, place, ) => {
    const size = levels.length / Math.min(parts, levels.length);
    return Math.max(...levels.slice(Math.floor(place * size), Math.max(Math.floor((place + 1) * size), Math.floor(place * size) + 1)));
  });
}

class Voice {
  /** @param {Sound} one */
  constructor(one) {
    this.seconds = (one.duration_ms ?? 0) / 1000;
    this.audio = new Audio();
    this.audio.preload = "none";
    this.audio.src = one.url;
    this.element = document.createElement("div");
    this.element.className = "voice";
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "voice__play";
    this.wave = document.createElement("div");
    this.wave.className = "voice__wave";
    this.wave.tabIndex = 0;
    this.wave.setAttribute("role", "slider");
    this.wave.setAttribute("aria-label", one.name && !one.wave.length ? one.name : say("voicePlace"));
    this.wave.setAttribute("aria-valuemin", "0");
    const heights = one.wave.length ? squeezed(one.wave, PARTS) : Array.from({ length: PARTS }, () => TOP / 4);
    for (const height of heights) {
      const bar = document.createElement("span");
      bar.style.blockSize = `${Math.round(12 + (88 * height) / TOP)}%`;
      this.wave.append(bar);
    }
    this.time = document.createElement("span");
    this.time.className = "voice__time number";
    this.element.append(this.button, this.wave, this.time);
    this.listen();
    this.show();
  }

  listen() {
    const { audio, wave } = this;
    this.button.addEventListener("click", () => this.toggle());
    for (const name of ["play", "pause", "timeupdate", "ended", "durationchange"]) audio.addEventListener(name, () => this.show());
    audio.addEventListener("ended", () => { audio.currentTime = 0; });
    audio.addEventListener("error", () => { this.element.classList.add("voice--failed"); this.time.textContent = say("voiceFailed"); });
    const seek = (/** @type {PointerEvent} */ event) => {
      const { left, width } = wave.getBoundingClientRect();
      this.place((event.clientX - left) / width);
    };
    wave.addEventListener("pointerdown", (event) => { wave.setPointerCapture(event.pointerId); seek(event); });
    wave.addEventListener("pointermove", (event) => wave.hasPointerCapture(event.pointerId) && seek(event));
    wave.addEventListener("keydown", (event) => {
      const by = { ArrowRight: STEP_SECONDS, ArrowUp: STEP_SECONDS, ArrowLeft: -STEP_SECONDS, ArrowDown: -STEP_SECONDS }[event.key];
      if (event.key === " " || event.key === "Enter") { event.preventDefault(); return this.toggle(); }
      if (!by || !this.whole()) return;
      event.preventDefault();
      this.place((audio.currentTime + by) / this.whole());
    });
  }

  /** How long it is. A recorder streams, so its file may not know. */
  whole() {
    return this.seconds || (Number.isFinite(this.audio.duration) ? this.audio.duration : 0);
  }

  toggle() {
    if (!this.audio.paused) return this.audio.pause();
    if (heard !== this.audio) heard?.pause();
    heard = this.audio;
    this.audio.play().catch(() => this.show());
  }

  /** @param {number} part of the whole */
  place(part) {
    if (!this.whole()) return;
    this.audio.currentTime = Math.min(1, Math.max(0, part)) * this.whole();
    this.show();
  }

  show() {
    const { audio, wave } = this;
    const whole = this.whole();
    const going = !audio.paused && !audio.ended;
    const at = audio.ended ? 0 : audio.currentTime;
    this.element.classList.toggle("is-playing", going);
    this.button.setAttribute("aria-label", say(going ? "voicePause" : "voicePlay"));
    this.button.innerHTML = `<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-${going ? "pause" : "play"}"/></svg>`;
    const past = whole ? (at / whole) * wave.children.length : 0;
    [...wave.children].forEach((bar, place) => bar.classList.toggle("is-past", at > 0 && place <= past));
    wave.setAttribute("aria-valuemax", String(Math.round(whole)));
    wave.setAttribute("aria-valuenow", String(Math.round(at)));
    wave.setAttribute("aria-valuetext", `${clock(at)} / ${clock(whole)}`);
    if (!this.element.classList.contains("voice--failed")) this.time.textContent = at > 0 || !whole ? clock(at) : clock(whole);
  }
}
