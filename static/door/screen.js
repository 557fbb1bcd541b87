// Puts texts of the page's templates on the screen, filled with what they are about. Everything comes in as text.

const { zone } = document.getElementById("door").dataset;
const language = document.documentElement.lang;
const digits = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const clock = new Intl.DateTimeFormat(language, { ...digits, timeZone: zone });

export function formatTime(when) {
  return clock.format(typeof when === "string" ? Date.parse(when) : when);
}

// How a language is called in the page's own.
export function nameLanguage(code) {
  return new Intl.DisplayNames(language, { type: "language" }).of(code);
}

export function find(id) {
  return document.getElementById(id);
}

// The sentence with this name, its {places} filled.
export function say(name, values = {}) {
  const sentence = find("texts").content.querySelector(`[data-text="${name}"]`).textContent;
  return sentence.replace(/\{(\w+)\}/g, (_place, key) => values[key] ?? "");
}

// A copy of the template in which [data-fill] has its value, and [data-when] is there only if its value is.
export function build(id, values) {
  const copy = find(id).content.cloneNode(true);
  for (const element of copy.querySelectorAll("[data-when]")) {
    if (!values[element.dataset.when]) element.remove();
  }
  for (const element of copy.querySelectorAll("[data-fill]")) element.textContent = values[element.dataset.fill] ?? "";
  return copy;
}

export function show(element, isShown) {
  element.hidden = !isShown;
}

// The newest first.
export function log(sentence) {
  const line = document.createElement("li");
  line.textContent = sentence;
  find("log").prepend(line);
  show(find("log-section"), true);
  while (find("log").children.length > 200) find("log").lastChild.remove();
}
