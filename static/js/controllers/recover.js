import { say } from "../lib/strings.js";
import { newKey } from "../upload/publish.js";
import { Transfer } from "../upload/tus.js";

/** Another cover on the edit page: the frame at which the video stands, or a picture. */
export function connect(/** @type {HTMLElement} */ section) {
  const csrf = document.body.dataset.csrf ?? "";
  const second = /** @type {HTMLInputElement} */ (section.querySelector("[data-recover-second]"));
  const problem = /** @type {HTMLElement} */ (section.querySelector("[data-recover-problem]"));
  const choose = /** @type {HTMLElement} */ (section.querySelector("[data-recover-file]"));
  const input = /** @type {HTMLInputElement} */ (choose.querySelector("input"));
  const video = document.querySelector("video");
  for (const name of ["pause", "seeked"]) video?.addEventListener(name, () => (second.value = video.currentTime.toFixed(3)));
  second.addEventListener("change", () => video && (video.currentTime = Number(second.value)));
  choose.hidden = false;

  const tell = (/** @type {string} */ text) => {
    problem.textContent = text;
    problem.hidden = !text;
    input.disabled = false;
  };
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (!file) return;
    tell("");
    input.disabled = true;
    const transfer = new Transfer(file, { endpoint: section.dataset.uploads ?? "", csrf, name: file.name });
    transfer.addEventListener("refused", (event) => tell(/** @type {CustomEvent} */ (event).detail.detail || say("failed")));
    transfer.addEventListener("done", async () => {
      const answer = await fetch(section.dataset.url ?? "", {
        method: "PUT",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrf, "Idempotency-Key": newKey() },
        body: JSON.stringify({ upload_id: transfer.id }),
      }).catch(() => null);
      if (answer?.ok) return location.reload();
      const said = await answer?.json().catch(() => null);
      tell(said?.detail || say("failed"));
    });
    transfer.start();
  });
}
