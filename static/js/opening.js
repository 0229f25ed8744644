/**
 * A request, or an expert’s question, opens beside its list without a page being loaded: it alone is fetched, and put in
 * the place of the open one.
 *
 * <ul data-rows data-opens> holds links to them; <nav data-opens=".writing"> links to the open one with that part
 * changed; <a rel="next"> leads to whichever is next when it is asked for; <a data-closes> leads back to the list. What
 * opens is <main data-title>. The address, the title and the way back are those of whole pages, which come instead of
 * anything unusual.
 */

import { keepAll } from "./drafts.js";
import { isWriting } from "./keys.js";
import { follow } from "./live.js";
import { forgetAhead, fragment, lookAhead } from "./ahead.js";
import { showProblem } from "./requests.js";
import { neighbour } from "./rows.js";
import { holdTyped, letTypedGo } from "./typed.js";
import { say } from "./words.js";
import { arrive, depart, settled } from "./writing.js";

const OPENED = "main[data-title]";
const ROWS = "[data-opening] [data-opens]";
const AT_ONCE = { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 };

let shownAt = address(window.location);
let leftAt = "";   // the path of the request one was in last
let asked = 0;
let list = null;   // the page of the list, if it was there before any request was open

export function startOpening() {
  if (!window.htmx?.swap || !document.querySelector("[data-opening]")) return;
  const aside = document.querySelector("[data-nothing-open]");
  if (aside) list = { at: shownAt, title: document.title, aside };
  lookAtNext();
  document.addEventListener("click", onClick);
  window.addEventListener("popstate", onPop);
  for (const name of ["pointerover", "focusin"]) document.addEventListener(name, (event) => lookAhead(linkAhead(event.target)));
}

function address(place) {
  return place.pathname + place.search;
}

function linkAhead(element) {
  const link = element.closest?.("[data-ahead] a[href]");
  return link?.hasAttribute("aria-current") ? null : link;
}

function onClick(event) {
  const link = event.target.closest?.("[data-opens] a[href], a[data-closes]");
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (address(link) === shownAt) return;
  const closes = "closes" in link.dataset;
  if (closes && list?.at !== address(link)) return;
  event.preventDefault();
  if (closes) close();
  else go(new URL(link.href), { part: link.closest("[data-opens]").dataset.opens, isLed: link.rel === "next" });
}

/** The browser went back or forward; a change of the place in the page alone is no move. */
function onPop() {
  const here = address(window.location);
  if (here === shownAt) return;
  const isRow = rows().some((row) => row.pathname === window.location.pathname);
  if (here === list?.at) close({ moves: false });
  else if (isRow) go(new URL(window.location.href), { moves: false });
  else window.location.reload();
}

async function go(place, { part = "", moves = true, isLed = false }) {
  const number = ++asked;
  const from = document.activeElement;
  if (part && place.hash) holdTyped();
  else letTypedGo();
  if (!part && !isLed) mark(place.pathname);
  try {
    if (place.pathname === leftAt) await settled();   // it must have what was typed there
    const found = await fragment(address(place), { isLed });
    if (number !== asked) return;
    if (found === null) window.location.assign(place.href);
    else show(found.words, isLed ? ledTo(found.at) : place, { part, moves, from });
  } catch {
    letTypedGo();
    mark(new URL(shownAt, place).pathname);
    showProblem(say("unreachable"));
  }
}

/** Where the next one is; the rows beside it keep the turn it has. */
function ledTo(at) {
  const place = new URL(at);
  const kept = Object.fromEntries(place.searchParams);
  for (const row of rows()) row.search = place.search;
  tellRegion(kept);
  mark(place.pathname);
  return place;
}

function show(words, place, { part, moves, from }) {
  const isElsewhere = isWriting() && document.activeElement !== from && !document.querySelector(OPENED)?.contains(document.activeElement);
  leaveTyped(part);
  const target = part ? document.querySelector(part) : makeRoom();
  window.htmx.swap(target, words, AT_ONCE, part ? { select: part } : {});
  if (part) document.querySelector(OPENED).dataset.liveUrl = address(place);
  document.getElementById("problem")?.replaceChildren();
  arriveAt(place, moves);
  if (!isElsewhere) focusOn(place, part);
  letTypedGo(document.getElementById(place.hash.slice(1)));
  arrive();
  if (!part) lookAtNext();
}

/** One has not to rest on it: where one goes from here is known. */
function lookAtNext() {
  const region = document.querySelector(`${ROWS}[data-ahead]`);
  lookAhead(document.querySelector("nav[data-ahead] a[rel=next]") ?? (region && neighbour(region, 1)), 0);
}

/** What is typed is in this tab before its form goes, and on its way to the server. */
function leaveTyped(part) {
  keepAll();
  depart({ leaves: !part });
  leftAt = new URL(shownAt, window.location.href).pathname;
  forgetAhead(leftAt);
}

function arriveAt(place, moves) {
  shownAt = address(place);
  if (moves) window.history.pushState(null, "", place.href);
  document.title = document.querySelector(OPENED).dataset.title;
}

function focusOn(place, part) {
  const target = part ? document.getElementById(place.hash.slice(1)) : document.querySelector(`${OPENED} h1`);
  target?.focus({ preventScroll: !part });
  if (!part) window.scrollTo(0, 0);
}

/** Where the request goes. A list that was the page’s main part becomes what stands beside it. */
function makeRoom() {
  const opened = document.querySelector(OPENED);
  if (opened) return opened;
  const before = document.querySelector("main.list");
  if (before) {
    const beside = renamed(before, "section");
    for (const name of ["id", "tabindex"]) beside.removeAttribute(name);
    renamed(document.getElementById("list-title"), "h2");
  }
  document.body.classList.add("open");
  list.scrolled = window.scrollY;
  return list.aside;
}

/** The list is the page again, as it was left and as it has changed since. */
function close({ moves = true } = {}) {
  asked += 1;
  leaveTyped("");
  document.querySelector(OPENED).replaceWith(list.aside);
  const beside = document.querySelector("section.list");
  if (beside) {
    Object.assign(renamed(beside, "main"), { id: "main", tabIndex: -1 });
    renamed(document.getElementById("list-title"), "h1");
  }
  document.body.classList.remove("open");
  const left = rows().find((row) => row.hasAttribute("aria-current"));
  mark(null);
  shownAt = list.at;
  document.title = list.title;
  if (moves) window.history.pushState(null, "", list.at);
  window.scrollTo(0, list.scrolled ?? 0);
  (left ?? document.getElementById("main")).focus({ preventScroll: true });
  follow();
}

function renamed(element, name) {
  const other = document.createElement(name);
  for (const each of element.attributes) other.setAttribute(each.name, each.value);
  const scrolled = element.scrollTop;
  other.append(...element.childNodes);
  element.replaceWith(other);
  other.scrollTop = scrolled;
  return other;
}

function rows() {
  return [...document.querySelectorAll(`${ROWS} a[href]`)];
}

/** The list shows at once which request opens, and says so whenever it is fetched again. */
function mark(pathname) {
  for (const row of rows()) {
    if (row.pathname === pathname) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
  tellRegion({ open: pathname?.split("/").pop() });
}

/** The list is fetched again with this in its address. */
function tellRegion(kept) {
  const region = document.querySelector(ROWS)?.closest("[data-live-url]");
  if (!region) return;
  const url = new URL(region.dataset.liveUrl, window.location.href);
  for (const [name, value] of Object.entries(kept)) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  region.dataset.liveUrl = address(url);
}
