import { say } from "../lib/strings.js";

/** The head of a room: its name, its picture and how many are in it, as they change. */
export class Header {
  /** @param {HTMLElement} element the room */
  constructor(element) {
    this.element = element;
  }

  /** @param {{title?: string, avatar?: string | null, member_count?: number}} parts what is known anew */
  renew({ title, avatar, member_count: count }) {
    const name = this.element.querySelector("[data-room-title]");
    if (title && name) name.textContent = title;
    const number = this.element.querySelector("[data-room-count]");
    if (count !== undefined && number) number.textContent = say(count === 1 ? "oneMember" : "manyMembers", { n: count });
    if (avatar !== undefined) this.#picture(avatar);
  }

  /** @param {string | null} avatar */
  #picture(avatar) {
    const face = this.element.querySelector(".room__head .chat__group");
    if (!face || (face.querySelector("img")?.getAttribute("src") ?? null) === avatar) return;
    if (!avatar) {
      face.innerHTML = '<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-people"/></svg>';
      return;
    }
    const picture = document.createElement("img");
    picture.alt = "";
    picture.src = avatar;
    face.replaceChildren(picture);
  }
}
