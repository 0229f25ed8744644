/**
 * Control+K: go anywhere, or do what this page can, by a few letters.
 *
 * <a data-palette href="/palette"> opens <dialog id="palette"> instead of its page. What the page can do is whatever a
 * key reaches; where one can go, the server says. The keyboard stays in the field and moves the chosen option.
 */

import { reach, reachable } from "./keys.js";

const PAUSE_MS = 120;

let dialog, field, list, told;
let acts = [];
let places = [];
let chosen = 0;
let timer = 0;
let asked = 0;
let address = "/palette";

export function startPalette() {
  dialog = document.getElementById("palette");
  const opener = document.querySelector("[data-palette]");
  if (!dialog?.showModal || !opener) return;
  field = dialog.querySelector("input");
  list = dialog.querySelector('[role="listbox"]');
  told = dialog.querySelector("[role=status]");
  address = opener.getAttribute("href");
  opener.addEventListener("click", open);
  field.addEventListener("input", () => { show(); askSoon(); });
  field.addEventListener("keydown", onKey);
  list.addEventListener("click", (event) => go(Number(event.target.closest("[role=option]")?.dataset.at ?? -1)));
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  dialog.querySelector("[data-close-palette]").addEventListener("click", () => dialog.close());
  dialog.querySelector("form").addEventListener("submit", (event) => { if (current().length) event.preventDefault(); });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "k" && event.metaKey && !event.altKey) open(event);
  });
}

function open(event) {
  event.preventDefault();
  if (dialog.open || document.querySelector("dialog[open]")) return;
  acts = reachable().filter(({ element }) => !element.matches("[data-palette]"));
  field.value = "";
  places = [];
  dialog.showModal();
  show();
  ask();
}

function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** What fits the words: first what this page can do, then where one can go. */
function current() {
  const words = plain(field.value.trim());
  const fitting = acts.filter(({ name }) => plain(name).includes(words));
  return [...fitting.map(({ element, keys, name }) => ({ word: name, kind: keys[0], element })), ...places];
}

function show() {
  const found = current();
  chosen = Math.min(chosen, Math.max(found.length - 1, 0));
  list.replaceChildren(...found.map(option));
  told.textContent = found.length ? "" : told.dataset.paletteNone;
  field.setAttribute("aria-expanded", String(found.length > 0));
  mark();
}

function option({ word, kind }, at) {
  const item = document.createElement("li");
  item.role = "option";
  item.id = `palette-${at}`;
  item.dataset.at = at;
  const name = document.createElement("span");
  name.textContent = word;
  const side = document.createElement("span");
  side.className = "soft small";
  side.textContent = kind;
  item.append(name, side);
  return item;
}

function mark() {
  [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
  const item = list.children[chosen];
  if (item) { field.setAttribute("aria-activedescendant", item.id); item.scrollIntoView({ block: "nearest" }); }
  else field.removeAttribute("aria-activedescendant");
}

function onKey(event) {
  const last = list.children.length - 1;
  const moves = { ArrowDown: chosen >= last ? 0 : chosen + 1, ArrowUp: chosen <= 0 ? last : chosen - 1 };
  if (event.key in moves && last >= 0) { event.preventDefault(); chosen = moves[event.key]; mark(); }
  else if (event.key === "Enter" && last >= 0) { event.preventDefault(); go(chosen); }
  else if (event.key === "Escape") { event.preventDefault(); dialog.close(); }   // a search field with words in it would only be emptied
}

function go(at) {
  const found = current()[at];
  if (!found) return;
  dialog.close();
  if (found.element) reach(found.element);
  else window.location.assign(found.href);
}

function askSoon() {
  chosen = 0;
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE_MS);
}

/** An answer that comes after a later question is not shown. */
async function ask() {
  const number = ++asked;
  try {
    const answer = await fetch(`${address}?q=${encodeURIComponent(field.value.trim())}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || number !== asked) return;
    places = await answer.json();
    show();
  } catch { /* offline: what this page can do is still there */ }
}
