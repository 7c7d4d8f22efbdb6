/**
 * A burst where the finger was; draws nothing for people who asked for less motion.
 * @param {number} x viewport pixels
 * @param {number} y viewport pixels
 */
export function burst(x, y) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const heart = document.createElement("div");
  heart.className = "heart";
  heart.style.left = `${x}px`;
  heart.style.top = `${y}px`;
  heart.innerHTML = '<svg class="icon" aria-hidden="true"><use href="#i-heart"/></svg>';
  for (let turn = 0; turn < 360; turn += 45) {
    const spark = document.createElement("i");
    spark.style.setProperty("--turn", `${turn + 22}deg`);
    heart.append(spark);
  }
  document.body.append(heart);
  setTimeout(() => heart.remove(), 750);
}
