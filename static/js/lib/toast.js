/**
 * A short message at the foot of the page, read out by screen readers.
 * @param {string} text
 * @param {"ok" | "error"} [kind]
 */
export function toast(text, kind = "ok") {
  const region = document.getElementById("toasts");
  if (!region) return;
  const same = [...region.children].find((shown) => shown.textContent === text);
  same?.remove();
  const box = document.createElement("div");
  box.className = kind === "error" ? "toast toast--error" : "toast";
  box.textContent = text;
  region.append(box);
  dismissLater(box, kind === "error" ? 6000 : 3500);
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
