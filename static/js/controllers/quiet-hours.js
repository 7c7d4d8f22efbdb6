/** The hours of a switch can be set while it is on; a person who never said where they are is asked about here. */
export function connect(/** @type {HTMLElement} */ element) {
  const on = /** @type {HTMLInputElement} */ (element.querySelector("[name=quiet]"));
  const fields = /** @type {HTMLElement} */ (element.querySelector("[data-hours]"));
  const zone = /** @type {HTMLSelectElement} */ (element.querySelector("[name=time_zone]"));
  const follow = () => { fields.hidden = !on.checked; };
  const turned = () => {
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const known = [...zone.options].some((one) => one.value === here);
    if (on.checked && zone.value === "UTC" && known) zone.value = here;
    follow();
  };
  on.addEventListener("change", turned);
  follow();
  return () => on.removeEventListener("change", turned);
}
