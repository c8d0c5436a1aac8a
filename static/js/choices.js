// What the choices of the settings do at once: things stop moving, and a chime sounds.

const root = document.documentElement;
const chimed = new WeakSet();

/* Two soft notes, made here: no file, nothing to load. Only the server puts data-chime on a page. */
function chime() {
  const audio = new AudioContext();
  const now = audio.currentTime;
  for (const [pitch, at] of [[784, 0], [1175, 0.11]]) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0, now + at);
    volume.gain.linearRampToValueAtTime(0.12, now + at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, now + at + 0.5);
    tone.connect(volume).connect(audio.destination);
    tone.start(now + at);
    tone.stop(now + at + 0.55);
  }
  setTimeout(() => audio.close(), 1200);
}

function look() {
  const still = document.getElementById("s-still");
  if (still) root.toggleAttribute("data-still", still.getAttribute("aria-checked") === "true");
  for (const element of document.querySelectorAll("[data-chime]")) {
    if (!chimed.has(element)) {
      chimed.add(element);
      chime();
    }
  }
}

look();
document.addEventListener("htmx:load", look);
document.addEventListener("htmx:oobAfterSwap", look);
