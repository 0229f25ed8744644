/**
 * The waiting-room panel calls aloud: two notes, then the number in each language of the panel.
 *
 * <main data-called="A047-3" data-announce-fr="Numéro A047, guichet 3" data-announce-nl="...">: a new `data-called` is
 * a new call. Browsers stay mute until a hand has touched the page, so <button data-sound hidden> offers it and
 * [data-sound-on] says that it is on. A voice is used only if it is on this device: no word leaves the house.
 */

const NOTES_HZ = [659, 523];
const NOTE_SECONDS = 0.35;

let sound = null;
let called = null;

export function startPanel() {
  if (!document.querySelector("[data-called]")) return;
  called = current()?.dataset.called;
  document.addEventListener("htmx:afterSettle", look);
  document.querySelectorAll("[data-sound]").forEach((button) => { button.hidden = false; });
  document.addEventListener("click", (event) => event.target.closest?.("[data-sound]") && switchOn());
}

function current() {
  return document.querySelector("[data-called]");
}

function switchOn() {
  sound ??= new AudioContext();
  document.querySelectorAll("[data-sound]").forEach((button) => { button.hidden = true; });
  document.querySelectorAll("[data-sound-on]").forEach((word) => { word.hidden = false; });
  chime();
}

function look() {
  const place = current();
  if (!place || place.dataset.called === called) return;
  called = place.dataset.called;
  if (!sound || !called) return;
  chime();
  setTimeout(() => speak(place), NOTES_HZ.length * NOTE_SECONDS * 1000);
}

function chime() {
  NOTES_HZ.forEach((pitch, at) => note(pitch, sound.currentTime + at * NOTE_SECONDS));
}

function note(pitch, start) {
  const tone = new OscillatorNode(sound, { frequency: pitch });
  const volume = new GainNode(sound, { gain: 0 });
  volume.gain.setValueAtTime(0.3, start);
  volume.gain.exponentialRampToValueAtTime(0.001, start + NOTE_SECONDS);
  tone.connect(volume).connect(sound.destination);
  tone.start(start);
  tone.stop(start + NOTE_SECONDS);
}

function speak(place) {
  const voices = window.speechSynthesis?.getVoices().filter((voice) => voice.localService) ?? [];
  for (const [name, words] of Object.entries(place.dataset)) {
    const language = name.match(/^announce([A-Z][a-z])$/)?.[1].toLowerCase();
    const voice = language && voices.find((each) => each.lang.startsWith(language));
    if (!voice) continue;
    window.speechSynthesis.speak(Object.assign(new SpeechSynthesisUtterance(words), { voice, lang: voice.lang }));
  }
}
