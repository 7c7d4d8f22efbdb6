import { say } from "../lib/strings.js";
import { toast } from "../lib/toast.js";
import { clock, megabytes } from "../lib/format.js";
import { coverPicker } from "../upload/cover.js";
import * as memory from "../upload/memory.js";
import { follow, newKey, publish } from "../upload/publish.js";
import { showTransfer } from "../upload/transfer-view.js";
import { Transfer } from "../upload/tus.js";

/** @typedef {import("../upload/tus.js").Problem} Problem */

/** The upload page: pick, send, describe, publish, watch it become ready. */
export function connect(/** @type {HTMLElement} */ element) {
  new UploadPage(/** @type {HTMLFormElement} */ (element)).begin();
}

class UploadPage {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.csrf = document.body.dataset.csrf ?? "";
    this.picker = coverPicker(this.part("[data-cover]"));
    /** @type {Transfer | null} */
    this.transfer = null;
    this.wanted = false;
    this.preview = "";
  }

  /** @param {string} selector @returns {HTMLElement} */
  part(selector) {
    return /** @type {HTMLElement} */ (this.form.querySelector(selector));
  }

  /** @param {string} name @returns {any} */
  field(name) {
    return this.form.elements.namedItem(name);
  }

  begin() {
    const input = /** @type {HTMLInputElement} */ (this.part("[name='file']"));
    // A file kept from before a reload is not in the input; `unfit` checks what a form could.
    input.required = false;
    input.addEventListener("change", () => input.files?.[0] && this.take(input.files[0]));
    this.listenForDrops();
    this.part("[data-pause]").addEventListener("click", () => this.transfer?.pause());
    this.part("[data-resume]").addEventListener("click", () => {
      this.problem("");
      this.transfer?.start();
    });
    this.part("[data-cancel]").addEventListener("click", () => this.cancel());
    this.part("[data-continue-forget]").addEventListener("click", () => {
      memory.forget();
      this.part("[data-continue]").hidden = true;
    });
    this.part("[data-retry]").addEventListener("click", () => this.retry());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.wanted = true;
      this.publishIfComplete();
    });
    this.form.addEventListener("input", () => this.noteDetails());
    this.part("[data-cover]").addEventListener("cover", () => this.noteDetails());
    window.addEventListener("beforeunload", (event) => {
      if (this.transfer?.state === "sending" || this.wanted) event.preventDefault();
    });
    // Chosen before this script was there: nobody told us.
    if (input.files?.[0]) this.take(input.files[0]);
    else this.offerToContinue();
  }

  listenForDrops() {
    const zone = this.part("[data-drop]");
    const over = (/** @type {boolean} */ on) => (/** @type {Event} */ event) => {
      event.preventDefault();
      zone.classList.toggle("is-over", on);
    };
    for (const name of ["dragenter", "dragover"]) document.addEventListener(name, over(true));
    for (const name of ["dragleave", "drop"]) document.addEventListener(name, over(false));
    document.addEventListener("drop", (event) => {
      const file = event.dataTransfer?.files[0];
      if (file && this.form.dataset.state === "pick") this.take(file);
    });
  }

  /** After a reload: go on with the kept file, or ask for it. */
  async offerToContinue() {
    const left = memory.unfinished();
    if (!left?.url) return;
    const file = await memory.kept();
    if (file && memory.fingerprint(file) === left.fingerprint) return this.take(file);
    this.part("[data-continue-title]").textContent = say("unfinished", { name: left.name, percent: Math.floor((left.sent / left.size) * 100) });
    this.part("[data-continue]").hidden = false;
  }

  /** @param {File} file */
  async take(file) {
    const wrong = this.unfit(file);
    this.problem(wrong);
    if (wrong) return;
    const left = memory.unfinished();
    const same = left?.fingerprint === memory.fingerprint(file) ? left : null;
    if (!same) {
      memory.forget();
      memory.note({ fingerprint: memory.fingerprint(file), name: file.name, size: file.size, sent: 0, key: newKey() });
      memory.keep(file);
    } else this.recallDetails(same);
    this.form.dataset.state = "work";
    this.part("[data-name]").textContent = file.name;
    this.preview = URL.createObjectURL(file);
    this.send(file, same?.url ?? null);
    const seconds = await this.picker.show(this.preview, same?.coverAt);
    const max = Number(this.form.dataset.maxSeconds);
    if (max && seconds > max + 1) {
      await this.cancel();
      this.problem(say("tooLong", { have: clock(seconds), max: clock(max) }));
    }
  }

  /** @param {File} file @returns {string} what is wrong with it, in words */
  unfit(file) {
    const max = Number(this.form.dataset.maxBytes);
    if (!file.size) return say("emptyFile");
    if (max && file.size > max) return say("tooLarge", { size: megabytes(file.size), max: megabytes(max) });
    if (file.type && !file.type.startsWith("video/") && !/\.(mkv|mov|m4v|mp4|webm)$/i.test(file.name)) return say("notVideo");
    return "";
  }

  /**
   * @param {File} file
   * @param {string | null} url
   */
  send(file, url) {
    const transfer = (this.transfer = new Transfer(file, { endpoint: this.form.dataset.uploads ?? "", csrf: this.csrf, name: file.name, url }));
    transfer.addEventListener("change", () => {
      showTransfer(this.part("[data-transfer]"), transfer);
      this.labelButton();
      if (transfer.state === "sending") memory.note({ sent: transfer.sent });
    });
    transfer.addEventListener("created", () => memory.note({ url: transfer.url ?? "" }));
    transfer.addEventListener("done", () => this.publishIfComplete());
    transfer.addEventListener("refused", (event) => this.refused(/** @type {CustomEvent<Problem>} */ (event).detail));
    transfer.start();
  }

  /** @param {Problem} problem */
  refused({ status, detail }) {
    this.wanted = false;
    this.labelButton();
    this.problem(status === 401 ? say("signedOut") : detail ? say("refused", { detail }) : say("failed"));
    if (status !== 401) memory.forget();
  }

  async cancel() {
    this.wanted = false;
    await this.transfer?.cancel();
    this.transfer = null;
    memory.forget();
    this.problem("");
    URL.revokeObjectURL(this.preview);
    /** @type {HTMLInputElement} */ (this.part("[name='file']")).value = "";
    this.form.dataset.state = "pick";
    this.labelButton();
  }

  labelButton() {
    const button = /** @type {HTMLButtonElement} */ (this.part("[data-publish]"));
    const complete = this.transfer?.state === "done";
    const busy = this.wanted && complete;
    button.textContent = say(busy ? "publishing" : this.wanted ? "publishLater" : "publish");
    button.disabled = this.wanted;
    this.part("[data-publish-note]").hidden = !this.wanted || complete;
  }

  details() {
    const cover = this.picker.at();
    return {
      upload_id: this.transfer?.id ?? "",
      caption: this.field("caption").value.trim(),
      audience: this.field("audience").value,
      allow_comments: this.field("allow_comments").value,
      ...this.options(),
      ...(cover === null ? {} : { cover_at_ms: cover }),
    };
  }

  /** What stands under "More options". */
  options() {
    const on = (/** @type {string} */ name) => this.switch(name).checked;
    const later = this.field("publish_at").value;
    return { allow_duet: on("allow_duet"), allow_sound: on("allow_sound"), allow_download: on("allow_download"), mature: on("mature"), draft: on("draft"), ...(later ? { publish_at: later } : {}) };
  }

  /** @param {string} name @returns {HTMLInputElement} */
  switch(name) {
    return /** @type {HTMLInputElement} */ (this.part(`[type="checkbox"][name="${name}"]`));
  }

  noteDetails() {
    if (!this.transfer) return;
    const { caption, audience, allow_comments: comments, cover_at_ms: coverAt } = this.details();
    const { publish_at: later, ...switches } = this.options();
    memory.note({ caption, audience, comments, switches, coverAt });
  }

  /** @param {import("../upload/memory.js").Unfinished} left */
  recallDetails(left) {
    if (left.caption) this.field("caption").value = left.caption;
    if (left.audience) this.field("audience").value = left.audience;
    if (left.comments) this.field("allow_comments").value = left.comments;
    for (const [name, on] of Object.entries(left.switches ?? {})) this.switch(name).checked = on;
    this.field("caption").dispatchEvent(new Event("input"));
  }

  async publishIfComplete() {
    this.labelButton();
    if (!this.wanted || this.transfer?.state !== "done") return;
    try {
      const key = memory.unfinished()?.key ?? newKey();
      const video = await publish(this.form.dataset.videos ?? "", this.details(), { csrf: this.csrf, key });
      memory.forget();
      this.wanted = false;
      this.videoUrl = `${this.form.dataset.videos}/${video.id}`;
      this.watch(video.id);
    } catch (thrown) {
      const { status, detail } = /** @type {Problem} */ (thrown);
      this.wanted = false;
      this.labelButton();
      this.problem(status ? detail || say("failed") : say("offline"));
    }
  }

  /** @param {string} id */
  async watch(id) {
    this.become("processing");
    const meter = /** @type {HTMLProgressElement} */ (this.part("[data-processing-meter]"));
    const text = this.part("[data-processing-percent]");
    const end = await follow(this.videoUrl ?? "", (status) => {
      const moving = status?.processing_state === "processing";
      if (moving) meter.value = status.progress * 1000;
      else if (status) meter.removeAttribute("value");
      text.textContent = !status ? say("statusLost") : moving ? `${Math.round(status.progress * 100)}%` : say("queued");
    });
    if (end.processing_state === "failed") {
      this.part("[data-failed-text]").textContent = end.error?.detail || say("failedGeneric");
      return this.become("failed");
    }
    const address = `/@${document.body.dataset.user}/video/${id}`;
    /** @type {HTMLAnchorElement} */ (this.part("[data-live-link]")).href = address;
    this.part("[data-live-share]").dataset.url = address;
    const { draft, publish_at: later } = this.options();
    const waits = draft ? "draft" : later && new Date(later) > new Date() ? "later" : "";
    const kind = waits || (this.field("audience").value === "only_me" ? "alone" : "everyone");
    for (const text of this.form.querySelectorAll("[data-live-text]")) /** @type {HTMLElement} */ (text).hidden = /** @type {HTMLElement} */ (text).dataset.liveText !== kind;
    this.part("[data-live-share]").hidden = Boolean(waits);
    this.part("[data-live-title]").hidden = Boolean(waits);
    this.part("[data-kept-title]").hidden = !waits;
    this.become("live");
  }

  async retry() {
    const response = await fetch(`${this.videoUrl}/retry`, { method: "POST", headers: { "X-CSRFToken": this.csrf, "Idempotency-Key": newKey() } }).catch(() => null);
    if (!response?.ok) return toast(say("failed"), "error");
    this.watch((this.videoUrl ?? "").split("/").pop() ?? "");
  }

  /** @param {"processing" | "live" | "failed"} state */
  become(state) {
    this.form.dataset.state = state;
    this.problem("");
    const section = this.part(`[data-result="${state}"]`);
    const video = /** @type {HTMLVideoElement | null} */ (section.querySelector("[data-result-video]"));
    if (video && this.preview) {
      video.src = this.preview;
      video.play().catch(() => undefined);
    }
    if (section.tabIndex === -1) section.focus();
    window.scrollTo({ top: 0 });
  }

  /** @param {string} text empty hides it */
  problem(text) {
    const box = this.part("[data-problem]");
    box.textContent = text;
    box.hidden = !text;
  }
}
