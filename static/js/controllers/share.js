import { compact } from "../lib/format.js";
import { say } from "../lib/strings.js";
import { toast } from "../lib/toast.js";

/**
 * Opens the system's share sheet where there is one; copies the link otherwise (always with data-copy). Whoever is signed
 * in passes on a short link of their own (data-link says where to ask for it), so that the share is counted.
 */
export function connect(/** @type {HTMLElement} */ element) {
  element.addEventListener("click", async () => {
    const url = (await ownLink(element)) ?? new URL(element.dataset.url ?? location.href, location.href).href;
    element.closest("details")?.removeAttribute("open");
    if (!("copy" in element.dataset) && navigator.share && matchMedia("(pointer: coarse)").matches) {
      try {
        return await navigator.share({ url, title: "Tóp Tóp", text: element.dataset.text });
      } catch (error) {
        if (/** @type {Error} */ (error).name === "AbortError") return;
      }
    }
    const copied = await copy(url);
    toast(say(copied ? "copied" : "copyFailed"), copied ? "ok" : "error");
  });
}

/**
 * @param {HTMLElement} element
 * @returns {Promise<string | null>} null where there is none: the plain address is as good a link
 */
async function ownLink(element) {
  if (!element.dataset.link) return null;
  try {
    const headers = { "X-CSRFToken": document.body.dataset.csrf ?? "", Accept: "application/json" };
    const answer = await fetch(element.dataset.link, { method: "POST", headers, signal: AbortSignal.timeout(2500) });
    if (!answer.ok) return null;
    const { url, shares } = await answer.json();
    for (const shown of element.closest(".rail")?.querySelectorAll("[data-shares]") ?? []) shown.textContent = compact(shares);
    return url;
  } catch {
    return null;
  }
}

/**
 * @param {string} text
 * @returns {Promise<boolean>}
 */
async function copy(text) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Not allowed here (plain http, no focus): the older way below may be.
    }
  }
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}
