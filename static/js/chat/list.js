import { say } from "../lib/strings.js";
import { callLine } from "./call-line.js";

const TYPING = 6000;
/** @type {WeakMap<Element, number>} */
const quiet = new WeakMap();

/**
 * A message of another conversation, or that somebody writes there, in the list beside the open one.
 * @param {any} frame
 * @param {string} me
 */
export function noteInList(frame, me) {
  const row = frame.c && document.querySelector(`[data-chat="${frame.c}"]`);
  const last = /** @type {HTMLElement | null | undefined} */ (row?.querySelector("[data-chat-last]"));
  if (!row || !last) return;
  if (frame.ev === "typing") return writing(last);
  if (frame.ev !== "message.new") return;
  calm(last);
  last.textContent = frame.d.kind === "call" ? callLine(frame.d, me) : frame.d.body || say(`kind-${frame.d.kind}`);
  const count = /** @type {HTMLElement | null} */ (row.querySelector("[data-chat-unread]"));
  if (!count || frame.d.sender_id === me) return;
  count.textContent = String((count.hidden ? 0 : Number(count.textContent) || 0) + 1);
  count.hidden = false;
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
