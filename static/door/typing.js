// A scanner that types, as most do that are plugged in: letters fast one after another, and Enter, wherever the page's
// focus is. Whoever types into a field is left alone.

const SHORTEST = 20;
const PAUSE = 500; // in ms; people are slower between two keys, and a new code begins

export function watchTyping(onText) {
  let text = "";
  let last = 0;
  addEventListener("keydown", (event) => {
    if (event.target.closest?.("input, textarea, select") || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.timeStamp - last > PAUSE) text = "";
    last = event.timeStamp;
    if (event.key.length === 1) text += event.key;
    if (event.key !== "Enter" || text.length < SHORTEST) return;
    event.preventDefault(); // or Enter would press the button that has the focus
    onText(text);
    text = "";
  });
}
