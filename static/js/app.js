/**
 * Attaches behaviour: an element with data-controller="a b" gets controllers/a.js and controllers/b.js.
 * A controller module exports `connect(element)` and may return a function that undoes it when the element leaves the page.
 */

import "./lib/htmx-feedback.js";

/** @typedef {(element: HTMLElement) => (void | (() => void))} Connect */

/** @type {Record<string, () => Promise<{connect: Connect}>>} */
const controllers = {
  ago: () => import("./controllers/ago.js"),
  "at-current": () => import("./controllers/at-current.js"),
  album: () => import("./controllers/album.js"),
  "avatar-crop": () => import("./controllers/avatar-crop.js"),
  blurhash: () => import("./controllers/blurhash.js"),
  card: () => import("./controllers/card.js"),
  chats: () => import("./controllers/chats.js"),
  comments: () => import("./controllers/comments.js"),
  composer: () => import("./controllers/composer.js"),
  confirm: () => import("./controllers/confirm.js"),
  counter: () => import("./controllers/counter.js"),
  dismiss: () => import("./controllers/dismiss.js"),
  "emoji-add": () => import("./controllers/emoji-add.js"),
  feed: () => import("./controllers/feed.js"),
  finder: () => import("./controllers/finder.js"),
  group: () => import("./controllers/group.js"),
  "group-call": () => import("./controllers/group-call.js"),
  invite: () => import("./controllers/invite.js"),
  links: () => import("./controllers/links.js"),
  "local-time": () => import("./controllers/local-time.js"),
  menu: () => import("./controllers/menu.js"),
  moment: () => import("./controllers/moment.js"),
  narrow: () => import("./controllers/narrow.js"),
  once: () => import("./controllers/once.js"),
  panel: () => import("./controllers/panel.js"),
  peek: () => import("./controllers/peek.js"),
  preview: () => import("./controllers/preview.js"),
  ring: () => import("./controllers/ring.js"),
  room: () => import("./controllers/room.js"),
  share: () => import("./controllers/share.js"),
  sheet: () => import("./controllers/sheet.js"),
  "theme-editor": () => import("./controllers/theme-editor.js"),
  toasts: () => import("./controllers/toasts.js"),
  toggle: () => import("./controllers/toggle.js"),
  typer: () => import("./controllers/typer.js"),
  unread: () => import("./controllers/unread.js"),
  upload: () => import("./controllers/upload.js"),
  "push-here": () => import("./controllers/push-here.js"),
  "quiet-hours": () => import("./controllers/quiet-hours.js"),
  recover: () => import("./controllers/recover.js"),
  working: () => import("./controllers/working.js"),
};

/** @type {WeakMap<Element, (() => void)[]>} */
const attached = new WeakMap();

/** @param {HTMLElement} element */
function attach(element) {
  if (attached.has(element)) return;
  /** @type {(() => void)[]} */
  const undo = [];
  attached.set(element, undo);
  for (const name of (element.dataset.controller ?? "").split(/\s+/)) {
    const load = controllers[name];
    if (!load) continue;
    load().then(({ connect }) => {
      if (!element.isConnected) return;
      const off = connect(element);
      if (off) undo.push(off);
    }).catch((error) => {
      // A page must not wait for behaviour that will not come: its plain form is shown again.
      element.dataset.failed = name;
      console.error(`controller ${name}`, error);
    });
  }
}

/** @param {Element} element */
function detach(element) {
  for (const off of attached.get(element) ?? []) off();
  attached.delete(element);
}

/**
 * @param {Node} node
 * @param {(element: HTMLElement) => void} act
 */
function within(node, act) {
  if (!(node instanceof HTMLElement)) return;
  if (node.dataset.controller) act(node);
  for (const child of node.querySelectorAll("[data-controller]")) act(/** @type {HTMLElement} */ (child));
}

within(document.body, attach);
new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.removedNodes) if (!node.isConnected) within(node, detach);
    for (const node of change.addedNodes) within(node, attach);
  }
}).observe(document.body, { childList: true, subtree: true });
