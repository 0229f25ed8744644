/**
 * The place one writes in: what is typed is kept on the server by the second, and colleagues see who is there.
 *
 * <form data-draft="/tickets/R/drafts" data-draft-kind="reply" data-draft-id="7"> and, beside it,
 * <div data-presence="/tickets/R/presence">. Without a server the copy of this tab (drafts.js) stays.
 */

import { forgetCopy, refuseTooLong, tell } from "./drafts.js";
import { liveHeaders, showProblem } from "./requests.js";
import { say } from "./words.js";

const PAUSE_MS = 1000;
const AGAIN_MS = 5000;
const BEAT_MS = 20_000;
const STILL_WRITING_MS = 10_000;
const LONGEST_WAIT_MS = 1000;

const states = new WeakMap();
let typedAt = 0;
let toldState = "";
let leaving = Promise.resolve();   // what was typed, on its way to the server

export function startWriting() {
  document.addEventListener("input", onInput);
  document.addEventListener("focusin", (event) => event.target.matches?.("form[data-draft] textarea") && goOn(event.target));
  document.addEventListener("submit", (event) => event.defaultPrevented || stop(event.target));
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", (event) => event.persisted && beat());
  document.addEventListener("visibilitychange", () => !document.hidden && beat());
  setInterval(() => !document.hidden && beat(), BEAT_MS);
  setInterval(() => presence() !== toldState && toldState && beat(), 1000);
  beat();
}

/** The request one wrote in makes way for another, or its form does: what is typed is sent off now. */
export function depart({ leaves }) {
  const forms = [...document.querySelectorAll("form[data-draft]")].filter((form) => states.get(form)?.timer);
  leaving = Promise.all([leaving, ...forms.map((form) => { const state = stateOf(form); clearTimeout(state.timer); state.timer = 0; return save(form, state); })]);
  if (leaves) leave();
}

/** Once what was typed elsewhere is where the next page will look for it, or the wait has been long enough. */
export function settled() {
  return Promise.race([leaving, new Promise((wake) => { setTimeout(wake, LONGEST_WAIT_MS); })]);
}

export function arrive() {
  if (toldState) return;
  typedAt = 0;
  beat();
}

/** Who comes to a draft writes after it, not before it. A place the cursor was put in stays. */
function goOn(textarea) {
  if (textarea.selectionEnd === 0) textarea.setSelectionRange(textarea.value.length, textarea.value.length);
}

function stateOf(form) {
  if (!states.has(form)) states.set(form, { timer: 0, busy: false, again: false, over: false, ended: null });
  return states.get(form);
}

function onInput(event) {
  const form = event.target.closest?.("form[data-draft]");
  if (!form || event.target.name !== "text") return;
  typedAt = Date.now();
  if (!refuseTooLong(event.target)) plan(form, PAUSE_MS);
  if (toldState !== "writing") beat();
}

function plan(form, pause) {
  const state = stateOf(form);
  if (state.over) return;
  if (state.busy) { state.again = true; return; }
  if (state.timer) return;   // who types on and on is kept by the second too
  state.timer = setTimeout(() => { state.timer = 0; leaving = save(form, state); }, pause);
}

async function save(form, state) {
  const text = form.elements.namedItem("text").value;
  if (refuseTooLong(form.elements.namedItem("text"))) return;
  state.busy = true;
  state.ended = new AbortController();
  const kept = await send(form, text, state.ended.signal);
  state.busy = false;
  if (state.over) return;
  if (kept === "taken") { state.over = true; return; }
  const isLatest = form.elements.namedItem("text").value === text;
  if (kept && isLatest) { forgetCopy(form); tell(form, text.trim() ? say("saved") : ""); }
  if (!form.isConnected) return kept && !isLatest ? save(form, state) : undefined;   // else the copy of this tab comes back with the form
  if (!kept) return plan(form, AGAIN_MS);
  if (state.again || !isLatest) { state.again = false; plan(form, PAUSE_MS); }
}

/** True once the server has it, "taken" when a colleague goes on with it, false when it must be tried again. */
async function send(form, text, signal) {
  const body = new URLSearchParams({ text, kind: form.dataset.draftKind, draft: form.dataset.draftId ?? "" });
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body, signal, redirect: "manual", headers: { "X-Draft": "1", "X-CSRFToken": token() } });
    if (answer.status === 409) return taken(await answer.json());
    if (!answer.ok) return false;
    form.dataset.draftId = (await answer.json()).draft ?? "";
    return true;
  } catch { return false; }
}

function taken({ problem }) {
  showProblem(problem);
  return "taken";
}

function token() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

/** What is sent now is no draft any more. */
function stop(form) {
  if (!form.matches?.("form[data-draft]")) return;
  const state = stateOf(form);
  state.over = true;
  clearTimeout(state.timer);
  state.ended?.abort();
  setTimeout(() => { if (form.isConnected) state.over = false; }, AGAIN_MS);   // the page is still here: it did not leave
}

function presence() {
  return Date.now() - typedAt < STILL_WRITING_MS ? "writing" : "open";
}

function beat() {
  const region = document.querySelector("[data-presence]");
  if (!region || !window.htmx || region.hasAttribute("data-live-gone")) return;
  toldState = presence();
  window.htmx.ajax("POST", region.dataset.presence, { source: region, target: region, swap: "morph:outerHTML", values: { state: toldState }, headers: liveHeaders() }).catch(() => {});
}

function leave() {
  const region = document.querySelector("[data-presence]");
  if (!region) return;
  const form = new FormData();
  form.set("state", "closed");
  form.set("csrf_token", token());
  navigator.sendBeacon(region.dataset.presence, form);
  toldState = "";
}
