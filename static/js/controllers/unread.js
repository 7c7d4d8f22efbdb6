import { call } from "../chat/api.js";

const EVERY = 60_000;

/** How many conversations have something unread: asked when the page comes into view, and once a minute while it is. */
export function connect(/** @type {HTMLElement} */ badge) {
  const look = async () => {
    if (document.hidden) return;
    const told = await call("GET", "chat/unread").catch(() => null);
    if (!told) return;
    badge.hidden = !told.conversations;
    badge.textContent = told.conversations > 99 ? "99+" : String(told.conversations);
  };
  const timer = setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
  look();
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", look);
  };
}
