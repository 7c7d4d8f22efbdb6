import { say } from "../lib/strings.js";

const KNOWN = ["created", "renamed", "added", "removed", "left", "joined", "picture", "opened", "closed"];

/**
 * A line of the product's own: who did what to the group.
 * @param {{sender: any, meta: {what?: string, user_ids?: string[], title?: string}}} message
 * @param {Map<string, string>} names of those in the room
 */
export function systemLine({ sender, meta }, names) {
  const what = KNOWN.includes(meta.what ?? "") ? meta.what : "changed";
  const others = (meta.user_ids ?? []).map((id) => names.get(id) || say("somebody")).join(", ");
  return say(`group-${what}`, { name: sender?.name ?? say("somebody"), others, title: meta.title ?? "" });
}
