/**
 * Naming a colleague in a note: <textarea data-names='["Inès Clairplume"]'> offers those whose name begins as what
 * stands after "@". The keyboard stays in the text and moves the chosen one; without scripts one writes the name.
 */

const CALL = /(?<![\p{L}\p{N}_])@([\p{L}’'-]*)$/u;
const MOST = 5;

let list = null;
let field = null;
let chosen = 0;

export function startMentions() {
  document.addEventListener("input", (event) => event.target.dataset?.names && offer(event.target));
  document.addEventListener("keydown", onKey, true);   // before a letter or Escape means something else
  document.addEventListener("focusout", (event) => event.target === field && close());
  document.addEventListener("selectionchange", () => field && called(field) === null && close());   // the cursor went elsewhere
}

function offer(textarea) {
  const call = called(textarea);
  const found = call === null ? [] : JSON.parse(textarea.dataset.names).filter((name) => begins(name, call)).slice(0, MOST);
  close();
  if (found.length) open(textarea, found);
}

/** What stands after the "@" before the cursor; null when nobody is being named. */
function called(textarea) {
  return CALL.exec(textarea.value.slice(0, textarea.selectionStart))?.[1] ?? null;
}

function begins(name, call) {
  return name.split(/\s+/).some((part) => plain(part).startsWith(plain(call)));
}

function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function open(textarea, names) {
  field = textarea;
  list = document.createElement("ul");
  list.id = "names";
  list.className = "names";
  list.role = "listbox";
  list.ariaLabel = textarea.dataset.namesLabel;
  list.append(...names.map(option));
  list.addEventListener("pointerdown", (event) => { event.preventDefault(); take(event.target.closest("[role=option]")?.textContent); });
  textarea.after(list);
  textarea.setAttribute("aria-controls", list.id);
  mark(0);
}

function option(name, at) {
  const item = document.createElement("li");
  item.role = "option";
  item.id = `name-${at}`;
  item.textContent = name;
  return item;
}

function mark(at) {
  chosen = (at + list.children.length) % list.children.length;
  [...list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === chosen)));
  field.setAttribute("aria-activedescendant", list.children[chosen].id);
}

function onKey(event) {
  if (!list || event.target !== field || event.ctrlKey || event.metaKey || event.isComposing) return;
  const acts = {
    ArrowDown: () => mark(chosen + 1),
    ArrowUp: () => mark(chosen - 1),
    Enter: () => take(list.children[chosen].textContent),
    Tab: () => take(list.children[chosen].textContent),
    Escape: close,
  };
  if (!Object.hasOwn(acts, event.key)) return;
  event.preventDefault();
  event.stopPropagation();
  acts[event.key]();
}

/** The first name where it is one person's, else the whole: what the server takes for them. */
function take(name) {
  if (!name) return;
  const first = name.split(/\s+/)[0];
  const isOnly = JSON.parse(field.dataset.names).filter((each) => plain(each.split(/\s+/)[0]) === plain(first)).length === 1;
  const at = field.selectionStart - called(field).length;
  field.setRangeText(`${isOnly ? first : name} `, at, field.selectionStart, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

function close() {
  list?.remove();
  field?.removeAttribute("aria-activedescendant");
  field?.removeAttribute("aria-controls");
  list = field = null;
}
