import { call as http } from "../chat/api.js";
import { GroupCall } from "../chat/group-call.js";

const EVERY = 20_000;

/** The button of a group's call: how many are in it now, and the way in. */
export function connect(/** @type {HTMLButtonElement} */ button) {
  const dialog = /** @type {HTMLDialogElement | null} */ (document.querySelector("[data-group-screen]"));
  const count = /** @type {HTMLElement | null} */ (button.querySelector("[data-group-count]"));
  if (!dialog || !count) return;
  const { conversation = "", library = "" } = button.dataset;
  const look = async () => {
    if (document.hidden) return;
    const told = await http("GET", `calls/${conversation}/people`).catch(() => null);
    count.hidden = !told?.people.length;
    count.textContent = String(told?.people.length ?? "");
    button.title = told?.people.map((/** @type {any} */ one) => one.name).join(", ") ?? "";
  };
  const call = new GroupCall(dialog, conversation, library);
  const enter = () => call.enter();
  button.addEventListener("click", enter);
  button.disabled = false; // before this nobody would hear the press
  call.addEventListener("change", look);
  document.addEventListener("visibilitychange", look);
  const timer = setInterval(look, EVERY);
  look();
  return () => {
    clearInterval(timer);
    button.removeEventListener("click", enter);
    document.removeEventListener("visibilitychange", look);
    call.end();
  };
}
