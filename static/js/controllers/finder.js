/** Search in the messenger: the address follows what is typed, so that "back" from a room comes to what was found. */
export function connect(/** @type {HTMLElement} */ element) {
  const form = /** @type {HTMLFormElement} */ (element);
  const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("q"));
  if (field.autofocus) field.focus();
  const follow = () => {
    const address = new URL(location.href);
    address.search = "";
    for (const [name, value] of new FormData(form)) if (value) address.searchParams.set(name, String(value));
    history.replaceState(null, "", address);
  };
  form.addEventListener("htmx:afterOnLoad", follow);
}
