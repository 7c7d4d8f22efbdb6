/** For strangers: a link to sign-in that first asks in a dialog, and comes back here afterwards. */
export function connect(/** @type {HTMLElement} */ element) {
  element.addEventListener("click", (event) => {
    const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("invite"));
    if (!dialog) return;
    event.preventDefault();
    const here = element.closest("[data-url]")?.getAttribute("data-url") ?? location.pathname;
    for (const link of dialog.querySelectorAll("[data-invite-link]")) {
      const target = new URL(/** @type {HTMLAnchorElement} */ (link).href);
      target.searchParams.set("next", here);
      /** @type {HTMLAnchorElement} */ (link).href = target.href;
    }
    dialog.showModal();
  });
}
