/**
 * One connection to the other device: perfect negotiation (W3C WebRTC 1.0, section 10.7), where of two offers that meet the
 * polite side takes its own back; and ICE restarts while the way between the two is broken. Media is `call-media.js`.
 *
 * The polite side lets the other make the first offer: a Chromium that takes its first offer back while it looks for candidates
 * sometimes never finds any, in no later round of that connection. Whatever the reason, one on which nothing has happened at
 * all is given up ("stuck") for another.
 */

const BATCH = 20;
const BATCH_MS = 60;
const PATIENCE_MS = 30_000;
const AGAIN_MS = 7000;
const FIRST_MS = 3000;

/** @typedef {{ice_servers: RTCIceServer[], ice_transport_policy: RTCIceTransportPolicy}} Ice */

export class Peer extends EventTarget {
  /** @type {{audio?: RTCRtpSender, video?: RTCRtpSender}} */ senders = {};
  remote = new MediaStream();
  making = false;
  ignoring = false;
  closed = false;
  media = /** @type {import("./call-media.js").LocalMedia | null} */ (null);
  /** @type {RTCIceCandidateInit[]} */ found = [];
  /** @type {Promise<void>} */ chain = Promise.resolve();

  /**
   * @param {{polite: boolean, ice: Ice, send: (kind: string, payload: object) => Promise<unknown>, renew: () => Promise<Ice>}} parts
   */
  constructor({ polite, ice, send, renew }) {
    super();
    this.polite = polite;
    this.send = send;
    this.renew = renew;
    this.pc = new RTCPeerConnection(configuration(ice));
    this.pc.addEventListener("negotiationneeded", () => this.#offer());
    this.pc.addEventListener("icecandidate", ({ candidate }) => candidate && this.#gathered(candidate));
    this.pc.addEventListener("track", ({ track }) => { this.remote.addTrack(track); this.#say("track"); });
    this.pc.addEventListener("connectionstatechange", () => this.#moved());
    this.patience = setTimeout(() => this.#say("lost"), PATIENCE_MS);
    // The other side may have nothing to send, and so no reason to offer.
    this.first = polite ? setTimeout(() => this.#first(), FIRST_MS) : undefined;
    this.#later();
  }

  /** @param {import("./call-media.js").LocalMedia} media what is sent from now on */
  async show(media) {
    this.media = media;
    if (this.first !== undefined) return;
    for (const kind of /** @type {const} */ (["audio", "video"])) {
      const track = media[kind];
      const sender = this.senders[kind];
      if (sender) await sender.replaceTrack(track);
      else if (track) this.senders[kind] = this.pc.addTrack(track, new MediaStream([track]));
    }
  }

  /**
   * Take what the other side says, one after the other.
   * @param {string} kind
   * @param {any} payload
   */
  hear(kind, payload) {
    this.chain = this.chain.then(async () => {
      if (this.closed) return;
      if (kind === "desc") await this.#description(payload);
      else for (const one of payload) await this.#candidate(one);
    }).catch((error) => { if (!this.closed) console.warn("call signalling", error); });
  }

  /** Say again what may have been lost while one of the sockets was away. */
  again() {
    if (this.closed) return;
    if (this.pc.signalingState === "have-local-offer") {
      this.#describe();
      this.#later();
    } else if (this.pc.connectionState === "new" && !this.polite && this.pc.remoteDescription) this.#say("stuck");
    else if (this.pc.connectionState !== "connected") this.#restart();
  }

  close() {
    this.closed = true;
    clearTimeout(this.patience);
    clearTimeout(this.wait);
    clearTimeout(this.batch);
    clearTimeout(this.first);
    this.pc.close();
  }

  /** Show what was held back for the other's offer. */
  async #first() {
    clearTimeout(this.first);
    this.first = undefined;
    if (this.media) await this.show(this.media);
  }

  async #offer() {
    try {
      this.making = true;
      await this.pc.setLocalDescription();
      await this.#describe();
    } catch (error) {
      if (!this.closed) console.warn("call offer", error);
    } finally {
      this.making = false;
    }
  }

  /** @param {RTCSessionDescriptionInit} description */
  async #description(description) {
    const collision = description.type === "offer" && (this.making || this.pc.signalingState !== "stable");
    this.ignoring = !this.polite && collision;
    if (this.ignoring) return;
    // An answer to an offer that was taken back meanwhile.
    if (description.type === "answer" && this.pc.signalingState !== "have-local-offer") return;
    await this.pc.setRemoteDescription(description);
    if (description.type !== "offer") return;
    if (this.first !== undefined) await this.#first();
    await this.pc.setLocalDescription();
    await this.#describe();
  }

  /** @param {RTCIceCandidateInit} candidate */
  async #candidate(candidate) {
    try {
      await this.pc.addIceCandidate(candidate);
    } catch (error) {
      if (!this.ignoring) throw error;
    }
  }

  async #describe() {
    const { localDescription: told } = this.pc;
    // What cannot be carried now is said again when the socket is back.
    if (told) await this.send("desc", { type: told.type, sdp: told.sdp }).catch(() => this.#later());
  }

  /** @param {number} [ms] look after the connection once more, unless something moves before */
  #later(ms = this.polite ? AGAIN_MS + 2500 : AGAIN_MS) {
    clearTimeout(this.wait);
    if (!this.closed) this.wait = setTimeout(() => this.again(), ms);
  }

  /** @param {RTCIceCandidate} candidate */
  #gathered(candidate) {
    this.found.push(candidate.toJSON());
    clearTimeout(this.batch);
    if (this.found.length >= BATCH) this.#flush();
    else this.batch = setTimeout(() => this.#flush(), BATCH_MS);
  }

  #flush() {
    const some = this.found.splice(0, BATCH);
    if (some.length && !this.closed) this.send("cand", some).catch(() => null);
  }

  #moved() {
    const state = this.pc.connectionState;
    clearTimeout(this.wait);
    if (state === "connected") {
      clearTimeout(this.patience);
      this.patience = undefined;
    } else if (!this.closed) {
      this.patience ??= setTimeout(() => this.#say("lost"), PATIENCE_MS);
      // Broken for good, or perhaps for a moment only; one side goes first.
      this.#later(state === "failed" ? (this.polite ? 1500 : 0) : state === "disconnected" ? (this.polite ? 5000 : 2500) : undefined);
    }
    this.#say("state");
  }

  async #restart() {
    if (this.closed) return;
    const ice = await this.renew().catch(() => null);
    if (this.closed || this.pc.connectionState === "connected") return;
    if (ice) this.pc.setConfiguration(configuration(ice));
    this.pc.restartIce();
    this.#later();
  }

  /** @param {string} what */
  #say(what) {
    if (!this.closed) this.dispatchEvent(new Event(what));
  }
}

/** @param {Ice} ice */
function configuration(ice) {
  return { iceServers: ice.ice_servers, iceTransportPolicy: ice.ice_transport_policy, bundlePolicy: /** @type {RTCBundlePolicy} */ ("max-bundle") };
}
