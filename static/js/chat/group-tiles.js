/** The people of a group's call: a tile for each, and one more for a screen that somebody shows. */

/** @typedef {{box: HTMLElement, video: HTMLVideoElement, name: HTMLElement, track: any}} Tile */

export class Tiles {
  /** @type {Map<string, Tile>} */ shown = new Map();

  /** @param {HTMLElement} list */
  constructor(list) {
    this.list = list;
  }

  /**
   * @param {any} room
   * @param {any} source LiveKit's names of what a track shows
   */
  draw(room, source) {
    /** @type {Map<string, {person: any, of: any}>} */
    const wanted = new Map();
    for (const person of [room.localParticipant, ...room.remoteParticipants.values()]) {
      if (person.isScreenShareEnabled) wanted.set(`${person.identity} screen`, { person, of: source.ScreenShare });
      wanted.set(`${person.identity} camera`, { person, of: source.Camera });
    }
    for (const [key, tile] of this.shown) if (!wanted.has(key)) this.drop(key, tile);
    for (const [key, { person, of }] of wanted) {
      const tile = this.shown.get(key) ?? this.make(key, person);
      const screen = of === source.ScreenShare;
      const published = person.getTrackPublication(of);
      const track = published && !published.isMuted ? published.track ?? null : null;
      if (tile.track !== track) {
        tile.track?.detach(tile.video);
        track?.attach(tile.video);
        tile.track = track;
      }
      tile.box.classList.toggle("tile--screen", screen);
      tile.box.classList.toggle("tile--seen", Boolean(track));
      tile.box.classList.toggle("tile--mirrored", !screen && person === room.localParticipant);
      tile.box.classList.toggle("tile--quiet", !screen && !person.isMicrophoneEnabled);
      tile.box.classList.toggle("tile--speaks", !screen && Boolean(person.isSpeaking));
    }
    this.list.dataset.count = String(Math.min(this.shown.size, 9));
    this.list.classList.toggle("tiles--screen", [...this.shown.keys()].some((key) => key.endsWith(" screen")));
  }

  clear() {
    for (const [key, tile] of this.shown) this.drop(key, tile);
  }

  /**
   * @param {string} key
   * @param {any} person
   * @returns {Tile}
   */
  make(key, person) {
    const plain = /** @type {HTMLTemplateElement} */ (document.getElementById("group-tile"));
    const box = /** @type {HTMLElement} */ (/** @type {HTMLElement} */ (plain.content.firstElementChild).cloneNode(true));
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (box.querySelector(`[data-tile-${name}]`));
    const name = person.name || person.identity;
    box.dataset.person = person.identity;
    part("name").textContent = name;
    part("face").textContent = (name[0] ?? "").toUpperCase();
    const video = /** @type {HTMLVideoElement} */ (part("video"));
    video.setAttribute("aria-label", name);
    const tile = { box, video, name: part("name"), track: null };
    this.shown.set(key, tile);
    this.list.append(box);
    return tile;
  }

  /**
   * @param {string} key
   * @param {Tile} tile
   */
  drop(key, tile) {
    tile.track?.detach(tile.video);
    tile.box.remove();
    this.shown.delete(key);
  }
}
