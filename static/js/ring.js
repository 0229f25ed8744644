/**
 * A call is offered: <section data-ring="42" data-ring-text="Impôts">. `data-ring` changes with each offer.
 *
 * No sound and nothing that blinks: the title of the tab says so, a notification if the person allowed it, and a
 * screen reader is told. The text never holds a name or a number of a citizen. A region that may bring an offer carries
 * `data-rings`, so that a hidden tab keeps listening.
 */

import { announce, say } from "./words.js";

let ringing = null;
let notification = null;
let quietTitle = "";

export function startRing() {
  document.addEventListener("htmx:afterSettle", look);
  document.addEventListener("click", onAsk);
  revealAsk();
  look();
}

function look() {
  const offer = document.querySelector("[data-ring]");
  const id = offer?.dataset.ring ?? null;
  if (id === ringing) return;
  if (ringing !== null) stop();
  ringing = id;
  if (offer) ring(offer);
}

function ring(offer) {
  const text = [say("ring"), offer.dataset.ringText].filter(Boolean).join(" · ");
  quietTitle = document.title;
  document.title = text;
  announce(text);
  if (document.hidden && window.Notification?.permission === "granted") notify(text);
}

function notify(text) {
  notification = new Notification(text, { tag: `ring-${ringing}`, lang: document.documentElement.lang });
  notification.addEventListener("click", () => { window.focus(); notification?.close(); });
}

function stop() {
  document.title = quietTitle;
  notification?.close();
  notification = null;
}

/** <button data-ask-notifications hidden>: asks once, then goes. */
function revealAsk() {
  const canAsk = window.Notification?.permission === "default";
  document.querySelectorAll("[data-ask-notifications]").forEach((button) => { button.hidden = !canAsk; });
}

async function onAsk(event) {
  if (!event.target.closest?.("[data-ask-notifications]")) return;
  await Notification.requestPermission();
  revealAsk();
}
