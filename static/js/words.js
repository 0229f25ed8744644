/** Words in the language of the page: the server puts them on #words (data-say-...), the scripts hold none. */

const shelf = document.getElementById("words");

export function say(name, values = {}) {
  const words = shelf?.dataset[`say${name[0].toUpperCase()}${name.slice(1)}`] ?? "";
  return words.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

/** Tell a screen reader, without moving anything. */
export function announce(text) {
  const announcer = document.getElementById("announcer");
  if (announcer) announcer.textContent = text;
}
