/** Picks a cover: a strip of frames with a window to slide, all made in the browser from the local file. */

const FRAMES = 8;
const PATIENCE_MS = 5000;

/**
 * @param {HTMLElement} figure
 * @returns {{show: (url: string, at?: number) => Promise<number>, at: () => number | null}}
 */
export function coverPicker(figure) {
  const video = /** @type {HTMLVideoElement} */ (figure.querySelector("[data-cover-video]"));
  const range = /** @type {HTMLInputElement} */ (figure.querySelector("[data-cover-range]"));
  const strip = /** @type {HTMLCanvasElement} */ (figure.querySelector("[data-cover-strip]"));
  const choose = /** @type {HTMLElement} */ (figure.querySelector("[data-cover-choose]"));
  const none = /** @type {HTMLElement} */ (figure.querySelector("[data-cover-none]"));
  let ready = false;

  const seconds = () => (Number(range.value) / 1000) * video.duration;
  range.addEventListener("input", () => {
    video.currentTime = seconds();
    figure.dispatchEvent(new Event("cover"));
  });

  return {
    at: () => (ready ? Math.round(seconds() * 1000) : null),
    async show(url, at) {
      video.src = url;
      const shown = await metadata(video);
      ready = shown && Number.isFinite(video.duration) && video.videoWidth > 0;
      none.hidden = ready;
      choose.hidden = !ready;
      if (!ready) return 0;
      if (at !== undefined) range.value = String((at / 1000 / video.duration) * 1000);
      video.currentTime = seconds();
      drawStrip(url, strip, video.videoWidth / video.videoHeight);
      return video.duration;
    },
  };
}

/**
 * Waits until its size and length are known. A recorder's own file says no length: the browser finds it out when it is
 * sent behind the end.
 * @param {HTMLVideoElement} video
 * @returns {Promise<boolean>}
 */
async function metadata(video) {
  const shown = await new Promise((resolve) => {
    video.addEventListener("loadedmetadata", () => resolve(true), { once: true });
    video.addEventListener("error", () => resolve(false), { once: true });
  });
  if (shown && video.duration === Infinity) {
    await new Promise((resolve) => {
      video.addEventListener("durationchange", () => video.duration !== Infinity && resolve(undefined));
      setTimeout(resolve, PATIENCE_MS);
      video.currentTime = Number.MAX_SAFE_INTEGER;
    });
  }
  return shown;
}

/**
 * @param {string} url
 * @param {HTMLCanvasElement} canvas
 * @param {number} ratio of a frame
 */
async function drawStrip(url, canvas, ratio) {
  const video = Object.assign(document.createElement("video"), { muted: true, preload: "auto", src: url });
  const pen = canvas.getContext("2d");
  if (!pen || !(await metadata(video))) return;
  const cell = canvas.width / FRAMES;
  const scale = Math.max(cell / (canvas.height * ratio), 1) * canvas.height;
  for (let i = 0; i < FRAMES; i++) {
    video.currentTime = ((i + 0.5) / FRAMES) * video.duration;
    await new Promise((resolve) => video.addEventListener("seeked", resolve, { once: true }));
    pen.save();
    pen.beginPath();
    pen.rect(i * cell, 0, cell, canvas.height);
    pen.clip();
    pen.drawImage(video, i * cell + (cell - scale * ratio) / 2, (canvas.height - scale) / 2, scale * ratio, scale);
    pen.restore();
  }
  video.removeAttribute("src");
  video.load();
}
