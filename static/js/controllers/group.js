import { line } from "../chat/line.js";

const CALM = 300;

/** The page about a group: who comes, goes or gets a role is seen at once. What somebody has open or types stays. */
export function connect(/** @type {HTMLElement} */ element) {
  const off = new AbortController();
  const { signal } = off;
  let soon = 0;
  const renew = async () => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    if (answer?.status === 404) return location.assign("/messages");
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of element.querySelectorAll("[data-live]")) {
      const fresh = page.querySelector(`[data-live="${/** @type {HTMLElement} */ (part).dataset.live}"]`);
      if (fresh && !part.querySelector("details[open]")) part.replaceWith(document.adoptNode(fresh));
    }
  };
  const later = () => {
    clearTimeout(soon);
    soon = window.setTimeout(renew, CALM);
  };
  line.addEventListener("frame", (event) => {
    const { c, ev, d } = /** @type {CustomEvent} */ (event).detail;
    if (c !== element.dataset.conversation) return;
    if (ev === "member.remove" && d.user_id === element.dataset.me) return location.assign("/messages");
    if (ev.startsWith("member.") || ev === "conv.update") later();
  }, { signal });
  for (const what of ["up", "resync"]) line.addEventListener(what, later, { signal });
  const leave = line.join();
  return () => { clearTimeout(soon); off.abort(); leave(); };
}
