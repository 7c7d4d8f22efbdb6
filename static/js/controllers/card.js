import { attachCaptions } from "../player/captions.js";
import { clipOf } from "../player/clip.js";
import { attachTaps } from "../player/gestures.js";
import { burst } from "../player/heart.js";
import { attachProgress } from "../player/progress.js";
import { audible, chooseSound, onSoundChange } from "../player/sound.js";
import { attachWatching } from "../player/watching.js";
import { say } from "../lib/strings.js";

/** One card: taps, progress, sound button, caption, retry after a fault. The feed decides which card plays. */
export function connect(/** @type {HTMLElement} */ card) {
  const clip = clipOf(card);
  const tap = /** @type {HTMLElement} */ (card.querySelector("[data-tap]"));
  attachProgress(clip);
  const unwatched = attachWatching(clip);
  attachTaps(tap, {
    once: () => clip.toggle(),
    twice: (x, y) => {
      burst(x, y);
      like(card, true);
    },
  });
  const named = () => card.dataset.kind === "clip" && tap.setAttribute("aria-label", say(clip.video.paused ? "play" : "pause"));
  for (const name of ["play", "pause"]) clip.video.addEventListener(name, named);

  const sound = /** @type {HTMLElement | null} */ (card.querySelector("[data-sound]"));
  const showSound = () => {
    sound?.setAttribute("aria-pressed", String(audible()));
    clip.video.muted = !audible();
  };
  sound?.addEventListener("click", () => chooseSound(!audible()));
  const off = onSoundChange(showSound);
  showSound();

  const uncaptioned = attachCaptions(card);
  caption(card);
  card.querySelector("[data-fault-retry]")?.addEventListener("click", () => clip.fault(false));
  return () => {
    off();
    clip.cool();
    unwatched();
    uncaptioned();
  };
}

/**
 * @param {Element} card
 * @param {boolean} [only] set, never unset
 */
export function like(card, only = false) {
  const target = card.querySelector("[data-like]");
  if (target instanceof HTMLFormElement) {
    const on = target.querySelector("button")?.getAttribute("aria-pressed") === "true";
    if (!(on && only)) target.requestSubmit();
  } else if (target instanceof HTMLElement) target.click();
}

/** @param {HTMLElement} card */
function caption(card) {
  const text = /** @type {HTMLElement | null} */ (card.querySelector("[data-caption]"));
  const more = /** @type {HTMLElement | null} */ (card.querySelector("[data-caption-more]"));
  if (!text || !more) return;
  more.classList.toggle("is-needed", text.scrollHeight > text.clientHeight + 2);
  more.addEventListener("click", () => {
    const open = text.classList.toggle("is-open");
    text.classList.toggle("is-clamped", !open);
    more.setAttribute("aria-expanded", String(open));
    /** @type {HTMLElement} */ (more.querySelector("[data-more-text]")).hidden = open;
    /** @type {HTMLElement} */ (more.querySelector("[data-less-text]")).hidden = !open;
  });
}
