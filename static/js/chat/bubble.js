/** One message as an element. Text is set as text, never as HTML. */

import { say } from "../lib/strings.js";
import { callLine } from "./call-line.js";
import { appendText, isPicturesOnly, picture } from "./emoji.js";
import { systemLine } from "./system-line.js";
import { voice } from "./voice.js";

export const FACES = ["❤️", "👍", "😂", "😮", "😢", "🔥"];
const CUSTOM_FACES = 12;

/** @typedef {{id: string, seq: number, client_id: string, sender: any, sender_id: string, kind: string, body: string, links: string[], reply_to: any, forwarded: boolean, meta: any, emoji: Record<string, string>, attachments?: any[], reactions: {emoji: string, count: number, user_ids: string[], url?: string | null}[], revision: number, created_at: string, edited_at: string | null, deleted: boolean, state?: "waiting" | "failed"}} Message */

/**
 * @param {Message} message
 * @param {{me: string, group: boolean, blocked: Set<string>, names: Map<string, string>, readTo: number, custom: {shortcode: string, url?: string}[]}} room
 * @returns {HTMLLIElement}
 */
export function bubble(message, room) {
  const own = message.sender_id === room.me;
  const item = document.createElement("li");
  item.className = "said";
  item.dataset.seq = String(message.seq);
  item.dataset.client = message.client_id;
  if (message.kind === "system") {
    item.classList.add("said--system");
    item.textContent = systemLine(message, room.names);
    return item;
  }
  const collapsed = room.blocked.has(message.sender_id);
  item.classList.toggle("said--own", own);
  item.classList.toggle("said--gone", message.deleted);
  item.classList.toggle("said--collapsed", collapsed);
  if (message.state) item.classList.add(`said--${message.state}`);
  if (room.group && !own) item.append(box("span", "said__who", message.sender?.name ?? "…"));
  const row = box("div", "said__box");
  const body = box("div", "bubble");
  if (message.deleted || collapsed) body.textContent = say(collapsed ? "collapsed" : "deleted");
  else if (message.kind === "call") {
    item.classList.add("said--call");
    item.classList.toggle("said--missed", !own && ["missed", "cancelled", "busy"].includes(message.meta.outcome));
    body.innerHTML = `<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-${message.meta.media === "video" ? "video" : "call"}"/></svg>`;
    body.append(callLine(message, room.me));
  } else fill(body, message);
  row.append(body);
  if (!message.deleted && !collapsed && message.seq) row.append(menu(message, own, room.custom));
  item.append(row);
  if (message.reactions.length) item.append(marks(message, room.me));
  item.append(box("span", "said__foot", foot(message, own, room.readTo)));
  return item;
}

/**
 * @param {HTMLElement} body
 * @param {Message} message
 */
function fill(body, message) {
  if (message.forwarded) body.append(box("span", "quote", say("forwarded")));
  if (message.reply_to) {
    const quote = box("button", "quote", message.reply_to.deleted ? say("deleted") : message.reply_to.body || "…");
    quote.setAttribute("type", "button");
    quote.dataset.jump = String(message.reply_to.seq);
    body.append(quote);
  }
  if (message.kind === "clip") body.append(clip(message.meta.video_id));
  if (message.kind === "profile") body.append(link(`/@${encodeURIComponent(message.meta.username)}`, `@${message.meta.username}`));
  for (const one of message.attachments ?? []) body.append(file(one));
  body.classList.toggle("bubble--pictures", isPicturesOnly(message.body, message.emoji ?? {}));
  linked(body, message);
}

/**
 * @param {HTMLElement} body
 * @param {Message} message
 */
function linked(body, { body: text, links, emoji = {} }) {
  let rest = text;
  for (const address of links) {
    const at = rest.indexOf(address);
    if (at < 0) continue;
    appendText(body, rest.slice(0, at), emoji);
    body.append(link(address, address));
    rest = rest.slice(at + address.length);
  }
  appendText(body, rest, emoji);
}

/**
 * @param {string} href
 * @param {string} text
 */
function link(href, text) {
  const anchor = document.createElement("a");
  anchor.href = href;
  anchor.textContent = text;
  if (!href.startsWith("/")) {
    anchor.rel = "noopener noreferrer nofollow";
    anchor.target = "_blank";
  }
  return anchor;
}

/**
 * A picture, a sound, or a file to be saved.
 * @param {{id: string, kind: string, url: string, name: string, width: number | null, height: number | null, duration_ms: number | null, wave: number[]}} one
 */
function file(one) {
  if (one.kind === "image") {
    const picture = document.createElement("img");
    picture.className = "bubble__picture";
    picture.alt = one.name;
    // Known before it is there, so that nothing moves when it comes.
    picture.width = one.width ?? 200;
    picture.height = one.height ?? 200;
    picture.src = one.url;
    return picture;
  }
  if (one.kind === "audio") return voice(one);
  return link(one.url, one.name || "…");
}

/**
 * A shared video: its card is asked for by whoever looks, and comes only if they may see it now.
 * @param {string} id
 */
function clip(id) {
  const card = document.createElement("a");
  card.className = "clip-card";
  const picture = document.createElement("img");
  picture.alt = "";
  picture.width = 200;
  picture.height = 260;
  const text = document.createElement("span");
  card.append(picture, text);
  fetch(`/api/v1/videos/${encodeURIComponent(id)}`).then(async (answer) => {
    if (!answer.ok) throw new Error("not visible");
    const video = await answer.json();
    card.href = `/@${encodeURIComponent(video.author.username)}/video/${video.id}`;
    if (video.cover) picture.src = video.cover;
    text.textContent = `@${video.author.username} ${video.caption}`.slice(0, 90);
  }).catch(() => {
    picture.remove();
    text.textContent = say("noClip");
  });
  return card;
}

/**
 * @param {Message} message
 * @param {boolean} own
 * @param {{shortcode: string, url?: string}[]} custom
 */
function menu(message, own, custom) {
  const more = document.createElement("details");
  more.className = "said__more";
  const handle = document.createElement("summary");
  handle.className = "icon-button";
  handle.setAttribute("aria-label", say("more"));
  handle.innerHTML = '<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-more"/></svg>';
  const list = box("div", "said__menu");
  const faces = box("div", "said__faces");
  for (const emoji of FACES) {
    const face = action(emoji, "react");
    face.dataset.emoji = emoji;
    face.setAttribute("aria-label", say("react", { emoji }));
    faces.append(face);
  }
  for (const { shortcode, url } of custom.slice(0, CUSTOM_FACES)) {
    const face = action("", "react");
    face.dataset.emoji = `:${shortcode}:`;
    face.setAttribute("aria-label", say("react", { emoji: `:${shortcode}:` }));
    face.append(picture(shortcode, url ?? ""));
    faces.append(face);
  }
  list.append(faces, action(say("reply"), "reply"));
  if (own && message.kind === "text") list.append(action(say("edit"), "edit"));
  list.append(action(say("deleteMe"), "delete-me"));
  if (own) list.append(action(say("deleteAll"), "delete-all"));
  more.append(handle, list);
  return more;
}

/**
 * @param {string} text
 * @param {string} name
 */
function action(text, name) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  button.dataset.act = name;
  return button;
}

/**
 * @param {Message} message
 * @param {string} me
 */
function marks(message, me) {
  const list = box("div", "said__marks");
  for (const { emoji, count, user_ids: people, url } of message.reactions) {
    const mark = action(url ? "" : `${emoji} ${count}`, "react");
    if (url) mark.append(picture(emoji.slice(1, -1), url), ` ${count}`);
    mark.className = "mark";
    mark.dataset.emoji = emoji;
    mark.setAttribute("aria-pressed", String(people.includes(me)));
    list.append(mark);
  }
  return list;
}

/**
 * @param {Message} message
 * @param {boolean} own
 * @param {number} readTo
 */
function foot(message, own, readTo) {
  const parts = [new Date(message.created_at).toLocaleTimeString(document.documentElement.lang, { hour: "numeric", minute: "2-digit" })];
  if (message.edited_at && !message.deleted) parts.push(say("edited"));
  if (message.state) parts.push(say(message.state === "failed" ? "unsent" : "sending"));
  else if (own) parts.push(say(message.seq <= readTo ? "seen" : "sent"));
  return parts.join(" · ");
}

/**
 * @param {string} tag
 * @param {string} css
 * @param {string} [text]
 */
export function box(tag, css, text) {
  const element = document.createElement(tag);
  element.className = css;
  if (text !== undefined) element.textContent = text;
  return element;
}
