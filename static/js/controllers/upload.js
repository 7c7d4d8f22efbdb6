import { say } from "../lib/strings.js";
import { toast } from "../lib/toast.js";
import { clock, megabytes } from "../lib/format.js";
import { ClipSound } from "../upload/clip-sound.js";
import { coverPicker } from "../upload/cover.js";
import { CoverPicture } from "../upload/cover-picture.js";
import { Cut } from "../upload/cut.js";
import { DirectTransfer } from "../upload/direct.js";
import * as memory from "../upload/memory.js";
import { follow, newKey, publish } from "../upload/publish.js";
import { Queue } from "../upload/queue.js";
import { showQueue } from "../upload/queue-view.js";
import { recorder } from "../upload/recorder.js";
import { Relation } from "../upload/relation.js";
import { showTransfer } from "../upload/transfer-view.js";
import { Transfer } from "../upload/tus.js";

/** @typedef {import("../upload/tus.js").Problem} Problem */
/** @typedef {import("../upload/queue.js").Item} Item */

const ASK_AGAIN_MS = 3000;

/** The upload page: pick or record, send, describe, publish, watch it become ready; several files one after the other. */
export function connect(/** @type {HTMLElement} */ element) {
  new UploadPage(/** @type {HTMLFormElement} */ (element)).begin();
}

class UploadPage {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.csrf = document.body.dataset.csrf ?? "";
    this.picker = coverPicker(this.part("[data-cover]"));
    this.queue = new Queue((file, entry) => this.transferOf(file, entry));
    /** The file whose details the form shows. @type {Item | null} */
    this.current = null;
    this.preview = "";
    this.relation = new Relation(form, form.dataset.videos ?? "");
    this.cut = new Cut(this.part("[data-cover]"), Number(form.dataset.maxSeconds));
    this.picture = new CoverPicture(this.part("[data-cover]"), { endpoint: form.dataset.uploads ?? "", csrf: this.csrf });
    this.sound = new ClipSound(this.part("[data-clip-sound]"));
    this.blank = this.details();
    /** What the page was opened for. */
    this.purpose = this.relation.about;
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
    // Without scripts the form sends one file.
    input.multiple = true;
    input.addEventListener("change", () => this.take(input.files));
    this.listenForDrops();
    recorder(this.part("[data-record]"), { maxSeconds: Number(this.form.dataset.maxSeconds), take: (file) => this.take([file]) });
    this.part("[data-pause]").addEventListener("click", () => this.current?.transfer.pause());
    this.part("[data-resume]").addEventListener("click", () => {
      this.problem("");
      this.current?.transfer.start();
    });
    this.part("[data-cancel]").addEventListener("click", () => this.drop(this.current));
    this.part("[data-continue-forget]").addEventListener("click", () => this.forgetLost());
    this.part("[data-retry]").addEventListener("click", () => this.retry());
    this.part("[data-next]").addEventListener("click", () => this.show(this.queue.items[0]));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.current) return;
      this.queue.note(this.current, { wanted: true, details: this.details(), about: this.relation.about });
      this.publishIfComplete(this.current);
    });
    this.form.addEventListener("input", () => this.noteDetails());
    this.part("[data-cover]").addEventListener("cover", () => this.noteDetails());
    for (const chosen of [this.cut, this.sound]) chosen.addEventListener("change", () => this.noteDetails());
    this.picture.addEventListener("change", () => {
      this.noteDetails();
      // Publish was pressed while the picture was on its way.
      if (this.current?.entry.wanted) this.publishIfComplete(this.current);
    });
    this.picture.addEventListener("refused", (event) => this.problem(/** @type {CustomEvent} */ (event).detail.detail || say("failed")));
    this.relation.addEventListener("change", () => this.drawSound());
    this.relation.addEventListener("change", () => this.current ? this.noteDetails() : (this.purpose = this.relation.about));
    this.relation.addEventListener("gone", () => toast(say("originalGone"), "error"));
    this.queue.addEventListener("change", (event) => this.changed(/** @type {CustomEvent} */ (event).detail.item));
    this.queue.addEventListener("done", (event) => this.publishIfComplete(/** @type {CustomEvent} */ (event).detail.item));
    this.queue.addEventListener("refused", (event) => this.refused(/** @type {CustomEvent} */ (event).detail));
    window.addEventListener("beforeunload", (event) => {
      if (this.queue.items.some(({ transfer, entry }) => transfer.state === "sending" || entry.wanted)) event.preventDefault();
    });
    this.restore();
    // Chosen before this script was there: nobody told us.
    if (input.files?.length) this.take(input.files);
    this.form.dataset.connected = "";
  }

  listenForDrops() {
    const zone = this.part("[data-drop]");
    const over = (/** @type {boolean} */ on) => (/** @type {Event} */ event) => {
      event.preventDefault();
      zone.classList.toggle("is-over", on);
    };
    for (const name of ["dragenter", "dragover"]) document.addEventListener(name, over(true));
    for (const name of ["dragleave", "drop"]) document.addEventListener(name, over(false));
    document.addEventListener("drop", (event) => this.take(event.dataTransfer?.files ?? []));
  }

  /** After a reload: go on with the kept files, or ask for one that was too large to keep. */
  async restore() {
    const [lost] = await this.queue.restore();
    if (!this.current && this.queue.items.length) this.show(this.queue.items[0]);
    if (!lost || this.queue.items.some(({ entry }) => entry.key === lost.key)) return;
    this.part("[data-continue-title]").textContent = say("unfinished", { name: lost.name, percent: Math.floor((lost.sent / lost.size) * 100) });
    this.part("[data-continue]").hidden = false;
  }

  forgetLost() {
    for (const { key } of memory.unfinished()) if (!this.queue.items.some(({ entry }) => entry.key === key)) memory.forget(key);
    this.part("[data-continue]").hidden = true;
  }

  /** @param {Iterable<File> | null | undefined} files */
  take(files) {
    this.problem("");
    for (const file of files ?? []) {
      const wrong = this.unfit(file);
      if (wrong) this.problem(wrong);
      else this.describe(this.queue.add(file));
    }
    if (!this.current && this.queue.items.length) this.show(this.queue.items[0]);
    this.draw();
  }

  /**
   * A file chosen on this page is meant for what the page was opened for, also after a reload.
   * @param {Item} item
   */
  describe(item) {
    const { details, about } = item.entry;
    if (!details && !about && Object.keys(this.purpose).length) this.queue.note(item, { about: this.purpose });
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
   * @param {memory.Unfinished} entry
   */
  transferOf(file, entry) {
    const Kind = "direct" in this.form.dataset ? DirectTransfer : Transfer;
    return new Kind(file, { endpoint: this.form.dataset.uploads ?? "", csrf: this.csrf, name: file.name, url: entry.url ?? null, key: entry.key });
  }

  /**
   * Describe this one now.
   * @param {Item} item
   */
  async show(item) {
    this.current = item;
    this.videoUrl = "";
    this.form.dataset.state = "work";
    this.part("[data-name]").textContent = item.file.name;
    this.fill(item.entry.details ?? this.blank);
    this.relation.set(item.entry.about ?? {});
    this.drawSound();
    URL.revokeObjectURL(this.preview);
    this.preview = URL.createObjectURL(item.file);
    this.problem("");
    this.changed(item);
    const details = item.entry.details ?? {};
    const start = details.trim_start_ms ?? 0;
    const seconds = await this.picker.show(this.preview, details.cover_at_ms === undefined ? undefined : details.cover_at_ms + start);
    if (this.current !== item) return;
    const [max, longest] = [Number(this.form.dataset.maxSeconds), Number(this.form.dataset.longestSeconds)];
    if (longest && seconds > longest) {
      await this.drop(item);
      return this.problem(say("tooLong", { have: clock(seconds), max: clock(longest) }));
    }
    this.cut.show(seconds, details);
    if (max && seconds > max + 1 && details.trim_end_ms === undefined) {
      this.noteDetails();
      toast(say("onlyAPart", { max: clock(max) }));
    }
  }

  /** @param {Item} item */
  changed(item) {
    if (item === this.current) {
      showTransfer(this.part("[data-transfer]"), item.transfer);
      this.labelButton();
    }
    this.draw();
  }

  draw() {
    const verbs = { choose: (/** @type {Item} */ item) => this.show(item), drop: (/** @type {Item} */ item) => this.drop(item) };
    showQueue(this.part("[data-queue]"), { items: this.queue.items, current: this.current }, verbs);
    const [next] = this.queue.items;
    this.part("[data-next]").hidden = !next;
    this.part("[data-another]").hidden = Boolean(next);
    if (next) this.part("[data-next-text]").textContent = say("next", { name: next.file.name });
  }

  /** @param {{item: Item, problem: Problem}} refusal */
  refused({ item, problem: { status, detail } }) {
    this.queue.note(item, { wanted: false });
    const text = status === 401 ? say("signedOut") : detail ? say("refused", { detail }) : say("failed");
    if (item === this.current) {
      this.labelButton();
      this.problem(text);
      if (status !== 401) memory.forget(item.entry.key);
    } else if (status !== 401) {
      toast(say("unfitOne", { name: item.file.name, why: text }), "error");
      this.queue.remove(item);
    }
  }

  /**
   * Take a file back, here and on the server.
   * @param {Item | null} item
   */
  async drop(item) {
    if (!item) return;
    await this.queue.remove(item, { cancel: true });
    if (item !== this.current) return;
    this.current = null;
    this.problem("");
    /** @type {HTMLInputElement} */ (this.part("[name='file']")).value = "";
    if (this.queue.items.length) return this.show(this.queue.items[0]);
    URL.revokeObjectURL(this.preview);
    this.relation.set(this.purpose);
    this.form.dataset.state = "pick";
    this.labelButton();
    this.draw();
  }

  /** A duet is heard with the sound of both. */
  drawSound() {
    this.part("[data-clip-sound]").hidden = Boolean(this.relation.about.duet_of);
  }

  labelButton() {
    const button = /** @type {HTMLButtonElement} */ (this.part("[data-publish]"));
    const complete = this.current?.transfer.state === "done";
    const wanted = Boolean(this.current?.entry.wanted);
    button.textContent = say(wanted && complete ? "publishing" : wanted ? "publishLater" : "publish");
    button.disabled = wanted;
    this.part("[data-publish-note]").hidden = !wanted || complete;
  }

  /** @returns {Record<string, any>} what the form says */
  details() {
    const cover = this.picker.at();
    const { trim_start_ms: start = 0, trim_end_ms: end = Infinity } = this.cut.details();
    return {
      caption: this.field("caption").value.trim(),
      audience: this.field("audience").value,
      allow_comments: this.field("allow_comments").value,
      ...this.options(),
      ...this.relation.details(),
      ...this.cut.details(),
      ...this.picture.details(),
      ...this.sound.details(),
      // Counted from where the part begins.
      ...(cover === null ? {} : { cover_at_ms: Math.max(0, Math.min(cover, end) - start) }),
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
    if (this.current && this.form.dataset.state === "work") this.queue.note(this.current, { details: this.details(), about: this.relation.about });
  }

  /** @param {Record<string, any>} details */
  fill(details) {
    for (const name of ["caption", "audience", "allow_comments"]) this.field(name).value = details[name] ?? this.blank[name];
    for (const name of ["allow_duet", "allow_sound", "allow_download", "mature", "draft"]) this.switch(name).checked = details[name] ?? this.blank[name];
    this.picture.set(details.cover_upload_id ?? "");
    this.sound.set(details);
    this.field("caption").dispatchEvent(new Event("input"));
  }

  /** @param {Item} item */
  async publishIfComplete(item) {
    this.changed(item);
    if (item === this.current && this.picture.isComing) return;
    if (!item.entry.wanted || item.transfer.state !== "done" || !this.queue.items.includes(item)) return;
    const details = /** @type {any} */ ({ ...item.entry.details, upload_id: item.transfer.id });
    try {
      const video = await publish(this.form.dataset.videos ?? "", details, { csrf: this.csrf, key: item.entry.key });
      await this.queue.remove(item);
      if (item === this.current) this.problem("");
      if (item !== this.current) return toast(say("publishedOne", { name: item.file.name }));
      this.videoUrl = `${this.form.dataset.videos}/${video.id}`;
      this.watch(video.id);
    } catch (thrown) {
      const { status, detail } = /** @type {Problem} */ (thrown);
      if (!status) {
        // The line broke, or this page is on its way out: still wanted, and the key makes asking again safe.
        if (item === this.current) this.problem(say("offline"));
        setTimeout(() => this.publishIfComplete(item), ASK_AGAIN_MS);
        return;
      }
      this.queue.note(item, { wanted: false });
      this.changed(item);
      if (item === this.current) this.problem(detail || say("failed"));
    }
  }

  /** @param {string} id */
  async watch(id) {
    this.become("processing");
    const url = this.videoUrl ?? "";
    const meter = /** @type {HTMLProgressElement} */ (this.part("[data-processing-meter]"));
    const text = this.part("[data-processing-percent]");
    const end = await follow(url, (status) => {
      const moving = status?.processing_state === "processing";
      if (moving) meter.value = status.progress * 1000;
      else if (status) meter.removeAttribute("value");
      text.textContent = !status ? say("statusLost") : moving ? `${Math.round(status.progress * 100)}%` : say("queued");
    });
    if (this.videoUrl !== url) return;
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
