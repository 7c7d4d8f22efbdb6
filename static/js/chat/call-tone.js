/** The sound of a phone, made of two tones; silent where the browser wants a gesture first. */

/**
 * @param {"incoming" | "outgoing"} kind
 * @returns {() => void} ends it
 */
export function tone(kind) {
  const Context = window.AudioContext;
  if (!Context) return () => {};
  const context = new Context();
  const level = context.createGain();
  level.gain.value = 0;
  level.connect(context.destination);
  for (const pitch of kind === "incoming" ? [587, 740] : [400, 450]) {
    const voice = context.createOscillator();
    voice.frequency.value = pitch;
    voice.connect(level);
    voice.start();
  }
  const loud = kind === "incoming" ? 0.08 : 0.03;
  const ring = () => {
    const now = context.currentTime;
    level.gain.setTargetAtTime(loud, now, 0.02);
    level.gain.setTargetAtTime(0, now + 1, 0.05);
    // Browsers let a page shake the phone only once somebody has touched it.
    if (kind === "incoming" && navigator.userActivation?.hasBeenActive) navigator.vibrate?.([300, 200, 300]);
  };
  ring();
  const timer = setInterval(ring, 3000);
  return () => { clearInterval(timer); if (context.state !== "closed") context.close(); };
}
