/** What was done, and ten seconds to take it back. Stays while a hand or the keyboard is on it. */

import { say } from "./words.js";

const SECONDS = 10;

export function startToasts() {
  document.querySelectorAll("#toasts .toast").forEach(arm);
  // A fragment may bring one: HX-Trigger: {"toast": {"text": "...", "undo": "/address", "kind": "done"}}
  document.addEventListener("toast", (event) => show(event.detail));
}

export function show({ text, value, undo, undo_word: undoWord, kind = "done", seconds = SECONDS }) {
  const place = document.getElementById("toasts");
  const words = text ?? value;
  if (!place || !words) return;
  const toast = make("div", { className: kind === "error" ? "toast error" : "toast" });
  toast.dataset.seconds = seconds;
  toast.append(make("span", { textContent: words }));
  if (undo) toast.append(undoForm(undo, undoWord ?? say("undo")));
  toast.append(closeButton());
  place.append(toast);
  arm(toast);
}

function make(name, properties) {
  return Object.assign(document.createElement(name), properties);
}

function undoForm(address, word) {
  const form = make("form", { method: "post", action: address });
  const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  const button = make("button", { className: "button", textContent: `${word} ` });
  button.setAttribute("aria-keyshortcuts", "Control+z");
  button.append(make("kbd", { textContent: "Ctrl Z" }));
  form.append(make("input", { type: "hidden", name: "csrf_token", value: token }), button);
  return form;
}

function closeButton() {
  const button = make("button", { className: "button quiet", type: "button", textContent: "×" });
  button.setAttribute("aria-label", say("close"));
  button.dataset.close = "";
  return button;
}

function arm(toast) {
  let timer = 0;
  const seconds = Number(toast.dataset.seconds) || SECONDS;
  const hold = () => clearTimeout(timer);
  const run = () => { hold(); timer = setTimeout(() => toast.remove(), seconds * 1000); };
  const close = toast.querySelector("[data-close]");
  if (close) { close.hidden = false; close.addEventListener("click", () => toast.remove()); }
  for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, hold);
  for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, run);
  run();
}
