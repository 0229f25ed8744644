/**
 * <section data-steady>: what stands here acts on a key only once it has stood unchanged for a moment, and never on a
 * key held down. So a press meant for the screen before does nothing to the next one. <html data-still> says it has.
 */

const STILL_MS = 600;
const root = document.documentElement;
let shown = null;
let timer = 0;

export function startSteady() {
  document.addEventListener("keydown", guardFocused, true);
  document.addEventListener("htmx:afterSettle", look);
  window.addEventListener("pageshow", (event) => { if (event.persisted) shown = null; look(); });
  look();
}

export function isSteady(element) {
  return !element.closest("[data-steady]") || "still" in root.dataset;
}

function look() {
  const now = [...document.querySelectorAll("[data-steady] button")].map(actOf).join("\n");
  if (now === shown) return;
  shown = now;
  delete root.dataset.still;
  clearTimeout(timer);
  timer = setTimeout(() => { root.dataset.still = "yes"; }, STILL_MS);
}

function actOf(button) {
  return [button.formAction, button.form?.action, button.value, button.disabled].join(" ");
}

/** A button that has the focus is pressed by the browser itself. */
function guardFocused(event) {
  if (event.key !== "Enter" && event.key !== " ") return;
  const button = event.target.closest?.("[data-steady] :is(button, a)");
  if (button && (event.repeat || !isSteady(button))) event.preventDefault();
}
