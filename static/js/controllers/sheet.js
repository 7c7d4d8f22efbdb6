/**
 * The comment sheet. Anything dispatches `sheet:open` on it with {source, opener}; it asks for the fragment, takes the
 * focus and gives it back on closing. On phones it can be dragged down.
 */
export function connect(/** @type {HTMLElement} */ sheet) {
  const body = /** @type {HTMLElement} */ (sheet.querySelector(".sheet__body"));
  const scrim = /** @type {HTMLElement | null} */ (document.querySelector("[data-sheet-scrim]"));
  const phone = matchMedia("(width < 48rem)");
  // On the watch page it stands beside the player; only phones hide it (watch.css).
  const kept = "keep" in sheet.dataset;
  let opener = /** @type {HTMLElement | null} */ (null);
  let loaded = body.dataset.source ?? "";

  const show = (/** @type {string} */ id) => {
    const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
    body.replaceChildren(template.content.cloneNode(true));
  };
  const load = async (/** @type {string} */ source) => {
    if (loaded === source) return;
    loaded = source;
    show("sheet-waiting");
    try {
      await window.htmx.ajax("GET", source, { target: body, swap: "innerHTML", source: body });
      if (loaded === source && !body.querySelector(".comments")) throw new Error("no comments in the answer");
    } catch {
      if (loaded !== source) return;
      loaded = "";
      show("sheet-failed");
      body.querySelector("[data-sheet-retry]")?.addEventListener("click", () => load(source));
    }
  };

  const open = (/** @type {Event} */ event) => {
    const { source, from, quiet } = /** @type {CustomEvent<{source: string, from?: HTMLElement, quiet?: boolean}>} */ (event).detail;
    if (!quiet) opener = from ?? null;
    sheet.hidden = false;
    sheet.classList.add("is-open");
    if (scrim) scrim.hidden = false;
    if (phone.matches) sheet.setAttribute("role", "dialog");
    if (phone.matches) sheet.setAttribute("aria-modal", "true");
    else sheet.removeAttribute("aria-modal");
    if (!quiet) sheet.focus({ preventScroll: true });
    load(source);
  };
  const close = () => {
    sheet.classList.remove("is-open");
    sheet.hidden = !kept;
    if (scrim) scrim.hidden = true;
    opener?.focus({ preventScroll: true });
    opener = null;
  };

  sheet.addEventListener("sheet:open", open);
  sheet.addEventListener("sheet:close", close);
  sheet.querySelector("[data-sheet-close]")?.addEventListener("click", close);
  scrim?.addEventListener("click", close);
  sheet.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key === "Tab" && phone.matches) keepFocus(sheet, event);
  });
  drag(sheet, close);
  // Whoever pressed "comments" before this script was there came by the link.
  if (kept && location.hash === "#comments" && loaded) {
    sheet.dispatchEvent(new CustomEvent("sheet:open", { detail: { source: loaded } }));
  }
}

/**
 * @param {HTMLElement} sheet
 * @param {KeyboardEvent} event
 */
function keepFocus(sheet, event) {
  const stops = [...sheet.querySelectorAll("a[href], button:not([disabled]), textarea, input:not([type='hidden'])")]
    .filter((stop) => stop instanceof HTMLElement && stop.offsetParent && stop.tabIndex >= 0);
  const edge = event.shiftKey ? stops[0] : stops.at(-1);
  if (document.activeElement !== edge) return;
  event.preventDefault();
  /** @type {HTMLElement} */ (event.shiftKey ? stops.at(-1) : stops[0])?.focus();
}

/**
 * @param {HTMLElement} sheet
 * @param {() => void} close
 */
function drag(sheet, close) {
  const handle = /** @type {HTMLElement | null} */ (sheet.querySelector("[data-sheet-handle]"));
  handle?.addEventListener("pointerdown", (down) => {
    handle.setPointerCapture(down.pointerId);
    let by = 0;
    const move = (/** @type {PointerEvent} */ event) => {
      by = Math.max(0, event.clientY - down.clientY);
      sheet.style.translate = `0 ${by}px`;
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("lostpointercapture", () => {
      handle.removeEventListener("pointermove", move);
      sheet.style.translate = "";
      if (by > 90) close();
    }, { once: true });
  });
}
