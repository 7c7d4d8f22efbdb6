/** A moment is kept in UTC; with scripts people see and set it in their own time. */
export function connect(/** @type {HTMLElement} */ element) {
  const shown = /** @type {HTMLInputElement} */ (element.querySelector("input[type='datetime-local']"));
  const sent = document.createElement("input");
  sent.type = "hidden";
  sent.name = shown.name;
  shown.removeAttribute("name");
  shown.after(sent);
  const given = shown.value ? new Date(`${shown.value}Z`) : null;
  if (given && !Number.isNaN(given.getTime())) shown.value = local(given);
  const write = () => {
    sent.value = shown.value ? new Date(shown.value).toISOString() : "";
  };
  shown.addEventListener("input", write);
  write();
  const note = element.querySelector("[data-utc]");
  if (note) note.textContent = Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** @param {Date} moment */
function local(moment) {
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
