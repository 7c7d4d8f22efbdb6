/**
 * What this device sends: a microphone, and a camera or the screen. It outlives connections, so that one that is made anew
 * goes on with the same tracks. Every change is told by a "change" event.
 */
export class LocalMedia extends EventTarget {
  audio = /** @type {MediaStreamTrack | null} */ (null);
  video = /** @type {MediaStreamTrack | null} */ (null);
  sharing = false;
  muted = false;

  /** Whether this page may ask for devices at all: browsers allow it over https and on localhost only. */
  static get possible() {
    return Boolean(navigator.mediaDevices?.getUserMedia && window.RTCPeerConnection);
  }

  static get canShare() {
    return Boolean(navigator.mediaDevices?.getDisplayMedia);
  }

  /**
   * Open the microphone, and the camera where it is wanted and there is one.
   * @param {boolean} withVideo
   */
  async open(withVideo) {
    if (!this.audio) this.#take(await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } }));
    if (withVideo) await this.camera(true).catch(() => null);
    this.#changed();
  }

  /** @param {boolean} on */
  mute(on) {
    this.muted = on;
    if (this.audio) this.audio.enabled = !on;
    this.#changed();
  }

  /** @param {boolean} on a camera that is off is closed: its light goes out */
  async camera(on) {
    this.#dropVideo();
    if (on) this.#take(await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1280 }, height: { ideal: 720 }, facingMode: "user" } }).catch((error) => { this.#changed(); throw error; }));
    this.#changed();
  }

  /** @param {boolean} on show the screen in the camera's place */
  async share(on) {
    if (!on) { this.#dropVideo(); return this.#changed(); }
    const shown = await navigator.mediaDevices.getDisplayMedia({ video: true });
    this.#dropVideo();
    this.sharing = true;
    this.#take(shown);
    // The browser's own "stop sharing".
    this.video?.addEventListener("ended", () => { if (this.sharing) { this.#dropVideo(); this.#changed(); } });
    this.#changed();
  }

  /** What the other side is told. */
  get state() {
    return { audio: Boolean(this.audio) && !this.muted, video: Boolean(this.video), screen: this.sharing };
  }

  stop() {
    this.audio?.stop();
    this.audio = null;
    this.muted = false;
    this.#dropVideo();
  }

  /** @param {MediaStream} stream */
  #take(stream) {
    const [audio] = stream.getAudioTracks();
    const [video] = stream.getVideoTracks();
    if (audio) { audio.enabled = !this.muted; this.audio = audio; }
    if (video) this.video = video;
  }

  #dropVideo() {
    const track = this.video;
    this.video = null;
    this.sharing = false;
    track?.stop();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
