/** Shows a transfer: percentage, speed, what is left; and its three buttons. */

import { clock, megabytes } from "../lib/format.js";
import { say } from "../lib/strings.js";

/**
 * @param {HTMLElement} box
 * @param {import("./tus.js").Transfer} transfer
 */
export function showTransfer(box, transfer) {
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (box.querySelector(`[data-${name}]`));
  const { state, sent, speed, file, retryIn } = transfer;
  const share = file.size ? sent / file.size : 0;
  const sizes = { sent: megabytes(sent), total: megabytes(file.size) };
  /** @type {Record<string, () => string>} */
  const sentences = {
    connecting: () => say("connecting"),
    paused: () => say("paused", sizes),
    waiting: () => (navigator.onLine ? say("retrying", { n: Math.max(1, retryIn) }) : say("waitingOnline")),
    done: () => say("complete", sizes),
    sending: () => (speed ? say("transfer", { ...sizes, speed: megabytes(speed), left: clock(Math.max(1, Math.ceil((file.size - sent) / speed))) }) : say("connecting")),
  };
  part("percent").textContent = `${Math.floor(share * 100)}%`;
  /** @type {HTMLProgressElement} */ (part("meter")).value = share * 1000;
  part("detail").textContent = sentences[state]?.() ?? "";
  part("pause").hidden = state === "paused" || state === "refused";
  part("resume").hidden = state !== "paused";
  box.classList.toggle("is-complete", state === "done");
}
