/** Records from the camera until stopped, and hands over a file. In a duet the original plays beside, and ends it. */

import { clock } from "../lib/format.js";
import { say } from "../lib/strings.js";
import { toast } from "../lib/toast.js";

// The first that this browser can write: VP8 is light enough for any machine; Safari knows only MP4.
const KINDS = ["video/webm;codecs=vp8,opus", "video/webm", "video/mp4"];
const PIECE_MS = 1000;

/**
 * @param {HTMLElement} section
 * @param {{maxSeconds: number, take: (file: File) => void}} options
 */
export function recorder(section, { maxSeconds, take }) {
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (section.querySelector(`[data-record-${name}]`));
  const view = /** @type {HTMLVideoElement} */ (part("view"));
  const other = /** @type {HTMLVideoElement} */ (section.querySelector("[data-beside]"));
  const type = KINDS.find((kind) => window.MediaRecorder?.isTypeSupported(kind));
  if (!type || !navigator.mediaDevices?.getUserMedia) return;
  section.hidden = false;
  /** @type {MediaRecorder | null} */
  let recording = null;
  /** @type {MediaStream | null} */
  let stream = null;
  let timer = 0;

  const become = (/** @type {"off" | "ready" | "on"} */ state) => {
    section.dataset.state = state;
    part("stage").hidden = state === "off";
    part("open").hidden = state !== "off";
    part("start").hidden = state !== "ready";
    part("stop").hidden = state !== "on";
    part("close").hidden = state !== "ready";
  };
  const close = () => {
    clearInterval(timer);
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = view.srcObject = null;
    other.pause();
    become("off");
  };

  part("open").addEventListener("click", async () => {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "user", height: { ideal: 1280 } }, audio: true }).catch(() => null);
    if (!stream) return toast(say("noCamera"), "error");
    view.srcObject = stream;
    view.play().catch(() => undefined);
    part("time").textContent = clock(0);
    become("ready");
  });
  part("close").addEventListener("click", close);
  const stop = () => recording?.state !== "inactive" && recording?.stop();
  part("stop").addEventListener("click", stop);
  other.addEventListener("ended", stop);
  // Both stay together when the original has to wait for its bytes.
  other.addEventListener("waiting", () => recording?.state === "recording" && recording.pause());
  other.addEventListener("playing", () => recording?.state === "paused" && recording.resume());
  part("start").addEventListener("click", async () => {
    const duet = !other.hidden;
    if (duet) {
      other.currentTime = 0;
      await other.play().catch(() => undefined);
    }
    if (!stream) return;
    /** @type {Blob[]} */
    const pieces = [];
    const began = Date.now();
    recording = new MediaRecorder(stream, { mimeType: type });
    recording.addEventListener("dataavailable", ({ data }) => data.size && pieces.push(data));
    recording.addEventListener("stop", () => {
      const plain = type.split(";")[0];
      const day = new Date(began).toISOString().slice(0, 19).replace(/[:T]/g, "-");
      close();
      take(new File(pieces, `recording-${day}.${plain.split("/")[1]}`, { type: plain, lastModified: began }));
    });
    recording.start(PIECE_MS);
    timer = window.setInterval(() => {
      const seconds = duet ? other.currentTime : (Date.now() - began) / 1000;
      part("time").textContent = clock(seconds);
      if (maxSeconds && seconds >= maxSeconds) stop();
    }, 250);
    become("on");
  });
}
