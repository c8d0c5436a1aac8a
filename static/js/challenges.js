// Countdowns go on by the server's time; the server's own text stands until then.

const opened = Date.now();
const lang = document.documentElement.lang;
const units = { day: format("day"), hour: format("hour") };

function format(unit) {
  return new Intl.NumberFormat(lang, { style: "unit", unit, unitDisplay: "long" });
}

/* Days and hours, minutes only in the last hour: as webapp/words/challenge_pages.py says it. */
function rest(minutes, words) {
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  if (days >= 3 || (days && !hours)) return units.day.format(days);
  if (days) return words.both.replace("{d}", days).replace("{h}", hours);
  if (hours) return units.hour.format(hours);
  return minutes ? words.minutes.replace("{m}", minutes) : words.less;
}

function tick() {
  for (const clock of document.querySelectorAll("[data-ends]")) {
    const words = clock.closest("[data-now]")?.dataset;
    if (!words) continue;
    const now = Date.parse(words.now) + Date.now() - opened;
    const text = rest(Math.max(0, Math.floor((Date.parse(clock.dataset.ends) - now) / 60000)), words);
    if (clock.textContent !== text) clock.textContent = text;
  }
}

setInterval(tick, 20000);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && tick());
