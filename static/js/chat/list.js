/**
 * A message of another conversation, in the list beside the open one.
 * @param {any} frame
 * @param {string} me
 */
export function noteInList(frame, me) {
  if (frame.ev !== "message.new") return;
  const row = document.querySelector(`[data-chat="${frame.c}"]`);
  const last = row?.querySelector("[data-chat-last]");
  const count = /** @type {HTMLElement | null} */ (row?.querySelector("[data-chat-unread]"));
  if (last) last.textContent = frame.d.body;
  if (!count || frame.d.sender_id === me) return;
  count.textContent = String((count.hidden ? 0 : Number(count.textContent) || 0) + 1);
  count.hidden = false;
}
