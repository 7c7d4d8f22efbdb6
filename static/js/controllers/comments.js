/** @typedef {{xhr: XMLHttpRequest, target: Element, swapOverride: string, requestConfig: {elt: Element, parameters: Record<string, string>}}} Swap */

/** The comment panel: reply buttons reach the composer, the empty state follows the list, a new comment comes into view. */
export function connect(/** @type {HTMLElement} */ element) {
  const list = /** @type {HTMLElement} */ (element.querySelector(".comments__list"));
  const empty = /** @type {HTMLElement | null} */ (element.querySelector("[data-no-comments]"));
  const composer = element.querySelector(".composer");

  element.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest("[data-reply-to]");
    if (!(button instanceof HTMLElement)) return;
    composer?.dispatchEvent(new CustomEvent("composer:reply", {
      detail: { id: button.dataset.replyTo, name: button.dataset.replyName, mention: "replyMention" in button.dataset },
    }));
  });

  // "View 3 replies" has done its work once the replies are there.
  element.addEventListener("htmx:afterRequest", (event) => {
    const { elt, successful } = /** @type {CustomEvent<{elt: Element, successful: boolean}>} */ (event).detail;
    if (successful && elt.matches("[data-expand]")) elt.remove();
  });
  element.addEventListener("htmx:beforeSwap", (event) => {
    const { detail } = /** @type {CustomEvent<Swap>} */ (event);
    if (detail.xhr.status !== 200) return;
    const { elt, parameters } = detail.requestConfig;
    // Replies shown already (a reply just written) would come twice.
    if (elt.matches("[data-expand]")) detail.target.replaceChildren();
    const thread = elt === composer && document.getElementById(`replies-${parameters.parent_id}`);
    if (thread) Object.assign(detail, { target: thread, swapOverride: "beforeend" });
  });

  const watch = new MutationObserver((changes) => {
    if (empty) empty.hidden = list.children.length > 0;
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) {
        if (node instanceof HTMLElement && node.matches(".comment.is-new")) node.scrollIntoView({ block: "nearest" });
      }
    }
  });
  watch.observe(list, { childList: true, subtree: true });
  return () => watch.disconnect();
}
