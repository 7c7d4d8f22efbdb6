import { say } from "../lib/strings.js";
import { toast } from "../lib/toast.js";

/** A link whose page also comes as a fragment: shows that in a dialog over this page. Without scripts it is the page. */
export function connect(/** @type {HTMLElement} */ element) {
  const link = /** @type {HTMLAnchorElement} */ (element);
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open(link);
  });
}

/** @param {HTMLAnchorElement} link */
async function open(link) {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("panel"));
  const body = /** @type {HTMLElement} */ (document.getElementById("panel-body"));
  const waiting = document.createElement("span");
  waiting.className = "spinner";
  waiting.setAttribute("role", "status");
  body.replaceChildren(waiting);
  link.closest("details")?.removeAttribute("open");
  link.closest(".toast")?.remove();
  if (!dialog.open) dialog.showModal();
  try {
    await window.htmx.ajax("GET", link.href, { target: body, swap: "innerHTML", source: body });
    // A refusal has been told already; there is nothing to show.
    if (body.contains(waiting)) dialog.close();
  } catch {
    dialog.close();
    toast(say("failed"), "error");
  }
}
