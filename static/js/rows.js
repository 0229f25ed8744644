/**
 * Lists one walks through with J and K, or the arrows once inside: <ul data-rows data-next="j" data-previous="k"> with
 * one link a row.
 *
 * J and K open the next and the previous row, so that the open request follows. The arrows only move the keyboard.
 */

import { areLettersOn, isWriting } from "./keys.js";

const ARROWS = { ArrowDown: 1, ArrowUp: -1 };

export function startRows() {
  document.addEventListener("keydown", onKey);
}

function onKey(event) {
  const list = document.querySelector("[data-rows]");
  const step = list && { ...ARROWS, [list.dataset.next ?? "j"]: 1, [list.dataset.previous ?? "k"]: -1 }[event.key];
  if (!step || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  const opens = event.key.length === 1;
  if (opens ? isWriting() || !areLettersOn() : !list.contains(document.activeElement)) return;
  const row = neighbour(list, step);
  if (!row) return;
  event.preventDefault();
  row.focus();
  if (opens) row.click();
}

/** The row one step from where the keyboard is, else from the open one; the first or the last if there is neither. */
export function neighbour(list, step) {
  const rows = [...list.querySelectorAll("a[href]")];
  const focused = rows.findIndex((row) => row === document.activeElement);
  const at = focused >= 0 ? focused : rows.findIndex((row) => row.hasAttribute("aria-current"));
  return at < 0 ? rows[step > 0 ? 0 : rows.length - 1] : rows[at + step];
}
