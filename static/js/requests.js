/** What every htmx request of ours has in common: the form token, typed text left alone, and honest failures. */

import { isWriting } from "./keys.js";
import { say } from "./words.js";

const LIVE = "X-Live";
const SAFE = new Set(["get", "head", "options"]);
const SIGN_IN = "/sign-in";
const ONE_SUBMISSION_MS = 5000;

export function startHtmx() {
  document.addEventListener("submit", refuseDoubleClick);
  window.addEventListener("online", forgetUnreachable);
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(allowAgain));
  if (!window.htmx) return;
  document.addEventListener("htmx:configRequest", addToken);
  document.addEventListener("htmx:configRequest", leaveTooLong);
  document.addEventListener("htmx:beforeSwap", decideSwap);
  document.addEventListener("htmx:afterRequest", forgetProblem);
  document.addEventListener("htmx:sendError", unreachable);
  document.addEventListener("htmx:timeout", unreachable);
  window.Idiomorph.defaults.callbacks.beforeNodeMorphed = leaveTypedText;
  window.Idiomorph.defaults.callbacks.beforeAttributeUpdated = leaveOpened;
}

export function liveHeaders() {
  return { [LIVE]: "1" };
}

export function isLive(detail) {
  return Boolean(detail.requestConfig?.headers?.[LIVE]);
}

/** A problem stands at the top of the page until the next request that works. */
export function showProblem(text) {
  const place = document.getElementById("problem");
  if (!place) return;
  const notice = document.createElement("p");
  notice.className = "notice error";
  notice.textContent = text;
  place.replaceChildren(notice);
}

function addToken(event) {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token && !SAFE.has(event.detail.verb)) event.detail.headers["X-CSRFToken"] = token;
}

/** What is too long to be sent is not asked about either. */
function leaveTooLong(event) {
  const written = event.detail.elt.closest("form")?.querySelector("[data-longest]");
  if (written && written.value.length > Number(written.dataset.longest)) event.preventDefault();
}

let refreshing = false;   // the swap under way was asked for by the server, not by the person

function decideSwap(event) {
  const detail = event.detail;
  refreshing = isLive(detail);
  window.Idiomorph.defaults.ignoreActiveValue = refreshing && isWriting();   // else a focused row would keep its old words
  if (refreshing && detail.xhr.status >= 400) detail.shouldSwap = false;
  else if (detail.shouldSwap && !detail.boosted && isWholePage(detail.xhr) && !isThisPage(detail.xhr)) openInstead(detail);
}

/** A live region without an address of its own is cut out of its page; who is led elsewhere may not see it any more. */
function isThisPage(xhr) {
  return refreshing && new URL(xhr.responseURL).pathname === window.location.pathname;
}

function isWholePage(xhr) {
  return xhr.responseText.slice(0, 200).trimStart().toLowerCase().startsWith("<!doctype");
}

/** A redirect led to a whole page. It never goes into a fragment; the sign-in page never replaces typed text. */
function openInstead(detail) {
  detail.shouldSwap = false;
  if (refreshing) return;
  const wasRead = SAFE.has(detail.requestConfig.verb);
  const isSignIn = new URL(detail.xhr.responseURL).pathname === SIGN_IN;
  detail.isError = isSignIn;
  if (isSignIn && !wasRead) showProblem(say("signedOut"));
  else window.location.assign(detail.xhr.responseURL);
}

/** A refusal that is shown counts as no failure to htmx: the problem it has just put there stays. */
function forgetProblem(event) {
  const detail = event.detail;
  if (!detail.successful || detail.xhr.status >= 400 || isLive(detail)) return;
  document.getElementById("problem")?.replaceChildren();
}

function unreachable(event) {
  if (!isLive(event.detail)) showProblem(say("unreachable"));
}

/** The line is back: what said that nobody answers is no longer so. */
function forgetUnreachable() {
  const place = document.getElementById("problem");
  if (place?.textContent.trim() === say("unreachable")) place.replaceChildren();
}

function leaveTypedText(node) {
  if (!refreshing || !(node instanceof HTMLElement)) return true;
  return !isTyped(node) && !node.hasAttribute("data-live-keep");
}

function isTyped(node) {
  if (node instanceof HTMLSelectElement) return [...node.options].some((option) => option.selected !== option.defaultSelected);
  if (node instanceof HTMLTextAreaElement) return node.value !== node.defaultValue;
  if (!(node instanceof HTMLInputElement) || node.type === "hidden") return false;
  return node.value !== node.defaultValue || node.checked !== node.defaultChecked;
}

/** What the person opened stays open when the server refreshes around it. */
function leaveOpened(name, node) {
  return !(refreshing && name === "open" && (node instanceof HTMLDetailsElement || node instanceof HTMLDialogElement));
}

/** Nor is a form sent while the browser knows that nobody would answer: its page would go, and what is typed with it. */
function refuseDoubleClick(event) {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (!navigator.onLine) {
    event.preventDefault();
    showProblem(say("unreachable"));
    return;
  }
  if (form.dataset.sending) event.preventDefault();
  form.dataset.sending = "yes";
  setTimeout(() => allowAgain(form), ONE_SUBMISSION_MS);
}

function allowAgain(form) {
  delete form.dataset.sending;
}
