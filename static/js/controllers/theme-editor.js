import { contrast, READABLE, readable } from "../chat/contrast.js";
import { Ground } from "../chat/ground.js";
import { Wheel } from "../chat/wheel.js";
import { say } from "../lib/strings.js";

const PAIRS = /** @type {const} */ ([["own", "own_text", "own_color"], ["other", "other_text", "other_color"]]);

/** The editor of a theme: a wheel for whichever colour is chosen, and a room that shows all of it as it will be. */
export function connect(/** @type {HTMLElement} */ element) {
  const editor = new Editor(/** @type {HTMLFormElement} */ (element));
  return () => editor.ground.end();
}

class Editor {
  /** @type {Map<number, {url: string, width: number, height: number}>} */ pictures = new Map();

  constructor(/** @type {HTMLFormElement} */ form) {
    this.form = form;
    const find = (/** @type {string} */ what) => /** @type {HTMLElement} */ (form.querySelector(what));
    this.ground = new Ground(find("[data-stage]"), find("[data-stage-scroll]"));
    this.notes = find("[data-contrast]");
    this.save = /** @type {HTMLButtonElement} */ (find("[data-save]"));
    this.colors = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("input[type=color]")]);
    this.layers = /** @type {HTMLElement[]} */ ([...form.querySelectorAll("[data-layer]")]);
    this.wheel = new Wheel(find("[data-wheel]"), (color) => { this.chosen.value = color; this.draw(); });
    this.chosen = this.colors[1];
    for (const part of ["[data-view]", "[data-wheel]", "[data-contrast]"]) find(part).hidden = false;
    for (const input of this.colors) {
      // The wheel stands in for the browser's own dialog.
      input.addEventListener("click", (event) => { event.preventDefault(); this.choose(input); });
      input.addEventListener("focus", () => this.choose(input));
      input.addEventListener("input", () => { this.choose(input); this.draw(); });
    }
    for (const layer of this.layers) this.bind(layer);
    form.addEventListener("change", () => this.draw());
    form.addEventListener("input", () => this.draw());
    this.choose(this.chosen);
    this.draw();
    const scroller = find("[data-stage-scroll]");
    scroller.scrollTop = scroller.scrollHeight;
  }

  /** @param {HTMLElement} layer */
  bind(layer) {
    const place = Number(layer.dataset.layer);
    const { keptUrl: url, keptWidth, keptHeight } = layer.dataset;
    if (url) this.pictures.set(place, { url, width: Number(keptWidth), height: Number(keptHeight) });
    const input = /** @type {HTMLInputElement} */ (layer.querySelector("input[type=file]"));
    input.addEventListener("change", () => this.read(place, input.files?.[0]));
    layer.querySelector("[data-drop]")?.addEventListener("click", () => {
      input.value = "";
      layer.querySelector("[data-keep]")?.remove();
      layer.querySelector("img")?.remove();
      this.pictures.delete(place);
      this.draw();
    });
  }

  /**
   * @param {number} place
   * @param {File | undefined} file
   */
  async read(place, file) {
    if (!file) return;
    const picture = new Image();
    picture.src = URL.createObjectURL(file);
    try {
      await picture.decode();
    } catch {
      return; // not a picture this browser knows: the server says what is wrong with it
    }
    this.pictures.set(place, { url: picture.src, width: picture.naturalWidth, height: picture.naturalHeight });
    this.draw();
  }

  /** @param {HTMLInputElement} input */
  choose(input) {
    this.chosen = input;
    for (const one of this.colors) one.closest("label")?.classList.toggle("is-chosen", one === input);
    const name = this.form.querySelector("[data-wheel-name]");
    if (name) name.textContent = input.closest("label")?.textContent?.trim() ?? "";
    this.wheel.show(input.value);
  }

  draw() {
    const given = /** @type {Record<string, any>} */ (Object.fromEntries(new FormData(this.form)));
    const most = given.background === "color" ? 0 : given.background === "image" ? 1 : this.layers.length;
    this.layers.forEach((layer, place) => {
      layer.hidden = place >= most;
      const drop = /** @type {HTMLElement} */ (layer.querySelector("[data-drop]"));
      drop.hidden = !this.pictures.has(place);
      const speed = /** @type {HTMLElement} */ (layer.querySelector(".theme-layer__speed"));
      speed.hidden = given.background !== "parallax";
    });
    /** @type {HTMLElement} */ (this.form.querySelector("[data-layers]")).hidden = !most;
    const layers = [...this.pictures].filter(([place]) => place < most).sort(([a], [b]) => a - b)
      .map(([place, picture]) => ({ ...picture, speed: Number(given[`speed_${place}`]) }));
    this.ground.dress(/** @type {any} */ ({ ...given, layers }));
    this.judge(given);
  }

  /** @param {Record<string, string>} given */
  judge(given) {
    this.notes.replaceChildren();
    let low = false;
    for (const [who, text, ground] of PAIRS) {
      const ratio = contrast(given[text], given[ground]);
      const note = document.createElement("p");
      note.textContent = `${say(who === "own" ? "contrastOwn" : "contrastOther")}: ${say("contrastRatio", { ratio: Math.floor(ratio * 10) / 10 })}`;
      if (ratio < READABLE) {
        low = true;
        note.className = "is-low";
        note.append(`, ${say("contrastLow")} `);
        const mend = document.createElement("button");
        mend.type = "button";
        mend.className = "button button--small";
        mend.textContent = say("contrastMend");
        mend.addEventListener("click", () => this.mend(text, readable(given[text], given[ground])));
        note.append(mend);
      }
      this.notes.append(note);
    }
    this.save.disabled = low;
  }

  /**
   * @param {string} field
   * @param {string} color
   */
  mend(field, color) {
    const input = this.colors.find((one) => one.name === field);
    if (!input) return;
    input.value = color;
    this.choose(input);
    this.draw();
  }
}
