import { say } from "../lib/strings.js";

/** Writing a comment: counter near the end, Enter sends, reply mode, and the text comes back if sending fails. */
export function connect(/** @type {HTMLElement} */ element) {
  const form = /** @type {HTMLFormElement} */ (element);
  const text = /** @type {HTMLTextAreaElement} */ (form.querySelector("textarea"));
  const send = /** @type {HTMLButtonElement} */ (form.querySelector(".composer__send"));
  const counter = /** @type {HTMLElement} */ (form.querySelector("[data-counter]"));
  const parent = /** @type {HTMLInputElement} */ (form.elements.namedItem("parent_id"));
  const strip = /** @type {HTMLElement} */ (form.querySelector("[data-reply]"));
  const max = Number(form.dataset.max ?? 1000);
  let unsent = "";

  const refresh = () => {
    const used = [...text.value].length;
    send.disabled = !text.value.trim();
    counter.hidden = used < max * 0.8;
    counter.textContent = `${used} / ${max}`;
    counter.classList.toggle("is-over", used >= max);
  };
  const reply = (/** @type {string} */ id, /** @type {string} */ name = "", mention = false) => {
    parent.value = id;
    strip.hidden = !id;
    /** @type {HTMLElement} */ (form.querySelector("[data-reply-text]")).textContent = id ? say("replyingTo", { name }) : "";
    if (id && mention && !text.value) text.value = `@${name} `;
    if (id) text.focus();
    refresh();
  };

  text.addEventListener("input", refresh);
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (text.value.trim()) form.requestSubmit();
  });
  form.querySelector("[data-reply-cancel]")?.addEventListener("click", () => reply(""));
  form.addEventListener("composer:reply", (event) => {
    const { id, name, mention } = /** @type {CustomEvent<{id: string, name: string, mention: boolean}>} */ (event).detail;
    reply(id, name, mention);
  });

  form.addEventListener("htmx:beforeRequest", () => {
    unsent = text.value;
    text.value = "";
    refresh();
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    const { successful } = /** @type {CustomEvent<{successful: boolean}>} */ (event).detail;
    if (successful) reply("");
    else text.value = text.value || unsent;
    refresh();
  });
  refresh();
}
