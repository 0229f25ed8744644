/**
 * Keeps regions of the page fresh.
 *
 * <div id="waiting" data-live="queue:3 site:1" data-live-url="/queues/3/waiting">...</div>
 *
 * The server says which topic changed and nothing else; each region fetches its own fragment again with the rights of
 * this person: at once, then at most every two seconds. `data-live-swap` is morph:outerHTML unless said otherwise.
 */

import { isLive, liveHeaders } from "./requests.js";
import { say } from "./words.js";

const PAUSE_MS = 2000;
const STALE_MS = 30_000;
const HIDDEN_MS = 60_000;
const LONGEST_RETRY_MS = 30_000;

let stream = null;
let streamTopics = "";
let heardAt = Date.now();
let failures = 0;
let hiddenTimer = 0;
let retryTimer = 0;
let paused = document.getElementById("stale")?.hidden === false;   // the page was made while live updates were interrupted
let cursor = document.querySelector('meta[name="live-cursor"]')?.content ?? "";   // where this page's news begins
const regions = new WeakMap();

export function startLive() {
  if (!window.htmx || !window.EventSource) return;
  document.addEventListener("htmx:afterSettle", follow);
  document.addEventListener("htmx:responseError", (event) => isLive(event.detail) && refused(event.detail));
  document.addEventListener("look-again", (event) => { const region = event.target.closest?.("[data-live]"); if (region) refresh(region); });
  document.addEventListener("visibilitychange", rest);
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", (event) => event.persisted && comeBack());
  window.addEventListener("offline", tellOffline);
  window.addEventListener("online", comeBack);
  setInterval(tellStale, 5000);
  follow();
}

function wanted() {
  const topics = new Set();
  for (const region of liveRegions()) topicsOf(region).forEach((topic) => topics.add(topic));
  return [...topics].sort().join(",");
}

function liveRegions() {
  return document.querySelectorAll("[data-live]:not([data-live-gone])");
}

function topicsOf(region) {
  return region.dataset.live.split(/[\s,]+/).filter(Boolean);
}

/** Listen to what this page shows now; the old stream closes only when the new one is open, so nothing is missed. */
export function follow() {
  const topics = wanted();
  if (topics === streamTopics && (stream || !topics)) return;
  const old = stream;
  if (!topics) { old?.close(); stream = null; streamTopics = ""; return; }
  streamTopics = topics;
  stream = open(topics, () => old?.close());
}

function open(topics, onOpen) {
  const source = new EventSource(`/live?topics=${encodeURIComponent(topics)}&since=${encodeURIComponent(since())}`);
  for (const kind of ["message", "beat", "reset"]) source.addEventListener(kind, (event) => { cursor = event.lastEventId || cursor; });
  source.addEventListener("open", () => { onOpen(); if (failures) refreshAll(); failures = 0; heard(); });
  source.addEventListener("message", (event) => { heard(); changed(event.data); });
  source.addEventListener("beat", heard);
  source.addEventListener("paused", () => pace(true));
  source.addEventListener("resumed", () => pace(false));
  source.addEventListener("reset", () => { heard(); refreshAll(); });
  source.addEventListener("error", () => source.readyState === EventSource.CLOSED && source === stream && retry());
  return source;
}

/** A region that was made before the last news of this page must hear what came between. */
function since() {
  const made = [...document.querySelectorAll("[data-live-since]")].map((region) => { const at = region.dataset.liveSince; delete region.dataset.liveSince; return at; });
  return [cursor, ...made].filter(Boolean).sort(inOrder)[0] ?? "";
}

function inOrder(one, other) {
  const [left, right] = [one, other].map((each) => each.split("-").map(Number));
  return left[0] - right[0] || left[1] - right[1];
}

function close() {
  stream?.close();
  stream = null;
  streamTopics = "";
  clearTimeout(retryTimer);
}

/** The browser reopens a cut stream by itself; a refused one is ours to reopen, each page at its own moment. */
function retry() {
  failures += 1;
  close();
  const longest = Math.min(LONGEST_RETRY_MS, 1000 * 2 ** failures);
  retryTimer = setTimeout(follow, longest * (0.5 + Math.random() / 2));
}

/** A tab nobody looks at gives its connection back (browsers allow six a site), unless it must be able to ring. */
function rest() {
  clearTimeout(hiddenTimer);
  if (!document.hidden) { if (!stream) comeBack(); return; }
  if (!document.querySelector("[data-rings]")) hiddenTimer = setTimeout(close, HIDDEN_MS);
}

function comeBack() {
  close();
  heard();
  follow();
  refreshAll();
}

function changed(data) {
  const topics = new Set(data.split(/[\s,]+/));
  for (const region of liveRegions()) {
    if (topicsOf(region).some((topic) => topics.has(topic))) refresh(region);
  }
}

function refreshAll() {
  liveRegions().forEach(refresh);
}

function refresh(region) {
  const state = regions.get(region) ?? { at: 0, busy: false, again: false, timer: 0 };
  regions.set(region, state);
  if (state.busy) { state.again = true; return; }
  if (state.timer) return;
  const pause = state.at + PAUSE_MS - Date.now();
  if (pause <= 0) fetchAgain(region, state);
  else state.timer = setTimeout(() => { state.timer = 0; fetchAgain(region, state); }, pause);
}

async function fetchAgain(region, state) {
  if (!region.isConnected || region.hasAttribute("data-live-gone")) return;
  state.at = Date.now();
  state.busy = true;
  const focused = region.contains(document.activeElement) ? document.activeElement : null;
  try {
    await window.htmx.ajax("GET", region.dataset.liveUrl ?? window.location.href, how(region));
  } catch { /* the request said so itself; the next topic or the reopened stream asks again */ }
  state.busy = false;
  keepPlace(region, focused);
  if (state.again) { state.again = false; refresh(region); }
}

function how(region) {
  const select = region.dataset.liveUrl || !region.id ? undefined : `#${CSS.escape(region.id)}`;
  return { source: region, target: region, swap: region.dataset.liveSwap ?? "morph:outerHTML", select, headers: liveHeaders() };
}

/** If what had the focus is gone, the keyboard stays in the region instead of jumping to the top of the page. */
function keepPlace(region, focused) {
  if (!focused || focused.isConnected || !region.isConnected || document.activeElement !== document.body) return;
  if (!region.hasAttribute("tabindex")) region.tabIndex = -1;
  region.focus({ preventScroll: true });
}

/** No right any more, or nothing there: stop asking and say so. Anything else is tried again later. */
function refused(detail) {
  if (![401, 403, 404, 410].includes(detail.xhr.status)) return;
  detail.elt.setAttribute("data-live-gone", "");
  if (detail.elt.hasAttribute("data-live-shut")) detail.elt.replaceChildren();
  showStale(say("gone"));
  follow();
}

function heard() {
  heardAt = Date.now();
  if (document.querySelector("[data-live-gone]")) return;
  if (paused) { showStale(say("paused")); return; }
  const notice = document.getElementById("stale");
  if (notice) notice.hidden = true;
}

/** Whether the server tells changes late, because what rings for it is away. */
function pace(isPaused) {
  paused = isPaused;
  heard();
}

function tellOffline() {
  if (liveRegions().length) showStale(say("offline", { time: clockTime() }));
}

function clockTime() {
  return new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "medium" }).format(heardAt);
}

function tellStale() {
  if (!navigator.onLine) return;
  if (!streamTopics && !failures) return;
  if (Date.now() - heardAt < STALE_MS) return;
  showStale(say("stale", { time: clockTime() }));
}

function showStale(text) {
  const notice = document.getElementById("stale");
  if (!notice) return;
  if (notice.textContent !== text) notice.textContent = text;
  notice.hidden = false;
}
