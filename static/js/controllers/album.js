import { megabytes } from "../lib/format.js";
import { say } from "../lib/strings.js";
import { ClipSound } from "../upload/clip-sound.js";
import { follow, newKey, publish } from "../upload/publish.js";
import { Transfer } from "../upload/tus.js";

/** @typedef {import("../upload/tus.js").Problem} Problem */
/** @typedef {{file: File, element: HTMLElement, transfer: Transfer}} Shot */

const AT_ONCE = 2;
const TYPES = ["image/jpeg", "image/png", "image/webp"];

/** The page where an album is put together: choose, order, send while words are written, publish. */
export function connect(/** @type {HTMLElement} */ element) {
  new AlbumPage(/** @type {HTMLFormElement} */ (element)).begin();
}

class AlbumPage {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.csrf = document.body.dataset.csrf ?? "";
    this.key = newKey();
    /** In the order in which they are shown. @type {Shot[]} */
    this.shots = [];
    this.wanted = false;
  }

  /** @param {string} selector @returns {HTMLElement} */
  part(selector) {
    return /** @type {HTMLElement} */ (this.form.querySelector(selector));
  }

  begin() {
    new ClipSound(this.part("[data-clip-sound]"));
    const input = /** @type {HTMLInputElement} */ (this.part("[name='photos']"));
    input.required = false;
    const chosen = () => {
      this.take([...(input.files ?? [])]);
      input.value = "";
    };
    input.addEventListener("change", chosen);
    if (input.files?.length) chosen();
    const zone = this.part("[data-drop]");
    for (const name of ["dragover", "dragleave", "drop"]) {
      zone.addEventListener(name, (event) => {
        event.preventDefault();
        zone.classList.toggle("is-over", name === "dragover");
      });
    }
    zone.addEventListener("drop", (event) => this.take([...(event.dataTransfer?.files ?? [])]));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.shots.length) return this.problem(say("noPicture"));
      this.problem("");
      this.wanted = true;
      this.publishIfComplete();
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.wanted || this.shots.some(({ transfer }) => transfer.state === "sending")) event.preventDefault();
    });
  }

  /** @param {File[]} files */
  take(files) {
    this.problem("");
    for (const file of files) {
      const wrong = this.unfit(file);
      if (wrong) this.problem(wrong);
      else this.add(file);
    }
    this.number();
    this.sendNext();
  }

  /** @param {File} file @returns {string} what is wrong with it, in words */
  unfit(file) {
    const most = Number(this.form.dataset.most);
    const max = Number(this.form.dataset.maxBytes);
    if (this.shots.length >= most) return say("tooMany", { most });
    if (!file.size || !TYPES.includes(file.type)) return say("notPicture", { name: file.name });
    if (file.size > max) return say("pictureTooLarge", { name: file.name, size: megabytes(file.size), max: megabytes(max) });
    return "";
  }

  /** @param {File} file */
  add(file) {
    const template = /** @type {HTMLTemplateElement} */ (this.part("[data-album-item]"));
    const element = /** @type {HTMLElement} */ (template.content.cloneNode(true).firstChild);
    const picture = /** @type {HTMLImageElement} */ (element.querySelector("img"));
    picture.src = URL.createObjectURL(file);
    picture.alt = file.name;
    const transfer = new Transfer(file, { endpoint: this.form.dataset.uploads ?? "", csrf: this.csrf, name: file.name });
    const shot = { file, element, transfer };
    const meter = /** @type {HTMLProgressElement} */ (element.querySelector("progress"));
    transfer.addEventListener("change", () => (meter.value = (100 * transfer.sent) / file.size));
    transfer.addEventListener("done", () => {
      element.classList.add("is-done");
      this.sendNext();
      this.publishIfComplete();
    });
    transfer.addEventListener("refused", (event) => this.refused(shot, /** @type {CustomEvent<Problem>} */ (event).detail));
    element.addEventListener("click", (event) => {
      const button = /** @type {HTMLElement} */ (event.target).closest("button");
      if (button?.dataset.move) this.move(shot, this.shots.indexOf(shot) + Number(button.dataset.move));
      else if (button) this.remove(shot);
      if (button?.isConnected) button.focus();
    });
    this.draggable(shot);
    this.shots.push(shot);
    this.part("[data-album-list]").append(element);
  }

  /** @param {Shot} shot */
  draggable(shot) {
    const { element } = shot;
    element.addEventListener("dragstart", () => {
      element.classList.add("is-dragged");
      this.dragged = shot;
    });
    element.addEventListener("dragend", () => {
      element.classList.remove("is-dragged");
      this.dragged = undefined;
    });
    element.addEventListener("dragover", (event) => {
      if (!this.dragged) return;
      event.preventDefault();
      if (this.dragged !== shot) this.move(this.dragged, this.shots.indexOf(shot));
    });
  }

  /** @param {Shot} shot @param {number} to */
  move(shot, to) {
    if (this.wanted || to < 0 || to >= this.shots.length) return;
    this.shots.splice(this.shots.indexOf(shot), 1);
    this.shots.splice(to, 0, shot);
    this.part("[data-album-list]").insertBefore(shot.element, this.shots[to + 1]?.element ?? null);
    this.number();
  }

  /** @param {Shot} shot */
  remove(shot) {
    if (this.wanted) return;
    shot.transfer.cancel();
    this.shots.splice(this.shots.indexOf(shot), 1);
    shot.element.remove();
    URL.revokeObjectURL(/** @type {HTMLImageElement} */ (shot.element.querySelector("img")).src);
    this.number();
    this.sendNext();
  }

  number() {
    this.shots.forEach(({ element }, at) => {
      /** @type {HTMLElement} */ (element.querySelector("[data-number]")).textContent = String(at + 1);
      for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (element.querySelectorAll("[data-move]"))) {
        button.disabled = button.dataset.move === "1" ? at === this.shots.length - 1 : at === 0;
      }
    });
  }

  sendNext() {
    const busy = this.shots.filter(({ transfer }) => ["sending", "waiting"].includes(transfer.state) || (transfer.state === "connecting" && transfer.run)).length;
    const next = this.shots.filter(({ transfer }) => transfer.state === "connecting" && !transfer.run);
    for (const { transfer } of next.slice(0, Math.max(0, AT_ONCE - busy))) transfer.start();
  }

  /** @param {Shot} shot @param {Problem} problem */
  refused({ file, element }, { status, detail }) {
    element.classList.add("is-wrong");
    this.unwanted(status === 401 ? say("signIn") : say("pictureRefused", { name: file.name, detail }));
    this.sendNext();
  }

  details() {
    const data = new FormData(this.form);
    const on = (/** @type {string} */ name) => data.getAll(name).includes("true");
    const later = String(data.get("publish_at") ?? "");
    return {
      photos: this.shots.map(({ transfer }) => transfer.id),
      caption: String(data.get("caption")).trim(),
      audience: String(data.get("audience")),
      allow_comments: String(data.get("allow_comments")),
      ...(data.get("sound_id") ? { sound_id: String(data.get("sound_id")) } : {}),
      mature: on("mature"),
      draft: on("draft"),
      ...(later ? { publish_at: later } : {}),
    };
  }

  async publishIfComplete() {
    if (!this.wanted) return;
    const button = /** @type {HTMLButtonElement} */ (this.part("[data-publish]"));
    button.disabled = true;
    this.part("[data-note]").textContent = say("albumLater");
    if (this.publishing || this.shots.some(({ transfer }) => transfer.state !== "done")) return;
    this.publishing = true;
    try {
      const { id } = await publish(this.form.dataset.videos ?? "", this.details(), { csrf: this.csrf, key: this.key });
      this.part("[data-note]").textContent = say("albumPreparing");
      const end = await follow(`${this.form.dataset.videos}/${id}`, () => undefined);
      this.wanted = false;
      if (end.processing_state === "failed") return this.unwanted(end.error?.detail || say("failed"));
      location.assign(this.details().draft ? "/studio" : `/@${document.body.dataset.user}/video/${id}`);
    } catch (thrown) {
      const { status, detail } = /** @type {Problem} */ (thrown);
      this.unwanted(status ? detail || say("failed") : say("offline"));
    } finally {
      this.publishing = false;
    }
  }

  /** @param {string} why */
  unwanted(why) {
    this.wanted = false;
    /** @type {HTMLButtonElement} */ (this.part("[data-publish]")).disabled = false;
    this.part("[data-note]").textContent = "";
    this.problem(why);
  }

  /** @param {string} text empty hides it */
  problem(text) {
    const box = this.part("[data-problem]");
    box.textContent = text;
    box.hidden = !text;
  }
}
