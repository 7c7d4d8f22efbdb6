import { say } from "../lib/strings.js";
import { callLine } from "./call-line.js";

const TYPING = 6000;
/** @type {WeakMap<Element, number>} */
const quiet = new WeakMap();
/** @type {Set<string>} */
const asked = new Set();

/**
 * A message, or that somebody writes, in the list of conversations; of the open one nothing is unread.
 * @param {any} frame
 * @param {string} me
 * @param {string} open its id
 */
export function noteInList(frame, me, open = "") {
  const row = frame.c && document.querySelector(`[data-chat="${frame.c}"]`);
  const last = /** @type {HTMLElement | null | undefined} */ (row?.querySelector("[data-chat-last]"));
  if (!row && frame.ev === "message.new") renew(frame.c);
  if (!row || !last) return;
  if (frame.ev === "typing") return writing(last);
  if (frame.ev !== "message.new") return;
  calm(last);
  last.textContent = frame.d.kind === "call" ? callLine(frame.d, me) : frame.d.body || say(`kind-${frame.d.kind}`);
  const count = /** @type {HTMLElement | null} */ (row.querySelector("[data-chat-unread]"));
  if (!count || frame.d.sender_id === me || frame.c === open) return;
  count.textContent = String((count.hidden ? 0 : Number(count.textContent) || 0) + 1);
  count.hidden = false;
}

/**
 * The list as the server has it now, for a conversation that is not in it yet; once for each, since some are elsewhere
 * (archived, another folder).
 * @param {string} id
 */
async function renew(id) {
  const list = document.querySelector(".chats__list");
  if (!list || asked.has(id)) return;
  asked.add(id);
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return asked.delete(id);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".chats__list");
  if (fresh) list.replaceWith(fresh);
}

/** @param {HTMLElement} last */
function writing(last) {
  last.dataset.said ??= last.textContent ?? "";
  last.textContent = say("writing");
  clearTimeout(quiet.get(last));
  quiet.set(last, window.setTimeout(() => calm(last), TYPING));
}

/** @param {HTMLElement} last */
function calm(last) {
  clearTimeout(quiet.get(last));
  if (last.dataset.said !== undefined) last.textContent = last.dataset.said;
  delete last.dataset.said;
}
