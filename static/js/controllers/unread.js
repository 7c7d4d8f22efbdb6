import { call } from "../chat/api.js";
import { line } from "../chat/line.js";

const EVERY = 60_000;
const PAUSE = 2000;
const FIRST = 1500;
const TOUCHING = new Set(["message.new", "conv.me", "request.new", "member.add", "member.remove"]);

/**
 * How many conversations have something unread: asked once the page's line is up and whenever it tells of something that may
 * change it, every two seconds at most; once a minute without a line. Nobody asks for a page that is not looked at.
 */
export function connect(/** @type {HTMLElement} */ badge) {
  let asked = -PAUSE;
  let wait = 0;
  let missed = false;
  const look = async () => {
    wait = 0;
    missed = document.hidden;
    if (missed) return;
    asked = performance.now();
    const told = await call("GET", "chat/unread").catch(() => null);
    if (!told) return;
    badge.hidden = !told.conversations;
    badge.textContent = told.conversations > 99 ? "99+" : String(told.conversations);
  };
  const soon = (least = 200) => { wait ||= window.setTimeout(look, Math.max(least, asked + PAUSE - performance.now())); };
  const off = new AbortController();
  const { signal } = off;
  line.addEventListener("frame", (event) => { if (TOUCHING.has(/** @type {CustomEvent} */ (event).detail.ev)) soon(); }, { signal });
  for (const what of ["up", "resync"]) line.addEventListener(what, () => { clearTimeout(wait); wait = 0; soon(0); }, { signal });
  document.addEventListener("visibilitychange", () => { if (missed || !line.up) soon(0); }, { signal });
  const timer = setInterval(() => { if (!line.up) soon(0); }, EVERY);
  // Where the line takes its time, or is not there at all.
  soon(FIRST);
  const leave = line.join();
  return () => {
    off.abort();
    clearInterval(timer);
    clearTimeout(wait);
    leave();
  };
}
