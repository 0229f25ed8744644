/**
 * A kiosk goes back to its first page when the person has left.
 *
 * <body data-idle-seconds="45" data-idle-href="/kiosk/3">: says so for the last 15 seconds; any touch or key stays.
 */

import { say } from "./words.js";

const WARNING_SECONDS = 15;

export function startIdle() {
  const { idleSeconds, idleHref } = document.body.dataset;
  if (!idleSeconds || !idleHref) return;
  let left = Number(idleSeconds);
  const stay = () => { left = Number(idleSeconds); warn(null); };
  for (const name of ["pointerdown", "keydown", "input", "scroll"]) document.addEventListener(name, stay, { passive: true });
  setInterval(() => {
    left -= 1;
    if (left <= 0) window.location.assign(idleHref);
    else if (left <= WARNING_SECONDS) warn(left);
  }, 1000);
}

function warn(seconds) {
  const notice = document.getElementById("stale");
  if (!notice) return;
  notice.hidden = seconds === null;
  if (seconds !== null) notice.textContent = say("idle", { seconds });
}
