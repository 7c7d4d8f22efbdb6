/** A picture in the place of a frame: sent at once, shown over the preview, named when the video is published. */

import { Transfer } from "./tus.js";

export class CoverPicture extends EventTarget {
  /**
   * Events: "change", "refused" (detail: Problem).
   * @param {HTMLElement} figure
   * @param {{endpoint: string, csrf: string}} options
   */
  constructor(figure, { endpoint, csrf }) {
    super();
    const find = (/** @type {string} */ name) => /** @type {HTMLElement} */ (figure.querySelector(`[data-cover-${name}]`));
    this.options = { endpoint, csrf };
    this.image = /** @type {HTMLImageElement} */ (find("picture"));
    this.choose = find("file");
    this.input = /** @type {HTMLInputElement} */ (this.choose.querySelector("input"));
    this.back = find("frame");
    this.frames = find("frames");
    this.help = find("help");
    this.id = "";
    /** @type {Transfer | null} */
    this.transfer = null;
    this.input.addEventListener("change", () => this.input.files?.[0] && this.take(this.input.files[0]));
    this.back.addEventListener("click", () => {
      this.transfer?.cancel();
      this.set("");
      this.dispatchEvent(new Event("change"));
    });
  }

  /** Whether the bytes are still on their way. */
  get isComing() {
    return this.transfer !== null && this.transfer.state !== "done";
  }

  /** @returns {{cover_upload_id?: string}} as `POST videos` takes it */
  details() {
    return this.id ? { cover_upload_id: this.id } : {};
  }

  /** @param {string} id of a picture sent before, empty for none */
  set(id) {
    this.id = id;
    this.transfer = null;
    this.input.value = "";
    URL.revokeObjectURL(this.image.src);
    this.image.removeAttribute("src");
    this.draw();
  }

  /** @param {File} file */
  take(file) {
    this.set("");
    this.image.src = URL.createObjectURL(file);
    const transfer = new Transfer(file, { ...this.options, name: file.name });
    this.transfer = transfer;
    transfer.addEventListener("done", () => {
      if (this.transfer !== transfer) return;
      this.id = transfer.id;
      this.dispatchEvent(new Event("change"));
    });
    transfer.addEventListener("refused", (event) => {
      if (this.transfer !== transfer) return;
      this.set("");
      this.dispatchEvent(new CustomEvent("refused", { detail: /** @type {CustomEvent} */ (event).detail }));
    });
    transfer.start();
    this.draw();
  }

  draw() {
    const chosen = Boolean(this.id || this.transfer);
    this.image.hidden = !this.image.hasAttribute("src");
    this.choose.hidden = chosen;
    this.back.hidden = !chosen;
    this.frames.hidden = this.help.hidden = chosen;
  }
}
