/**
 * <details data-menu>: closes on Escape, on a click elsewhere and when the keyboard leaves it.
 * <details data-folds>, which stands in the page: closes on Escape alone.
 */

const OPENED = "details:is([data-menu], [data-folds])[open]";

export function startMenus() {
  document.addEventListener("click", (event) => closeOthers(event.target));
  document.addEventListener("focusin", (event) => closeOthers(event.target));
  document.addEventListener("keydown", onEscape);
}

function opened() {
  return document.querySelectorAll("details[data-menu][open]");
}

function closeOthers(target) {
  opened().forEach((menu) => { if (!menu.contains(target)) menu.open = false; });
}

function onEscape(event) {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll(OPENED)) {
    const hadFocus = menu.contains(document.activeElement);
    menu.open = false;
    if (hadFocus) menu.querySelector("summary")?.focus();
    event.preventDefault();
  }
}
