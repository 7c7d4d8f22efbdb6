/** How long each clip was watched, told to the server in batches: every 10 s, at 5 clips, and when the page goes away. */

const ADDRESS = "/api/v1/events/views";
const EVERY_MS = 10_000;
const AT_ONCE = 5;
const MOST = 100;
/** Shorter than this nobody watched anything. */
const GLIMPSE_MS = 200;

/** @typedef {{client_event_id: string, video_id: string, watched_ms: number, duration_ms: number, completed: boolean, replays: number, source: string, at: string}} Watched */

/** @type {Watched[]} */
let waiting = [];
/** Ends the stretches that are open, so that a page going away tells of them too. @type {Set<() => void>} */
const open = new Set();
let sending = false;

/** @param {boolean} [leaving] the page goes away: nobody waits for the answer */
async function send(leaving = false) {
  if (!waiting.length || (sending && !leaving)) return;
  const events = waiting.splice(0, MOST);
  sending = true;
  try {
    const answer = await fetch(ADDRESS, {
      method: "POST",
      keepalive: true,
      headers: { "Content-Type": "application/json", "X-CSRFToken": document.body.dataset.csrf ?? "" },
      body: JSON.stringify({ events }),
    });
    if (answer.status === 429 || answer.status >= 500) keep(events);
  } catch {
    // Offline: the next batch takes them along. The same ids are counted once.
    keep(events);
  } finally {
    sending = false;
  }
}

/** @param {Watched[]} events */
function keep(events) {
  waiting = [...events, ...waiting].slice(0, MOST);
}

function leave() {
  for (const end of [...open]) end();
  send(true);
}

setInterval(send, EVERY_MS, false);
addEventListener("pagehide", leave);
document.addEventListener("visibilitychange", () => document.hidden && leave());

/** An id that needs no secure context, unlike crypto.randomUUID. */
function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Watches one clip: a stretch lasts while its card is on stage, pauses and rounds included.
 * @param {import("./clip.js").Clip | import("./still.js").Still} clip
 * @returns {() => void} ends it
 */
export function attachWatching(clip) {
  const { card, video } = clip;
  let watched = 0;
  let replays = 0;
  let place = 0;
  let began = "";
  /** When the picture last began to move; 0 while it stands. */
  let since = 0;

  const stand = () => {
    if (since) watched += performance.now() - since;
    since = 0;
  };
  const end = () => {
    const moving = since > 0;
    stand();
    open.delete(end);
    if (watched >= GLIMPSE_MS) {
      const duration = Math.round((video.duration || 0) * 1000) || Number(card.dataset.duration);
      waiting.push({
        client_event_id: newId(),
        video_id: card.dataset.videoId ?? "",
        watched_ms: Math.round(watched),
        duration_ms: duration,
        completed: replays > 0 || (duration > 0 && place * 1000 >= duration - 500),
        replays,
        source: /** @type {HTMLElement | null} */ (card.closest(".stage"))?.dataset.mode ?? "watch",
        at: began,
      });
      if (waiting.length >= AT_ONCE) send();
    }
    watched = replays = place = 0;
    if (moving && clip.active && !document.hidden) move();
  };
  const move = () => {
    if (since || video.paused || !clip.active) return;
    if (!open.has(end)) began = new Date().toISOString();
    open.add(end);
    since = performance.now();
  };
  const step = () => {
    // Off the stage the clip is wound back, which is no round.
    if (!clip.active) return end();
    const { currentTime, duration } = video;
    if (duration && place > duration - 0.7 && currentTime < 0.7) replays += 1;
    if (currentTime) place = currentTime;
    move();
  };
  const still = () => (clip.active ? stand() : end());

  video.addEventListener("playing", move);
  video.addEventListener("timeupdate", step);
  for (const name of ["pause", "waiting", "emptied"]) video.addEventListener(name, still);
  return end;
}
