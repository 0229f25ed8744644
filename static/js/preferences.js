/**
 * The look of the page, changed on the spot: theme, font, size, contrast, density, keys.
 *
 * A field of the preferences page: <select data-look="theme">; the form stores it with the person.
 * A button of a public screen: <button data-look="contrast" data-value="more" aria-pressed="false">, for this visit
 * only; with data-look-keep it is remembered on this device.
 */

const root = document.documentElement;

export function startLook() {
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.dataset?.look) set(field.dataset.look, field.type === "checkbox" ? boxValue(field) : field.value);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-look]");
    if (button) press(button);
  });
}

function boxValue(box) {
  return box.checked ? (box.dataset.on ?? "on") : (box.dataset.off ?? "off");
}

function press(button) {
  const { look, value, lookKeep } = button.dataset;
  const on = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(on));
  set(look, on ? value : "");
  if (lookKeep !== undefined) localStorage.setItem(`look:${look}`, on ? value : "");
}

function set(name, value) {
  if (value && value !== "auto") root.dataset[name] = value;
  else delete root.dataset[name];
}
