/**
 * Keys. Whatever carries aria-keyshortcuts can be reached by that key: a field gets the focus, the rest is pressed.
 *
 * A single letter is silent while one writes, and everywhere with <html data-keys="off"> (WCAG 2.1.4). Escape leaves the
 * field. "?" shows the list of what this page knows.
 */

import { isSteady } from "./steady.js";
import { say } from "./words.js";

const FIELDS = "input, select, textarea, [contenteditable]";
const PRESSED = "a, button, summary, input, select, textarea, label, [tabindex]";
const ENTERED = "a[href], button, input:not([type=hidden]), select, textarea, summary";
const ACCENTED = { control: "ctrlKey", alt: "altKey", meta: "metaKey" };

export function startKeys() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => event.target.closest?.("[data-show-keys]") && showList());
}

/** Everything on the page that a key reaches, with its keys and its name. */
export function reachable() {
  return [...document.querySelectorAll("[aria-keyshortcuts]")].filter(isReachable).map((element) => ({ element, keys: shortcuts(element).map(written), name: nameOf(element) }));
}

export function areLettersOn() {
  return document.documentElement.dataset.keys !== "off" && !document.querySelector("dialog[open]");
}

/** Whether the keyboard is in a place where letters are text. */
export function isWriting() {
  const at = document.activeElement;
  return Boolean(at?.matches(FIELDS)) && !at.matches('[type="checkbox"], [type="radio"], [type="button"]');
}

function onKey(event) {
  if (event.defaultPrevented || event.isComposing || event.repeat) return;
  const isSingle = !event.ctrlKey && !event.altKey && !event.metaKey;
  if (isSingle ? isSilent(event) : takesBackLetters(event)) return;
  if (event.key === "?" && isSingle) { event.preventDefault(); showList(); return; }
  if (event.key === "Escape" && isWriting()) leave(document.activeElement);
  const found = candidates(event).find((element) => shortcuts(element).some((keys) => matches(keys, event)));
  if (!found) return;
  event.preventDefault();
  if (isSteady(found)) reach(found);
}

function isSilent(event) {
  if (event.key === "Escape") return false;
  if (document.documentElement.dataset.keys === "off" || isWriting()) return true;
  const at = document.activeElement;
  return event.key === " " && Boolean(at?.matches(PRESSED)) && at !== document.body;
}

/** Ctrl Z among one's own words is about them, and never about what was sent before. */
function takesBackLetters(event) {
  const at = document.activeElement;
  return event.key.toLowerCase() === "z" && isWriting() && Boolean(at.matches("input, textarea") && at.value);
}

/** Out of the field, so that letters are keys again; Tab goes on from it. What is open around it closes first. */
function leave(field) {
  if (!field.closest("dialog[open], details:is([data-menu], [data-folds])[open]")) field.blur();
}

/** The form one writes in comes first, then the rest of the page, or only the open dialog. Enter sends no other form. */
function candidates(event) {
  const dialog = document.querySelector("dialog[open]");
  const scope = dialog ?? document;
  const all = [...scope.querySelectorAll("[aria-keyshortcuts]")].filter(isReachable);
  const form = event.target.closest?.("form");
  if (form && event.key === "Enter") return all.filter((element) => form.contains(element));
  return form ? [...all.filter((element) => form.contains(element)), ...all] : all;
}

function isReachable(element) {
  return !element.disabled && element.checkVisibility?.() !== false;
}

function shortcuts(element) {
  return element.getAttribute("aria-keyshortcuts").trim().split(/\s+/);
}

function matches(keys, event) {
  const parts = keys.toLowerCase().split("+");
  const key = parts.pop() || "+";
  const held = Object.entries(ACCENTED).every(([name, flag]) => parts.includes(name) === event[flag]);
  const pressed = event.key === " " ? "space" : event.key.toLowerCase();
  return held && (key === pressed || key === digit(event)) && (!parts.includes("shift") || event.shiftKey);
}

/** The digit on a key, with or without Shift: a French keyboard types "&" where others type "1". */
function digit(event) {
  return event.code?.startsWith("Digit") ? event.code.slice("Digit".length) : undefined;
}

export function reach(element) {
  if (element.matches("input, select, textarea") && !element.matches('[type="submit"], [type="checkbox"], [type="radio"]')) {
    element.focus();
    element.select?.();
  } else if (element.matches("summary")) enter(element);
  else element.click();
}

/** What a key opens, the keyboard goes into; Tab would else begin at the top of the page. */
function enter(summary) {
  summary.click();
  const opened = summary.parentElement;
  const within = opened.open ? [...opened.querySelectorAll(ENTERED)].find((each) => each !== summary && isReachable(each)) : null;
  (within ?? summary).focus();
}

function showList() {
  const dialog = document.getElementById("keys");
  const list = dialog?.querySelector("[data-keys-list]");
  if (!list || dialog.open) return;
  const known = [...document.querySelectorAll("[aria-keyshortcuts]")].filter(isReachable);
  const lines = known.map((element) => [shortcuts(element), nameOf(element)]);
  const rows = document.querySelector("[data-rows]")?.dataset;
  if (rows) lines.push([[rows.next ?? "j"], say("next")], [[rows.previous ?? "k"], say("previous")]);
  list.replaceChildren(...[...lines, [["?"], say("help")]].flatMap(line));
  dialog.showModal();
}

function nameOf(element) {
  const label = element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? withoutKeys(element);
  return label.replace(/\s+/g, " ").trim();
}

function withoutKeys(element) {
  const copy = element.cloneNode(true);
  copy.querySelectorAll('kbd, [aria-hidden="true"]').forEach((unspoken) => unspoken.remove());   // keys, and the short form for a phone
  return copy.textContent;
}

function line([keys, name]) {
  const term = document.createElement("dt");
  const shown = document.createElement("kbd");
  shown.textContent = written(keys[0]);
  term.append(shown);
  const meaning = document.createElement("dd");
  meaning.textContent = name;
  return [term, meaning];
}

function written(keys) {
  return keys.split("+").map(shownKey).join(" ");
}

function shownKey(key) {
  const names = { control: "Ctrl", space: say("space"), enter: "⏎" };
  return names[key.toLowerCase()] ?? key[0].toUpperCase() + key.slice(1);
}
