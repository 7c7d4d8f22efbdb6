/** Chooses a part of a file: two handles on a bar, which never cross and never stand further apart than a clip may be long. */

import { clock } from "../lib/format.js";

const LEAST_SECONDS = 0.5;

export class Cut extends EventTarget {
  /**
   * Events: "change".
   * @param {HTMLElement} figure
   * @param {number} maxSeconds of a clip; 0 for no limit
   */
  constructor(figure, maxSeconds) {
    super();
    const find = (/** @type {string} */ name) => /** @type {HTMLElement} */ (figure.querySelector(`[data-cut-${name}]`));
    this.video = /** @type {HTMLVideoElement} */ (figure.querySelector("[data-cover-video]"));
    this.window = find("window");
    this.text = find("text");
    this.begin = /** @type {HTMLInputElement} */ (find("start"));
    this.end = /** @type {HTMLInputElement} */ (find("end"));
    this.most = maxSeconds || Infinity;
    this.length = 0;
    for (const handle of [this.begin, this.end]) handle.addEventListener("input", () => this.moved(handle));
  }

  /**
   * @param {number} seconds of the file, 0 when it is not known
   * @param {{trim_start_ms?: number, trim_end_ms?: number}} before
   */
  show(seconds, { trim_start_ms: start = 0, trim_end_ms: end }) {
    this.length = seconds;
    const last = end === undefined ? Math.min(seconds, start / 1000 + this.most) : end / 1000;
    this.begin.value = String(seconds ? (start / 1000 / seconds) * 1000 : 0);
    this.end.value = String(seconds ? Math.min(1, last / seconds) * 1000 : 1000);
    this.draw();
  }

  get isWhole() {
    return !this.length || (this.begin.value === "0" && this.end.value === "1000");
  }

  /** In ms, where the part begins in the file. */
  get start() {
    return this.isWhole ? 0 : Math.round(this.at(this.begin) * 1000);
  }

  /** @returns {{trim_start_ms?: number, trim_end_ms?: number}} as `POST videos` takes it */
  details() {
    return this.isWhole ? {} : { trim_start_ms: this.start, trim_end_ms: Math.round(this.at(this.end) * 1000) };
  }

  /** @param {HTMLInputElement} handle @returns {number} seconds */
  at(handle) {
    return (Number(handle.value) / 1000) * this.length;
  }

  /** @param {HTMLInputElement} handle */
  moved(handle) {
    const share = (/** @type {number} */ seconds) => (seconds / (this.length || 1)) * 1000;
    const other = handle === this.begin ? this.end : this.begin;
    const sign = handle === this.begin ? 1 : -1;
    const gap = sign * (this.at(other) - this.at(handle));
    if (gap < LEAST_SECONDS) handle.value = String(Number(other.value) - sign * share(LEAST_SECONDS));
    // The other handle follows, as a part that is too long is pulled along.
    if (gap > this.most) other.value = String(Number(handle.value) + sign * share(this.most));
    this.video.currentTime = this.at(handle);
    this.draw();
    this.dispatchEvent(new Event("change"));
  }

  draw() {
    const [begin, end] = [this.at(this.begin), this.at(this.end)];
    this.window.style.setProperty("--from", `${Number(this.begin.value) / 10}%`);
    this.window.style.setProperty("--to", `${Number(this.end.value) / 10}%`);
    this.text.textContent = this.length ? `${clock(begin)} – ${clock(end)} (${clock(Math.round(end - begin))})` : "";
    this.begin.setAttribute("aria-valuetext", clock(begin));
    this.end.setAttribute("aria-valuetext", clock(end));
  }
}
