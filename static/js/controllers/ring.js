import { line } from "../chat/line.js";
import { say } from "../lib/strings.js";
import { toast } from "../lib/toast.js";

const ASIDE_MS = 400;
const LATE_MS = 3000;
const STAYED_MS = 8000;

/**
 * Somebody calls, and this is no page to speak on: it rings here too. Who accepts goes to the conversation, which takes the
 * call (`Calls.catchUp`); the first page or device that does gets it, and the rest hear so and fall silent.
 */
export function connect(/** @type {HTMLElement} */ element) {
  const ring = new Ring(element);
  return () => ring.end();
}

class Ring {
  call = /** @type {import("../chat/calls.js").Call | null} */ (null);
  going = false;
  sound = new AbortController();
  off = new AbortController();

  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.title = document.title;
    const { signal } = this.off;
    line.addEventListener("frame", (event) => this.hear(/** @type {CustomEvent} */ (event).detail), { signal });
    for (const what of ["up", "resync"]) line.addEventListener(what, () => this.catchUp(), { signal });
    element.querySelector("[data-ring-accept]")?.addEventListener("click", () => this.accept());
    element.querySelector("[data-ring-decline]")?.addEventListener("click", () => this.decline());
    // A dialog that takes the page for itself takes the ring along.
    document.addEventListener("close", () => this.call && this.place(), { signal, capture: true });
    this.leave = line.join();
  }

  end() {
    this.off.abort();
    this.stop();
    this.leave();
  }

  /** @param {any} frame */
  hear({ ev, d }) {
    if (ev === "call.ring") return this.start(d);
    if (d.id !== this.call?.id) return;
    if (ev === "call.ended" && d.outcome !== "declined") toast(`${d.person?.name ?? ""} · ${say(d.media === "video" ? "missedVideo" : "missedVoice")}`);
    if (ev === "call.ended" || ev === "call.taken") this.stop();
  }

  /** What was missed while there was no line. */
  async catchUp() {
    const told = await line.ask("call.current", {}).catch(() => null);
    if (!told) return;
    const rung = told.calls.find((/** @type {any} */ one) => one.state === "ringing" && !one.own);
    if (rung) this.start(rung); else this.stop();
  }

  /** @param {import("../chat/calls.js").Call} call */
  start(call) {
    if (this.call) return;
    this.call = call;
    const { person } = call;
    const name = person?.name ?? "…";
    const [title, kind, face] = ["name", "kind", "face"].map((part) => /** @type {HTMLElement} */ (this.element.querySelector(`[data-ring-${part}]`)));
    title.textContent = name;
    kind.textContent = say(call.media === "video" ? "incomingVideo" : "incomingVoice");
    face.replaceChildren(person?.avatar ? Object.assign(new Image(), { src: person.avatar, alt: "" }) : (name[0] ?? "").toUpperCase());
    this.title = document.title;
    document.title = `☎ ${name} · ${kind.textContent}`;
    this.place();
    this.play();
    line.tell("call.ringing", { call: call.id });
    // The end of it may get lost; a phone must not ring for ever.
    this.late = setTimeout(() => this.stop(), call.left_seconds * 1000 + LATE_MS);
  }

  stop() {
    if (!this.call) return;
    this.call = null;
    clearTimeout(this.late);
    clearTimeout(this.stayed);
    this.going = false;
    this.sound.abort();
    document.title = this.title;
    if (this.element.matches(":popover-open")) this.element.hidePopover();
  }

  /** Above everything, without taking the keys from whoever is typing; what lies outside of an open dialog cannot be pressed. */
  place() {
    const modal = [...document.querySelectorAll("dialog:modal")].at(-1);
    (modal ?? document.body).append(this.element);
    this.element.popover = "manual";
    if (!this.element.matches(":popover-open")) this.element.showPopover();
  }

  /** In one tab of those that ring: one that is looked at rather than another. */
  async play() {
    const { signal } = this.sound = new AbortController();
    const { tone } = await import("../chat/call-tone.js");
    if (document.hidden) await new Promise((done) => { setTimeout(done, ASIDE_MS); });
    const loud = () => new Promise((done) => {
      if (signal.aborted) return done(null);
      const quiet = tone("incoming");
      signal.addEventListener("abort", () => { quiet(); done(null); });
    });
    if (navigator.locks) await navigator.locks.request("ring-tone", { signal }, loud).catch(() => null);
    else await loud();
  }

  accept() {
    const { call } = this;
    if (!call || this.going) return;
    if (!navigator.mediaDevices?.getUserMedia) return toast(say("needsHttps"), "error");
    this.going = true;
    this.sound.abort();
    // Not in the address: a link of a stranger must not be able to open a microphone.
    sessionStorage.setItem("call-answer", call.id);
    // Who is asked whether to leave this page may stay.
    this.stayed = setTimeout(() => { this.going = false; sessionStorage.removeItem("call-answer"); }, STAYED_MS);
    location.assign(`/messages/${call.c}`);
  }

  async decline() {
    const { call } = this;
    this.stop();
    if (call) await line.ask("call.reject", { call: call.id }).catch(() => toast(say("failed"), "error"));
  }
}
