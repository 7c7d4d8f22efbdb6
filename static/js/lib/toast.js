/**
 * A short message at the foot of the page, read out by screen readers.
 * @param {string} text
 * @param {"ok" | "error"} [kind]
 * @param {{text: string, href: string}} [action] a link to go on with; opens in the panel
 */
export function toast(text, kind = "ok", action) {
  const region = document.getElementById("toasts");
  if (!region) return;
  const same = [...region.children].find((shown) => shown.firstChild?.textContent === text);
  same?.remove();
  const box = document.createElement("div");
  box.className = kind === "error" ? "toast toast--error" : "toast";
  box.textContent = text;
  if (action) {
    const link = document.createElement("a");
    link.href = action.href;
    link.textContent = action.text;
    link.dataset.controller = "panel";
    box.append(link);
  }
  region.append(box);
  // Above an open dialog too, which has the top of the page to itself.
  region.popover = "manual";
  if (region.matches(":popover-open")) region.hidePopover();
  region.showPopover();
  dismissLater(box, kind === "error" || action ? 6000 : 3500);
}

/**
 * @param {HTMLElement} box
 * @param {number} milliseconds
 */
export function dismissLater(box, milliseconds) {
  setTimeout(() => {
    box.classList.add("is-leaving");
    setTimeout(() => box.remove(), 220);
  }, milliseconds);
}
