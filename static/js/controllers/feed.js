import { like } from "./card.js";
import { clipOf } from "../player/clip.js";
import { attachKeys } from "../player/keys.js";
import { audible, chooseSound } from "../player/sound.js";
import { attachWheel } from "../player/wheel.js";

/**
 * The stage: knows which card is on it, plays that one only, warms the next, asks for more before the end.
 * At most three videos hold bytes: the one playing, the next, and the one after it (or the one behind, when going back).
 */
export function connect(/** @type {HTMLElement} */ stage) {
  const reel = /** @type {HTMLElement} */ (stage.querySelector(".reel"));
  const sheet = stage.querySelector(".sheet");
  const smooth = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  /** @type {HTMLElement | null} */
  let current = null;
  let forward = true;

  const cards = () => /** @type {HTMLElement[]} */ ([...reel.querySelectorAll("[data-card]")]);
  const screens = () => /** @type {HTMLElement[]} */ ([...reel.children]);

  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) enter(/** @type {HTMLElement} */ (entry.target));
  }, { root: reel, threshold: 0.6 });

  /** @param {HTMLElement} screen */
  function enter(screen) {
    if (screen === current) return;
    const all = screens();
    forward = !current || all.indexOf(screen) > all.indexOf(current);
    const left = current;
    current = screen;
    if (left?.matches("[data-card]")) {
      clipOf(left).stop();
      if (left.contains(document.activeElement)) reel.focus({ preventScroll: true });
    }
    keepThree();
    if (screen.matches("[data-card]")) clipOf(screen).start();
    // On a watch page the address names the clip on stage.
    if ("addresses" in stage.dataset && screen.dataset.url && left) history.replaceState(null, "", screen.dataset.url);
    for (const button of stage.querySelectorAll("[data-step]")) {
      /** @type {HTMLButtonElement} */ (button).disabled = !all[all.indexOf(screen) + Number(/** @type {HTMLElement} */ (button).dataset.step)];
    }
    if (all.length - all.indexOf(screen) <= 4) more();
    followSheet(screen);
  }

  function keepThree() {
    const all = cards();
    const at = current ? all.indexOf(current) : 0;
    if (at < 0) {
      for (const card of all) clipOf(card).stop();
      return;
    }
    const queue = [all[at], all[at + 1], forward ? all[at + 2] : all[at - 1]].filter(Boolean);
    for (const card of all) if (!queue.includes(card)) clipOf(card).cool();
    warmInTurn(queue);
  }

  /** Each starts fetching when the one before it has enough. @param {HTMLElement[]} queue */
  function warmInTurn([first, ...rest]) {
    if (!first) return;
    const clip = clipOf(first);
    clip.heat();
    const on = current;
    const proceed = () => on === current && warmInTurn(rest);
    if (clip.video.readyState >= 4) proceed();
    else clip.video.addEventListener("canplaythrough", proceed, { once: true });
  }

  function more() {
    const sentinel = reel.querySelector("[data-more]:not(.is-error)");
    if (sentinel) window.htmx.trigger(sentinel, "more");
  }

  /** @param {1 | -1} by */
  function step(by) {
    const all = screens();
    const next = all[(current ? all.indexOf(current) : 0) + by];
    if (next) reel.scrollTo({ top: next.offsetTop, behavior: /** @type {ScrollBehavior} */ (smooth) });
  }

  /** @param {HTMLElement | undefined} from @param {boolean} quiet */
  function openSheet(from, quiet) {
    if (!sheet || !from) return;
    sheet.dispatchEvent(new CustomEvent("sheet:open", { detail: { source: from.dataset.source, from, quiet } }));
  }

  let following = 0;
  /** @param {HTMLElement} screen */
  function followSheet(screen) {
    if (!sheet?.checkVisibility()) return;
    clearTimeout(following);
    following = window.setTimeout(() => openSheet(/** @type {HTMLElement} */ (screen.querySelector("[data-comments]")), true), 250);
  }

  const onStage = () => (current?.matches("[data-card]") ? clipOf(current) : null);
  const undoKeys = attachKeys({
    next: () => step(1),
    previous: () => step(-1),
    pause: () => onStage()?.toggle(),
    sound: () => chooseSound(!audible()),
    like: () => current && like(current),
    comments: () => openSheet(/** @type {HTMLElement} */ (current?.querySelector("[data-comments]")), false),
    back: () => onStage()?.seek((onStage()?.video.currentTime ?? 0) - 5),
    ahead: () => onStage()?.seek((onStage()?.video.currentTime ?? 0) + 5),
  });
  attachWheel(reel, step);

  stage.addEventListener("click", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const opener = /** @type {HTMLElement | null} */ (target.closest("[data-comments]"));
    const arrow = /** @type {HTMLElement | null} */ (target.closest("[data-step]"));
    if (arrow) step(/** @type {1 | -1} */ (Number(arrow.dataset.step)));
    if (opener && sheet) {
      event.preventDefault();
      openSheet(opener, false);
    }
    if (target.closest("[data-more-retry]")) {
      reel.querySelector("[data-more]")?.classList.remove("is-error");
      more();
    }
  });
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    reel.addEventListener(name, (event) => {
      const sentinel = /** @type {Element} */ (event.target);
      if (sentinel.matches("[data-more]")) sentinel.classList.add("is-error");
    });
  }

  const onVisibility = () => {
    const clip = onStage();
    if (!clip) return;
    if (document.hidden) clip.video.pause();
    else if (!clip.held) clip.play();
  };
  document.addEventListener("visibilitychange", onVisibility);

  const grown = new MutationObserver(() => {
    for (const screen of screens()) seen.observe(screen);
    keepThree();
  });
  grown.observe(reel, { childList: true });
  addClips(reel);
  for (const screen of screens()) seen.observe(screen);
  const [first] = screens();
  if (first && reel.scrollTop === 0) enter(first);

  return () => {
    undoKeys();
    seen.disconnect();
    grown.disconnect();
    document.removeEventListener("visibilitychange", onVisibility);
  };
}

/** The watch page keeps its further clips in a template: without scripts there is one video only. @param {HTMLElement} reel */
function addClips(reel) {
  const kept = /** @type {HTMLTemplateElement | null} */ (reel.querySelector("template[data-more-clips]"));
  if (!kept) return;
  kept.replaceWith(kept.content);
  window.htmx.process(reel);
}
