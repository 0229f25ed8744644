/**
 * A request opens beside its list without a page being loaded: the open request alone is fetched and put in its place.
 *
 * <ul data-rows data-opens> holds links to requests; <nav data-opens=".writing"> links to the open one with that part
 * changed; <a data-closes> leads back to the list. The address, the title and the way back are those of whole pages,
 * which come instead of anything unusual.
 */

import { keepAll } from "./drafts.js";
import { isWriting } from "./keys.js";
import { follow } from "./live.js";
import { forgetAhead, fragment, lookAhead } from "./ahead.js";
import { showProblem } from "./requests.js";
import { neighbour } from "./rows.js";
import { say } from "./words.js";
import { arrive, depart, settled } from "./writing.js";

const AT_ONCE = { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 };

let shownAt = address(window.location);
let leftAt = "";   // the path of the request one was in last
let asked = 0;
let list = null;   // the page of the list, if it was there before any request was open

export function startOpening() {
  if (!window.htmx?.swap || !document.querySelector("body.desk .list")) return;
  if (document.querySelector("main.list")) list = { at: shownAt, title: document.title, aside: document.querySelector(".nothing-open") };
  window.addEventListener("load", lookAtNext);
  document.addEventListener("click", onClick);
  window.addEventListener("popstate", onPop);
  for (const name of ["pointerover", "focusin"]) document.addEventListener(name, (event) => lookAhead(rowOf(event.target)));
}

function address(place) {
  return place.pathname + place.search;
}

function rowOf(element) {
  const link = element.closest?.(".list [data-opens] a[href]");
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
  else go(new URL(link.href), { part: link.closest("[data-opens]").dataset.opens });
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

async function go(place, { part = "", moves = true }) {
  const number = ++asked;
  const from = document.activeElement;
  if (!part) mark(place.pathname);
  try {
    if (place.pathname === leftAt) await settled();   // it must have what was typed there
    const words = await fragment(address(place));
    if (number !== asked) return;
    if (words === null) window.location.assign(place.href);
    else show(words, place, { part, moves, from });
  } catch {
    mark(new URL(shownAt, place).pathname);
    showProblem(say("unreachable"));
  }
}

function show(words, place, { part, moves, from }) {
  const isElsewhere = isWriting() && document.activeElement !== from && !document.querySelector("main.ticket")?.contains(document.activeElement);
  leaveTyped(part);
  const target = part ? document.querySelector(part) : makeRoom();
  window.htmx.swap(target, words, AT_ONCE, part ? { select: part } : {});
  document.getElementById("problem")?.replaceChildren();
  arriveAt(place, moves);
  if (!isElsewhere) focusOn(place, part);
  arrive();
  if (!part) lookAtNext();
}

function lookAtNext() {
  const region = document.querySelector(".list [data-opens]");
  if (region) lookAhead(neighbour(region, 1));
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
  document.title = document.querySelector("main.ticket").dataset.title;
}

function focusOn(place, part) {
  const target = part ? document.getElementById(place.hash.slice(1)) : document.querySelector("main.ticket h1");
  target?.focus({ preventScroll: !part });
  if (!part) window.scrollTo(0, 0);
}

/** Where the request goes. A list that was the page’s main part becomes what stands beside it. */
function makeRoom() {
  const before = document.querySelector("main.list");
  if (!before) return document.querySelector("main.ticket");
  const beside = renamed(before, "section");
  for (const name of ["id", "tabindex"]) beside.removeAttribute(name);
  renamed(document.getElementById("list-title"), "h2");
  document.body.classList.add("open");
  list.scrolled = window.scrollY;
  return list.aside;
}

/** The list is the page again, as it was left and as it has changed since. */
function close({ moves = true } = {}) {
  asked += 1;
  leaveTyped("");
  document.querySelector("main.ticket").replaceWith(list.aside);
  const main = renamed(document.querySelector(".list"), "main");
  main.id = "main";
  main.tabIndex = -1;
  renamed(document.getElementById("list-title"), "h1");
  document.body.classList.remove("open");
  const left = rows().find((row) => row.hasAttribute("aria-current"));
  mark(null);
  shownAt = list.at;
  document.title = list.title;
  if (moves) window.history.pushState(null, "", list.at);
  window.scrollTo(0, list.scrolled ?? 0);
  (left ?? main).focus({ preventScroll: true });
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
  return [...document.querySelectorAll(".list [data-opens] a[href]")];
}

/** The list shows at once which request opens, and says so whenever it is fetched again. */
function mark(pathname) {
  for (const row of rows()) {
    if (row.pathname === pathname) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
  const region = document.querySelector(".list [data-opens]");
  if (!region?.dataset.liveUrl) return;
  const url = new URL(region.dataset.liveUrl, window.location.href);
  if (pathname) url.searchParams.set("open", pathname.split("/").pop());
  else url.searchParams.delete("open");
  region.dataset.liveUrl = address(url);
}
