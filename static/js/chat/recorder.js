/**
 * A voice message made in place: hold the button and let go, or press it and send. While it lasts, a bar over the composer
 * shows the level and the time. The microphone is let go of whatever happens.
 */

import { say } from "../lib/strings.js";
import { toast } from "../lib/toast.js";
import { call, freshId, uploadOne } from "./api.js";
import { clock, squeezed } from "./voice.js";

const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
const HOLD_MS = 350;
const LEAST_MS = 600;
const MOST_MS = 600_000;
const SAMPLE_MS = 80;
const CANCEL_PX = 80;
const PARTS = 64;
const TOP = 31;

/** @typedef {{blob: Blob, ms: number, levels: number[], client: string, file?: string}} Take */

export class Recorder {
  state = /** @type {"idle" | "asking" | "recording" | "sending" | "failed"} */ ("idle");
  /** @type {number[]} */ levels = [];
  /** @type {Take | null} */ take = null;

  /**
   * @param {HTMLElement} form the composer
   * @param {string} path of the conversation, below /api/v1/
   * @param {(told: any) => void} sent
   */
  constructor(form, path, sent) {
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (form.querySelector(`[data-voice-${name}]`));
    this.form = form;
    this.path = path;
    this.sent = sent;
    this.button = part("start");
    this.bar = part("bar");
    this.time = part("time");
    this.hint = part("hint");
    this.send = /** @type {HTMLButtonElement} */ (part("send"));
    this.canvas = /** @type {HTMLCanvasElement} */ (part("level"));
    if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) return;
    this.form.classList.add("can-record");
    this.button.addEventListener("pointerdown", (event) => this.pressed(event));
    this.button.addEventListener("contextmenu", (event) => event.preventDefault());
    // Without a pointer: the keyboard, or a screen reader's own click.
    this.button.addEventListener("click", (event) => event.detail === 0 && this.start());
    part("cancel").addEventListener("click", () => this.cancel());
    this.send.addEventListener("click", () => this.finish());
    this.bar.addEventListener("keydown", (event) => event.key === "Escape" && this.cancel());
    window.addEventListener("pagehide", () => this.release());
  }

  /** @param {PointerEvent} event */
  pressed(event) {
    if (event.button || this.state !== "idle") return;
    event.preventDefault();
    const from = { x: event.clientX, at: Date.now() };
    const off = new AbortController();
    const away = (/** @type {PointerEvent} */ now) => from.x - now.clientX > CANCEL_PX;
    this.held = true;
    window.addEventListener("pointermove", (now) => this.bar.classList.toggle("is-leaving", away(now)), { signal: off.signal });
    const ended = (/** @type {PointerEvent} */ now) => {
      off.abort();
      this.held = false;
      this.bar.classList.remove("is-leaving");
      if (this.state === "recording" && away(now)) return this.cancel();
      if (this.state === "recording" && now.type === "pointerup" && Date.now() - from.at > HOLD_MS) return this.finish();
      this.say();
    };
    window.addEventListener("pointerup", ended, { signal: off.signal });
    window.addEventListener("pointercancel", ended, { signal: off.signal });
    this.start();
  }

  async start() {
    if (this.state !== "idle") return;
    this.state = "asking";
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } });
    } catch (error) {
      this.release();
      const known = { NotAllowedError: "micDenied", NotFoundError: "micNone" };
      toast(say(known[/** @type {"NotAllowedError"} */ (/** @type {Error} */ (error).name)] ?? "micFailed"), "error");
      return;
    }
    if (this.state !== "asking") return this.release();
    const type = TYPES.find((one) => MediaRecorder.isTypeSupported(one));
    /** @type {Blob[]} */
    const chunks = [];
    this.recorder = new MediaRecorder(this.stream, { mimeType: type, audioBitsPerSecond: 32_000 });
    this.recorder.addEventListener("dataavailable", ({ data }) => data.size && chunks.push(data));
    this.chunks = chunks;
    this.levels = [];
    this.listen(this.stream);
    this.recorder.start(1000);
    this.since = performance.now();
    this.state = "recording";
    this.bar.hidden = false;
    this.form.classList.add("is-recording");
    this.say();
    if (!this.held) this.send.focus();
  }

  /** @param {MediaStream} stream */
  listen(stream) {
    this.audio = new AudioContext();
    const analyser = this.audio.createAnalyser();
    analyser.fftSize = 1024;
    this.audio.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.timer = window.setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, one) => sum + one * one, 0) / samples.length;
      // Ears hear steps, not amplitudes: -60 dB is nothing, -6 dB is the top.
      const decibel = power ? 10 * Math.log10(power) : -100;
      this.levels.push(Math.round(TOP * Math.min(1, Math.max(0, (decibel + 60) / 54))));
      this.say();
      if (performance.now() - (this.since ?? 0) >= MOST_MS) this.finish();
    }, SAMPLE_MS);
  }

  /** The bar as it is at this moment. */
  say() {
    if (this.state === "idle") return;
    const ms = this.take?.ms ?? performance.now() - (this.since ?? performance.now());
    this.time.textContent = clock(ms / 1000);
    this.bar.dataset.state = this.state;
    const hint = this.state === "sending" ? "sending" : this.state === "failed" ? "unsent" : this.held ? "voiceHold" : "";
    this.hint.textContent = hint && say(hint);
    this.send.disabled = this.state === "sending";
    this.draw();
  }

  draw() {
    const { canvas, levels } = this;
    const ratio = devicePixelRatio || 1;
    const { width, height } = canvas.getBoundingClientRect();
    if (!width) return;
    if (canvas.width !== Math.round(width * ratio)) { canvas.width = Math.round(width * ratio); canvas.height = Math.round(height * ratio); }
    const brush = canvas.getContext("2d");
    if (!brush) return;
    brush.clearRect(0, 0, canvas.width, canvas.height);
    brush.fillStyle = getComputedStyle(canvas).color;
    const step = 5 * ratio;
    const shown = levels.slice(-Math.floor(canvas.width / step));
    shown.forEach((level, place) => {
      const tall = Math.max(3 * ratio, (level / TOP) * canvas.height);
      brush.fillRect(canvas.width - (shown.length - place) * step, (canvas.height - tall) / 2, 3 * ratio, tall);
    });
  }

  cancel() {
    if (this.state === "sending") return;
    this.release();
    this.button.focus();
  }

  async finish() {
    if (this.state === "failed" && this.take) return this.deliver(this.take);
    if (this.state !== "recording" || !this.recorder) return;
    const ms = Math.round(performance.now() - (this.since ?? 0));
    if (ms < LEAST_MS) {
      this.release();
      toast(say("voiceShort"));
      return;
    }
    const { recorder, chunks = [] } = this;
    this.state = "sending";
    await new Promise((done) => { recorder.addEventListener("stop", done, { once: true }); recorder.stop(); });
    const take = { blob: new Blob(chunks, { type: recorder.mimeType }), ms: Math.min(ms, MOST_MS), levels: this.levels, client: freshId() };
    this.silence();
    await this.deliver(take);
  }

  /** @param {Take} take kept until the server has it: what was said is not said twice because a network failed */
  async deliver(take) {
    this.take = take;
    this.state = "sending";
    this.say();
    try {
      if (!take.file) {
        const name = `voice.${take.blob.type.includes("mp4") ? "m4a" : take.blob.type.includes("ogg") ? "ogg" : "webm"}`;
        const file = new File([take.blob], name, { type: take.blob.type });
        const wave = squeezed(take.levels, PARTS).join(",");
        take.file = await uploadOne(file, { duration_ms: String(take.ms), wave });
      }
      this.sent(await call("POST", `${this.path}/messages`, { client_id: take.client, attachments: [take.file] }));
      this.release();
    } catch (error) {
      this.state = "failed";
      this.say();
      toast(/** @type {Error} */ (error).message || say("failed"), "error");
    }
  }

  silence() {
    clearInterval(this.timer);
    if (this.recorder && this.recorder.state !== "inactive") this.recorder.stop();
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.audio?.close().catch(() => undefined);
    this.audio = undefined;
    this.stream = undefined;
    this.recorder = undefined;
  }

  /** Back to how it began. */
  release() {
    this.silence();
    this.state = "idle";
    this.take = null;
    this.levels = [];
    this.bar.hidden = true;
    this.form.classList.remove("is-recording");
  }
}
