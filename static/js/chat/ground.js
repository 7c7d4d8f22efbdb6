/**
 * Dresses a room in a theme, and moves its layers with what is scrolled. Layers stand still for whoever asked the system for
 * less motion.
 */

/** @typedef {{url: string, width: number, height: number, speed: number}} Layer */
/** @typedef {{background: string, bg_color: string, own_color: string, own_text: string, other_color: string, other_text: string, layers: Layer[]}} Theme */

const COLORS = { bg: "bg_color", own: "own_color", "own-text": "own_text", other: "other_color", "other-text": "other_text" };
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Ground {
  /** @type {{element: HTMLElement, layer: Layer}[]} */ #layers = [];
  #due = false;

  /**
   * @param {HTMLElement} room
   * @param {HTMLElement} scroller
   */
  constructor(room, scroller) {
    this.room = room;
    this.scroller = scroller;
    const move = () => this.#soon();
    scroller.addEventListener("scroll", move, { passive: true });
    calm.addEventListener("change", move);
    this.resized = new ResizeObserver(move);
    this.resized.observe(room);
    this.end = () => { calm.removeEventListener("change", move); this.resized.disconnect(); };
  }

  /** @param {Theme | null} theme null for the room as it is without one */
  dress(theme) {
    this.room.querySelector(":scope > .ground")?.remove();
    this.room.classList.toggle("is-dressed", Boolean(theme));
    this.#layers = [];
    for (const [name, field] of Object.entries(COLORS)) {
      if (theme) this.room.style.setProperty(`--theme-${name}`, /** @type {any} */ (theme)[field]);
      else this.room.style.removeProperty(`--theme-${name}`);
    }
    if (!theme) return;
    const ground = document.createElement("div");
    ground.className = "ground";
    for (const layer of theme.layers) {
      const element = document.createElement("div");
      element.className = `ground__layer${theme.background === "parallax" ? " ground__layer--tiled" : ""}`;
      element.style.backgroundImage = `url("${layer.url}")`;
      ground.append(element);
      if (theme.background === "parallax") this.#layers.push({ element, layer });
    }
    this.room.prepend(ground);
    this.#soon();
  }

  #soon() {
    if (this.#due || !this.#layers.length) return;
    this.#due = true;
    requestAnimationFrame(() => { this.#due = false; this.#move(); });
  }

  #move() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    // Counted from the end: what is loaded above does not make the ground jump.
    const risen = calm.matches ? 0 : scrollHeight - clientHeight - scrollTop;
    for (const { element, layer } of this.#layers) {
      const tile = Math.max(1, this.room.clientWidth * layer.height / layer.width);
      const shift = (risen * layer.speed) % tile;
      element.style.insetBlockStart = `${-tile}px`;
      element.style.blockSize = `calc(100% + ${tile}px)`;
      element.style.transform = `translate3d(0, ${shift.toFixed(1)}px, 0)`;
    }
  }
}
