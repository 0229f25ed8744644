/**
 * Ages and deadlines stay true while a page stays open. The server has already written the words.
 *
 * <time datetime data-since>          12 min           <time datetime data-since="ago">    il y a 12 minutes
 * <time datetime data-since="clock">  4:07             <time datetime data-until>          dans 12 minutes, then late
 * <time data-now>                     the hour on a wall
 * <time datetime data-asof>           data of 10:42:07, then with their age, then: no longer up to date since
 */

import { say } from "./words.js";

const language = document.documentElement.lang || "fr";
const AGE_SHOWN_S = 20;
const BEHIND_S = 90;   // a board comes anew every minute, whatever happens
const seenAt = new Map();   // by moment of the data: when this page got them, so that a wrong clock here does no harm
const UNITS = [["day", 86_400], ["hour", 3600], ["minute", 60], ["second", 1]];

export function startTimers() {
  const tick = () => document.querySelectorAll("time[data-since], time[data-until], time[data-now]").forEach(write);
  const second = () => document.querySelectorAll('time[data-since="clock"], time[data-asof]').forEach(write);
  setInterval(tick, 30_000);
  setInterval(second, 1000);
  document.addEventListener("htmx:afterSettle", second);
  second();
}

function write(element) {
  const words = wordsFor(element);
  if (words && element.textContent !== words) element.textContent = words;
}

function wordsFor(element) {
  if (element.hasAttribute("data-asof")) return asOf(element);
  if (element.hasAttribute("data-now")) return new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" }).format(Date.now());
  const seconds = Math.round((Date.now() - Date.parse(element.dateTime)) / 1000);
  if (Number.isNaN(seconds)) return "";
  if (element.hasAttribute("data-until")) return until(element, -seconds);
  if (element.dataset.since === "clock") return clock(Math.max(0, seconds));
  return element.dataset.since === "ago" ? relative(-seconds) : duration(Math.max(0, seconds));
}

function asOf(element) {
  const moment = element.dateTime;
  if (!seenAt.has(moment)) { seenAt.clear(); seenAt.set(moment, Date.now()); }
  const seconds = Math.round((Date.now() - seenAt.get(moment)) / 1000);
  element.classList.toggle("behind", seconds >= BEHIND_S);
  if (seconds < AGE_SHOWN_S) return "";
  const time = new Intl.DateTimeFormat(language, { timeStyle: "medium" }).format(Date.parse(moment));
  return seconds < BEHIND_S ? say("age", { time, age: relative(-(seconds - seconds % 10)) }) : say("behind", { time });
}

function until(element, seconds) {
  if (seconds >= 0) return relative(seconds);
  element.classList.add("late");
  return say("late", { time: duration(-seconds) });
}

function split(seconds) {
  const [unit, size] = UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? UNITS.at(-1);
  return [Math.trunc(seconds / size), unit];
}

function duration(seconds) {
  const [value, unit] = split(seconds);
  const unitDisplay = unit === "day" ? "long" : "short";
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay }).format(value);
}

function relative(seconds) {
  const [value, unit] = split(seconds);
  return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(value, unit);
}

function clock(seconds) {
  const hours = Math.floor(seconds / 3600);
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, "0"));
  return hours ? `${hours}:${parts.join(":")}` : `${Number(parts[0])}:${parts[1]}`;
}
