/**
 * Rows one ticks to act on many: X ticks the row the keyboard is on, Shift with a click or with J and K ticks a stretch.
 *
 * Without scripts the boxes are boxes of the form <form data-picks>, and its page says how many were ticked.
 */

import { areLettersOn, isWriting } from "./keys.js";

let last = null;

export function startPicks() {
  document.addEventListener("click", onClick);
  document.addEventListener("change", (event) => event.target.matches?.("[data-pick]") && count());
  document.addEventListener("keydown", onKey);
  window.addEventListener("pageshow", count);
}

function boxes() {
  return [...document.querySelectorAll("[data-pick]")].filter((box) => box.checkVisibility?.() !== false);   // beside an open request none is shown
}

function onClick(event) {
  const box = event.target;
  if (!box.matches?.("[data-pick]")) return;
  if (event.shiftKey && last?.isConnected) fill(last, box, box.checked);
  last = box;
}

function fill(from, to, checked) {
  const all = boxes();
  const [first, end] = [all.indexOf(from), all.indexOf(to)].sort((a, b) => a - b);
  all.slice(first, end + 1).forEach((box) => { box.checked = checked; });
  count();
}

function onKey(event) {
  const list = document.querySelector("[data-rows]");
  if (!list || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || isWriting() || !areLettersOn()) return;
  const key = event.key.toLowerCase();
  const step = { [list.dataset.next]: 1, [list.dataset.previous]: -1 }[key];
  if (event.shiftKey && step) extend(event, list, step);
  else if (!event.shiftKey && key === list.dataset.pickKey) toggle(event, list);
}

function rowBoxes(list) {
  return boxes().filter((box) => list.contains(box));
}

function here(list) {
  const row = document.activeElement?.closest?.("[data-rows] li");
  return row?.querySelector("[data-pick]") ?? null;
}

function toggle(event, list) {
  const box = here(list) ?? rowBoxes(list)[0];
  if (!box) return;
  event.preventDefault();
  box.click();
  box.closest("li").querySelector("a").focus();
}

function extend(event, list, step) {
  const all = rowBoxes(list);
  const at = all.indexOf(here(list));
  const next = all[at < 0 ? 0 : at + step];
  if (!next) return;
  event.preventDefault();
  if (at >= 0) all[at].checked = true;
  next.checked = true;
  last = next;
  next.closest("li").querySelector("a").focus();
  count();
}

function count() {
  const told = document.querySelector("[data-picked]");
  if (!told) return;
  const num = boxes().filter((box) => box.checked).length;
  const words = num === 1 ? told.dataset.sayOne : told.dataset.say;
  told.textContent = num ? words.replace("{num}", num) : "";
}
