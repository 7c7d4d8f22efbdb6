/** The bar along the foot of a clip: follows the video, and moves it. */

import { clock } from "../lib/format.js";

/** @param {import("./clip.js").Clip | import("./still.js").Still} clip */
export function attachProgress(clip) {
  const { card, video } = clip;
  const bar = /** @type {HTMLInputElement | null} */ (card.querySelector("[data-progress]"));
  if (!bar) return;
  const time = /** @type {HTMLOutputElement} */ (card.querySelector("[data-time]"));
  let scrubbing = false;
  let frame = 0;
  let second = -1;

  const draw = () => {
    const { currentTime, duration, buffered } = video;
    const share = duration ? currentTime / duration : 0;
    if (!scrubbing) bar.value = String(Math.round(share * 1000));
    bar.style.setProperty("--at", `${scrubbing ? Number(bar.value) / 10 : share * 100}%`);
    const loaded = duration && buffered.length ? buffered.end(buffered.length - 1) / duration : 0;
    bar.style.setProperty("--loaded", `${loaded * 100}%`);
    if (Math.floor(currentTime) === second) return;
    second = Math.floor(currentTime);
    bar.setAttribute("aria-valuetext", `${clock(currentTime)} / ${clock(duration)}`);
  };
  const follow = () => {
    draw();
    frame = video.paused ? 0 : requestAnimationFrame(follow);
  };
  const scrub = (/** @type {boolean} */ on) => {
    scrubbing = on;
    time.hidden = !on;
    card.classList.toggle("is-scrubbing", on);
    if (on) video.pause();
    else if (clip.active && !clip.held) clip.play();
  };

  video.addEventListener("playing", () => {
    cancelAnimationFrame(frame);
    follow();
  });
  for (const name of ["seeked", "progress", "emptied"]) video.addEventListener(name, draw);
  bar.addEventListener("pointerdown", () => scrub(true));
  for (const name of ["pointerup", "pointercancel"]) bar.addEventListener(name, () => scrub(false));
  bar.addEventListener("input", () => {
    const at = (Number(bar.value) / 1000) * (video.duration || 0);
    time.textContent = `${clock(at)} / ${clock(video.duration)}`;
    clip.seek(at);
    draw();
  });
}
