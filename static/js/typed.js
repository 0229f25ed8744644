/**
 * Letters typed while the place to write in is still on its way stand there once it has come. Else each would be taken
 * for a key of the page: who presses N and goes on with "c…" would finish the request.
 */

import { isWriting } from "./keys.js";

let held = null;

export function holdTyped() {
  if (held) return;
  held = [];
  document.addEventListener("keydown", keep, true);
}

/** What was typed goes into this field; without one, nowhere. */
export function letTypedGo(field) {
  document.removeEventListener("keydown", keep, true);
  const text = held?.join("") ?? "";
  held = null;
  if (!text || !field?.matches("textarea, input")) return;
  field.setRangeText(text, field.value.length, field.value.length, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText" }));
}

function keep(event) {
  const isCommand = (event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState("AltGraph");
  if (isCommand || event.isComposing || isWriting()) return;
  const sign = event.key === "Enter" ? "\n" : event.key;
  if (event.key === "Backspace") held.pop();
  else if ([...sign].length === 1) held.push(sign);
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}
