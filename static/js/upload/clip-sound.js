/** Another sound under a clip, in the place of its own, or for an album: found by words, listened to, chosen, mixed. */

const WAIT_MS = 300;

/** @typedef {{id: string, title: string, url: string, author: {username: string, name: string}, viewer: {may_use: boolean}}} Sound */

export class ClipSound extends EventTarget {
  /**
   * Events: "change".
   * @param {HTMLElement} section
   */
  constructor(section) {
    super();
    const find = (/** @type {string} */ name) => /** @type {HTMLElement} */ (section.querySelector(`[data-sound-${name}]`));
    this.section = section;
    this.chosen = find("chosen");
    this.name = find("name");
    this.player = /** @type {HTMLAudioElement} */ (find("player"));
    this.results = find("results");
    this.none = find("none");
    this.original = this.name.textContent ?? "";
    this.search = /** @type {HTMLInputElement} */ (find("search"));
    let timer = 0;
    this.search.addEventListener("input", (event) => {
      event.stopPropagation();
      clearTimeout(timer);
      timer = window.setTimeout(() => this.find(this.search.value.trim()), WAIT_MS);
    });
    this.search.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
    find("drop").addEventListener("click", () => {
      this.choose(null);
      this.dispatchEvent(new Event("change"));
    });
    section.addEventListener("input", () => this.draw());
    this.draw();
  }

  /** @param {string} name @returns {HTMLInputElement} levels are those of clips: an album is heard with its sound alone */
  input(name) {
    return /** @type {HTMLInputElement} */ (this.section.querySelector(`[name="${name}"]`));
  }

  /** @returns {{sound_id?: string, sound_level?: number, own_level?: number}} as `POST videos` takes it */
  details() {
    if (this.section.hidden) return {};
    const own = Number(this.input("own_level").value);
    const sound = this.input("sound_id").value;
    return {
      ...(own === 100 ? {} : { own_level: own }),
      ...(sound ? { sound_id: sound, sound_level: Number(this.input("sound_level").value) } : {}),
    };
  }

  /** @param {{sound_id?: string, sound_level?: number, own_level?: number}} details */
  async set({ sound_id: id = "", sound_level: level = 100, own_level: own = 100 }) {
    this.input("sound_level").value = String(level);
    this.input("own_level").value = String(own);
    if (this.input("sound_id").value === id) return this.draw();
    this.choose(null);
    if (!id) return;
    const answer = await fetch(`/api/v1/sounds/${id}`, { headers: { Accept: "application/json" } }).catch(() => null);
    // Gone since: the clip is published with its own sound, as the card now says.
    if (answer?.ok) this.choose(await answer.json());
  }

  /** @param {Sound | null} sound */
  choose(sound) {
    this.input("sound_id").value = sound?.id ?? "";
    this.name.textContent = sound ? label(sound) : "";
    if (sound) this.player.src = sound.url;
    else this.player.removeAttribute("src");
    this.draw();
  }

  /** @param {string} text */
  async find(text) {
    const query = new URLSearchParams({ q: text, type: "sounds", remember: "false" });
    const answer = text ? await fetch(`/api/v1/search?${query}`, { headers: { Accept: "application/json" } }).catch(() => null) : null;
    if (text !== this.search.value.trim()) return;
    const found = answer?.ok ? /** @type {{results: Sound[]}} */ (await answer.json()).results.filter((one) => one.viewer.may_use) : [];
    this.none.hidden = !text || found.length > 0;
    this.results.replaceChildren(...found.map((one) => this.row(one)));
  }

  /** @param {Sound} sound */
  row(sound) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "sound__result", textContent: label(sound) });
    button.addEventListener("click", () => {
      this.choose(sound);
      this.results.replaceChildren();
      this.search.value = "";
      this.dispatchEvent(new Event("change"));
    });
    const row = document.createElement("li");
    row.append(button);
    return row;
  }

  draw() {
    this.chosen.hidden = !this.input("sound_id").value;
    for (const output of this.section.querySelectorAll("[data-level]")) output.textContent = `${this.input(/** @type {HTMLElement} */ (output).dataset.level ?? "").value}%`;
  }
}

/** @param {Sound} sound */
const label = (sound) => `${sound.title || "♪"} · ${sound.author.name || sound.author.username}`;
