/** Asks before a form that cannot be undone. Works for plain forms and for htmx's. */
export function connect(/** @type {HTMLElement} */ element) {
  const form = /** @type {HTMLFormElement} */ (element);
  if (form.hasAttribute("hx-post")) {
    form.addEventListener("htmx:confirm", (event) => {
      if (event.target !== form) return;
      event.preventDefault();
      const { issueRequest } = /** @type {CustomEvent<{issueRequest: (skip: boolean) => void}>} */ (event).detail;
      ask(form).then((yes) => yes && issueRequest(true));
    });
    return;
  }
  let agreed = false;
  form.addEventListener("submit", (event) => {
    if (agreed) return;
    event.preventDefault();
    ask(form).then((yes) => {
      if (!yes) return;
      agreed = true;
      form.requestSubmit();
    });
  });
}

/**
 * @param {HTMLElement} source carries data-title, data-text, data-yes
 * @returns {Promise<boolean>}
 */
function ask(source) {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("confirm"));
  const set = (/** @type {string} */ id, /** @type {string | undefined} */ text) => {
    const part = /** @type {HTMLElement} */ (document.getElementById(id));
    part.textContent = text ?? "";
    part.hidden = !text;
  };
  set("confirm-title", source.dataset.title);
  set("confirm-text", source.dataset.text);
  set("confirm-yes", source.dataset.yes);
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}
