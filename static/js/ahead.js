/**
 * The request one is about to open is fetched ahead: the next of the list, and the one a pointer or the keyboard rests on.
 *
 * A few only, one at a time, for a short while, in this page’s memory. Fetching changes nothing: who looks says so with
 * a request of its own, once the request is open.
 */

import { settled } from "./writing.js";

const REST_MS = 80;
const KEPT_MS = 30_000;
const MOST = 4;

const kept = new Map();   // by address: when it was asked for, and the answer to come
let timer = 0;
let busy = false;

/**
 * The words of a part of a page and where they are; null where only the whole page will do. Raises where nobody answers.
 *
 * `isLed`: the address leads to whichever is next, else it must be the place itself.
 */
export async function fragment(address, { isLed = false } = {}) {
  clearTimeout(timer);
  const found = kept.get(address);
  kept.delete(address);
  if (found && Date.now() - found.at < KEPT_MS) {
    const answer = await found.answer.catch(() => null);
    if (answer !== null) return answer;
  }
  return ask(address, isLed);
}

/** Whatever was fetched of this page is older than what was just done there. */
export function forgetAhead(pathname) {
  for (const address of [...kept.keys()]) if (address.split("?")[0] === pathname) kept.delete(address);
}

export function lookAhead(link, rest = REST_MS) {
  clearTimeout(timer);
  if (!link || document.hidden || navigator.connection?.saveData) return;
  timer = setTimeout(() => fetchAhead(link.pathname + link.search, link.rel === "next"), rest);
}

async function fetchAhead(address, isLed) {
  const found = kept.get(address);
  if (busy || (found && Date.now() - found.at < KEPT_MS)) return;
  busy = true;
  try {
    await settled();
    const answer = ask(address, isLed);
    kept.delete(address);
    kept.set(address, { at: Date.now(), answer });
    while (kept.size > MOST) kept.delete(kept.keys().next().value);
    await answer;
  } catch {
    kept.delete(address);   // it is asked for once more when it is wanted
  } finally { busy = false; }
}

async function ask(address, isLed) {
  const answer = await fetch(address, { headers: { "HX-Request": "true" }, redirect: isLed ? "follow" : "manual" });
  if (!answer.ok) return null;
  const words = await answer.text();
  return words.trimStart().startsWith("<main") ? { words, at: answer.url } : null;
}
