/** What a video answers or stands beside: its cards on the upload page, and the original that plays beside. */

/** @typedef {{id: string, author: string, text: string, url: string}} Other */
/** @typedef {{reply_to?: Other, duet_of?: Other}} About */

const NAMES = /** @type {const} */ (["reply_to", "duet_of"]);

/** Events: "change" (somebody took a card away), "gone" (the original cannot be shown). */
export class Relation extends EventTarget {
  /**
   * @param {HTMLFormElement} form
   * @param {string} endpoint of videos
   */
  constructor(form, endpoint) {
    super();
    this.form = form;
    this.endpoint = endpoint;
    /** @type {NodeListOf<HTMLVideoElement>} */
    this.screens = form.querySelectorAll("[data-beside]");
    /** @type {About} */
    this.about = Object.fromEntries(NAMES.filter((name) => this.input(name).value).map((name) => [name, this.read(name)]));
    for (const name of NAMES) {
      this.part(name, "drop").addEventListener("click", () => {
        const { [name]: _, ...rest } = this.about;
        this.set(rest);
        this.dispatchEvent(new Event("change"));
      });
    }
    const preview = /** @type {HTMLVideoElement} */ (form.querySelector("[data-cover-video]"));
    const beside = /** @type {HTMLVideoElement} */ (preview.parentElement?.querySelector("[data-beside]"));
    preview.addEventListener("seeked", () => (beside.currentTime = preview.currentTime));
    this.play();
  }

  /** @returns {{reply_to?: string, duet_of?: string}} as `POST videos` takes it */
  details() {
    return Object.fromEntries(NAMES.flatMap((name) => (this.about[name] ? [[name, this.about[name].id]] : [])));
  }

  /** @param {About} about */
  set(about) {
    const before = this.about.duet_of?.id;
    this.about = about;
    for (const name of NAMES) {
      const other = about[name];
      this.input(name).value = other?.id ?? "";
      this.card(name).hidden = !other;
      if (!other) continue;
      /** @type {HTMLAnchorElement} */ (this.part(name, "link")).href = other.url;
      this.part(name, "author").textContent = other.author;
      if (name === "reply_to") this.part(name, "text").textContent = other.text;
    }
    if (before !== about.duet_of?.id) this.play();
  }

  /** Show the original on every screen beside ours, or none. */
  async play() {
    const id = this.about.duet_of?.id;
    this.show("");
    if (!id) return;
    const answer = await fetch(`${this.endpoint}/${id}`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (this.about.duet_of?.id !== id) return;
    const sources = answer?.ok ? (await answer.json()).sources : [];
    // Half a screen wide: the middle one is sharp enough.
    const source = sources[Math.floor(sources.length / 2)];
    if (source) this.show(source.url);
    else this.dispatchEvent(new Event("gone"));
  }

  /** @param {string} url empty for none */
  show(url) {
    for (const screen of this.screens) {
      screen.hidden = !url;
      screen.parentElement?.classList.toggle("is-duet", Boolean(url));
      if (url) screen.src = url;
      else screen.removeAttribute("src");
    }
  }

  /** @param {typeof NAMES[number]} name @returns {Other} */
  read(name) {
    return {
      id: this.input(name).value,
      author: this.part(name, "author").textContent ?? "",
      text: name === "reply_to" ? (this.part(name, "text").textContent ?? "") : "",
      url: this.part(name, "link").getAttribute("href") ?? "",
    };
  }

  /** @param {string} name @returns {HTMLInputElement} */
  input(name) {
    return /** @type {HTMLInputElement} */ (this.form.elements.namedItem(name));
  }

  /** @param {string} name @returns {HTMLElement} */
  card(name) {
    return /** @type {HTMLElement} */ (this.form.querySelector(`[data-relation-card="${name}"]`));
  }

  /** @param {string} name @param {string} part @returns {HTMLElement} */
  part(name, part) {
    return /** @type {HTMLElement} */ (this.card(name).querySelector(`[data-relation-${part}]`));
  }
}
