/**
 * A colour wheel: hue around, saturation from the middle, brightness on a slider. Works with a pointer and with arrow keys.
 */

import { channels, hex } from "./contrast.js";

export class Wheel {
  #hue = 0;
  #saturation = 0;
  #value = 1;

  /**
   * @param {HTMLElement} element
   * @param {(color: string) => void} chosen
   */
  constructor(element, chosen) {
    this.chosen = chosen;
    this.disc = /** @type {HTMLElement} */ (element.querySelector("[data-disc]"));
    this.knob = /** @type {HTMLElement} */ (element.querySelector("[data-knob]"));
    this.shade = /** @type {HTMLElement} */ (element.querySelector("[data-shade]"));
    this.slider = /** @type {HTMLInputElement} */ (element.querySelector("[data-value]"));
    this.code = /** @type {HTMLInputElement} */ (element.querySelector("[data-code]"));
    this.disc.addEventListener("pointerdown", (event) => { this.disc.setPointerCapture(event.pointerId); this.#point(event); });
    this.disc.addEventListener("pointermove", (event) => this.disc.hasPointerCapture(event.pointerId) && this.#point(event));
    this.disc.addEventListener("keydown", (event) => this.#key(event));
    this.slider.addEventListener("input", () => { this.#value = Number(this.slider.value) / 100; this.#tell(); });
    this.code.addEventListener("change", () => {
      const color = this.code.value.trim().toLowerCase();
      if (/^#[0-9a-f]{6}$/.test(color)) { this.show(color); this.chosen(color); } else this.code.value = this.color;
    });
  }

  get color() {
    return hex(rgb(this.#hue, this.#saturation, this.#value));
  }

  /** @param {string} color */
  show(color) {
    [this.#hue, this.#saturation, this.#value] = hsv(channels(color), this.#hue);
    this.#draw();
  }

  #tell() {
    this.#draw();
    this.chosen(this.color);
  }

  #draw() {
    const angle = this.#hue * Math.PI / 180;
    this.knob.style.insetInlineStart = `${50 + 50 * this.#saturation * Math.cos(angle)}%`;
    this.knob.style.insetBlockStart = `${50 - 50 * this.#saturation * Math.sin(angle)}%`;
    this.knob.style.background = this.color;
    this.shade.style.opacity = String(1 - this.#value);
    this.slider.value = String(Math.round(this.#value * 100));
    this.code.value = this.color;
    this.disc.setAttribute("aria-valuenow", String(Math.round(this.#hue)));
    this.disc.setAttribute("aria-valuetext", this.color);
  }

  #point(/** @type {PointerEvent} */ event) {
    const box = this.disc.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width * 2 - 1;
    const y = 1 - (event.clientY - box.top) / box.height * 2;
    this.#hue = (Math.atan2(y, x) * 180 / Math.PI + 360) % 360;
    this.#saturation = Math.min(1, Math.hypot(x, y));
    this.#tell();
  }

  #key(/** @type {KeyboardEvent} */ event) {
    const turns = { ArrowLeft: -5, ArrowRight: 5 }[event.key] ?? 0;
    const reaches = { ArrowDown: -0.05, ArrowUp: 0.05 }[event.key] ?? 0;
    if (!turns && !reaches) return;
    event.preventDefault();
    this.#hue = (this.#hue + turns + 360) % 360;
    this.#saturation = Math.min(1, Math.max(0, this.#saturation + reaches));
    this.#tell();
  }
}

/**
 * @param {number[]} parts 0 to 255
 * @param {number} hue what a grey keeps
 * @returns {[number, number, number]} degrees, 0 to 1, 0 to 1
 */
function hsv([red, green, blue], hue) {
  const most = Math.max(red, green, blue);
  const span = most - Math.min(red, green, blue);
  if (!span) return [hue, 0, most / 255];
  const sixth = most === red ? ((green - blue) / span + 6) % 6 : most === green ? (blue - red) / span + 2 : (red - green) / span + 4;
  return [sixth * 60, span / most, most / 255];
}

/**
 * @param {number} hue
 * @param {number} saturation
 * @param {number} value
 */
function rgb(hue, saturation, value) {
  return [5, 3, 1].map((offset) => {
    const at = (offset + hue / 60) % 6;
    return 255 * (value - value * saturation * Math.max(0, Math.min(at, 4 - at, 1)));
  });
}
