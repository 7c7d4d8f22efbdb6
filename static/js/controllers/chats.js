import { Calls } from "../chat/calls.js";
import { line } from "../chat/line.js";
import { noteInList } from "../chat/list.js";
import { Presence } from "../chat/presence.js";
import { Wire } from "../chat/wire.js";

/** The list of conversations without an open one: what is said and who is there, as it happens. */
export function connect(/** @type {HTMLElement} */ element) {
  const wire = new Wire();
  new Presence(wire);
  const calls = new Calls(wire);
  wire.addEventListener("frame", (event) => noteInList(/** @type {CustomEvent} */ (event).detail, element.dataset.me ?? ""));
  const undo = line.lend(wire);
  wire.open();
  return () => { calls.end(); undo(); wire.close(); };
}
