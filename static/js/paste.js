/**
 * A large paste. A browser types it line by line, which takes it minutes: it is put there at once instead. More than the
 * field takes (`data-longest`, in characters) is put nowhere, for laying it out alone takes many seconds: it becomes a
 * file, ready to be joined where the page takes files.
 */

import { tell } from "./drafts.js";
import { announce } from "./words.js";

const LARGE = 20_000;   // characters
const TAKES_TEXT = 'input[type="file"][accept*=".txt"]';

export function startPaste() {
  document.addEventListener("paste", onPaste);
}

function onPaste(event) {
  const field = event.target;
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!field.dataset?.longest || text.length < LARGE) return;
  event.preventDefault();
  if (roomIn(field) < text.length) { makeFile(field, text); return; }
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertFromPaste" }));
}

function roomIn(field) {
  return Number(field.dataset.longest) - field.value.length + field.selectionEnd - field.selectionStart;
}

/** What was chosen to be joined before stays chosen. */
function makeFile(field, text) {
  const place = document.querySelector(TAKES_TEXT);
  const { pastedAs, tooLong, tooLongPaste } = field.dataset;
  if (!place) { tell(field.form, tooLong, { stays: true }); return; }
  const files = new DataTransfer();
  for (const each of place.files) files.items.add(each);
  files.items.add(new File([text], pastedAs, { type: "text/plain" }));
  place.files = files.files;
  for (let each = place.closest("details"); each; each = each.parentElement.closest("details")) each.open = true;
  for (const each of [place, field.form]) each.scrollIntoView({ block: "nearest" });   // on a phone the one written in stays in sight
  tell(field.form, tooLongPaste, { stays: true });
  announce(tooLongPaste);
}
