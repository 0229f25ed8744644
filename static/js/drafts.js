/**
 * Forms keep what was typed. <form data-keep="ticket-7-reply"> is remembered in this tab until it has been sent;
 * <form data-forget> (signing out) forgets everything. What was typed is kept for <html data-owner> alone: when the
 * next person sits down here, what the one before left is forgotten. On a public page, which has no owner, it is forgotten
 * after a quarter of an hour, and at once by <a data-forget>, which empties the form too: many use one computer. A [data-kept] inside the form says that it is kept.
 * What a form comes with is kept at once where it says [data-keep-now].
 */

import { say } from "./words.js";

const PREFIX = "draft:";
const NEVER = new Set(["password", "file", "hidden", "submit", "button", "search"]);
const PAUSE_MS = 300;
const LEAVES_MS = 5000;
const NOBODYS_MS = 15 * 60_000;   // how long what has no owner is kept

export function startDrafts() {
  if (!canStore()) return;
  forgetOthers();
  forgetNobodys();
  forgetSent();
  setInterval(forgetNobodys, 60_000);
  document.addEventListener("click", onClick);
  document.addEventListener("input", onInput);
  document.addEventListener("submit", onSubmit);
  window.addEventListener("pagehide", keepAll);
  document.addEventListener("htmx:afterRequest", onAnswer);
  document.addEventListener("htmx:afterSettle", restoreAll);
  restoreAll();
}

function canStore() {
  try { return Boolean(window.sessionStorage); } catch { return false; }
}

/** How the names of this person's drafts begin; on public pages nobody's. */
function own() {
  return `${PREFIX}${document.documentElement.dataset.owner ?? ""}:`;
}

function keyOf(form) {
  return own() + (form.dataset.keep || form.id || form.getAttribute("action") || window.location.pathname);
}

function fields(form) {
  return [...form.elements].filter((field) => field.name && !NEVER.has(field.type) && field.type);
}

const timers = new WeakMap();
let leaving = 0;   // when some form of the page was sent: the next page may not know yet what the server was just given

function onInput(event) {
  const form = event.target.closest?.("form[data-keep]");
  if (!form) return;
  form.querySelector("[data-kept]")?.removeAttribute("data-stays");
  if (refuseTooLong(event.target)) return tell(form, event.target.validationMessage);
  if (timers.has(form)) return;
  timers.set(form, setTimeout(() => { timers.delete(form); keep(form); }, PAUSE_MS));
}

/** More than the server takes: said at once, where it stands, and sent nowhere. `data-longest` is in characters. */
export function refuseTooLong(field) {
  const longest = Number(field.dataset.longest);
  if (!longest) return false;
  const isTooLong = field.value.length > longest;
  field.setCustomValidity(isTooLong ? field.dataset.tooLong : "");
  return isTooLong;
}

function keep(form) {
  const values = fields(form).map((field) => [field.name, isBox(field) ? `${field.value}:${field.checked}` : field.value]);
  sessionStorage.setItem(keyOf(form), JSON.stringify({ values, at: Date.now() }));
  tell(form, say("kept"));
}

/** What was typed a moment ago is kept now: its form is about to go. */
export function keepAll() {
  for (const form of document.querySelectorAll("form[data-keep]")) {
    if (!timers.has(form)) continue;
    rest(form);
    keep(form);
  }
}

function rest(form) {
  clearTimeout(timers.get(form));
  timers.delete(form);
}

function isBox(field) {
  return field.type === "checkbox" || field.type === "radio";
}

/** What `stays` is not told over before something more is typed. */
export function tell(form, text, { stays = false } = {}) {
  const place = form.querySelector("[data-kept]");
  if (!place || ("stays" in place.dataset && !stays)) return;
  place.textContent = text;
  place.toggleAttribute("data-stays", stays);
}

function restoreAll() {
  document.querySelectorAll("form[data-keep]:not([data-restored])").forEach(restore);
}

function restore(form) {
  form.dataset.restored = "yes";
  if ("keepNow" in form.dataset) return keep(form);   // called back: it is nowhere else any more
  const kept = JSON.parse(sessionStorage.getItem(keyOf(form)) ?? "null");
  if (!kept || form.querySelector("[aria-invalid]")) return;   // what the server sent back is newer
  const left = [...kept.values];
  let found = false;
  for (const field of fields(form)) {
    const at = left.findIndex(([name]) => name === field.name);
    if (at >= 0) found = put(field, left.splice(at, 1)[0][1]) || found;
  }
  if (found) tell(form, say("restored"));
}

function put(field, value) {
  const before = isBox(field) ? `${field.value}:${field.checked}` : field.value;
  if (before === value) return false;
  if (field instanceof HTMLTextAreaElement && !value.trim()) return false;   // an emptied box empties no words that came since
  if (isBox(field)) field.checked = value.endsWith(":true");
  else field.value = value;
  return true;
}

function onSubmit(event) {
  const form = event.target;
  if (!event.defaultPrevented) leaving = Date.now();
  if (form.hasAttribute("data-forget")) {
    document.querySelectorAll("form[data-keep]").forEach(rest);
    forget(() => true);
  }
  if (!form.hasAttribute("data-keep") || event.defaultPrevented) return;
  rest(form);
  keep(form);
  const kept = JSON.parse(sessionStorage.getItem(keyOf(form)));
  sessionStorage.setItem(keyOf(form), JSON.stringify({ ...kept, sent: true }));
}

function onAnswer(event) {
  const form = event.detail.elt.closest?.("form[data-keep]");
  if (form && event.detail.successful && event.detail.requestConfig.verb !== "get") sessionStorage.removeItem(keyOf(form));
}

/** The server has it now: the copy of this tab has done its work. */
export function forgetCopy(form) {
  if (canStore() && Date.now() - leaving > LEAVES_MS) sessionStorage.removeItem(keyOf(form));
}

/** A page of ours answered what was sent, and it is not a page that says it failed: the draft has done its work. */
function forgetSent() {
  const [arrival] = performance.getEntriesByType("navigation");
  if (arrival?.type !== "navigate" || document.querySelector("[data-mishap]")) return;
  forget((kept) => kept.sent);
}

function forget(isOver) {
  drafts().filter((key) => isOver(JSON.parse(sessionStorage.getItem(key)))).forEach((key) => sessionStorage.removeItem(key));
}

function forgetOthers() {
  if (!document.documentElement.dataset.owner) return;   // the sign-in page: they may come back to what they wrote
  drafts().filter((key) => !key.startsWith(own())).forEach((key) => sessionStorage.removeItem(key));
}

/** On a public page the next visitor finds nothing of the one before. */
function forgetNobodys() {
  const since = Date.now() - NOBODYS_MS;
  drafts().filter((key) => key.startsWith(`${PREFIX}:`) && !(JSON.parse(sessionStorage.getItem(key)).at > since))
    .forEach((key) => sessionStorage.removeItem(key));
}

/** The form is emptied too: a browser that goes back would show it as it was left. */
function onClick(event) {
  if (!event.target.closest?.("a[data-forget]")) return;
  document.querySelectorAll("form[data-keep]").forEach(empty);
  forget(() => true);
}

function empty(form) {
  rest(form);
  for (const field of fields(form)) {
    if (isBox(field)) field.checked = false;
    else if (field instanceof HTMLSelectElement) field.selectedIndex = 0;
    else field.value = "";
  }
}

function drafts() {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
}
