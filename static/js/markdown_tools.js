// Buttons for formatting above each box that takes Markdown, and beside or below it how the text will look.

import { insert } from "./paste.js";

const BOX = "textarea[data-markdown]";
const PAUSE = 300; // milliseconds without a key
const LINE_MARK = /^(?:#{1,6}|[-+*]|\d+[.)]) +/;
const LIST_ITEM = /^\s*(?:[-+*]|\d+[.)]) /;
const timers = new WeakMap();
const turns = new WeakMap();

const getBox = (part) => part.closest(".translation").querySelector(BOX);

function replace(box, start, end, text, from, to) {
  box.setSelectionRange(start, end);
  insert(box, text);
  box.setSelectionRange(start + from, start + to);
}

// What is selected, without space around it, or else the word at the cursor; with the asterisks around it.
function findWords(box) {
  const text = box.value;
  const selected = text.slice(box.selectionStart, box.selectionEnd);
  let start = box.selectionStart + (selected.length - selected.trimStart().length);
  let end = Math.max(start, box.selectionEnd - (selected.length - selected.trimEnd().length));
  if (start === end) {
    start -= text.slice(0, start).match(/[\p{L}\p{N}]*$/u)[0].length;
    end += text.slice(end).match(/^[\p{L}\p{N}]*/u)[0].length;
  }
  if (start < end) for (; text[start - 1] === "*" && text[end] === "*"; end += 1) start -= 1;
  return [start, end];
}

function hasMark(words, mark) {
  const stars = Math.min(words.match(/^\*{0,3}/)[0].length, words.match(/\*{0,3}$/)[0].length);
  const isMarked = mark.length === 2 ? stars >= 2 : stars % 2 === 1;
  return isMarked && words.length > 2 * stars && !words.slice(stars, -stars).includes(mark);
}

// Bold and italic: each line by itself, as neither goes on in the next paragraph.
function surround(box, { mark, sample }) {
  const [start, end] = findWords(box);
  if (start === end) return replace(box, start, end, mark + sample + mark, mark.length, mark.length + sample.length);
  const lines = box.value.slice(start, end).split("\n");
  const parts = lines.map((line) => line.match(/^(\s*(?:(?:[-+*]|\d+[.)]|#{1,6}|>) +)?)(.*?)(\s*)$/).slice(1));
  const isMarked = parts.every(([, words]) => !words || hasMark(words, mark));
  const change = (words) => (isMarked ? words.slice(mark.length, -mark.length) : mark + words + mark);
  const text = parts.map(([before, words, after]) => before + (words && change(words)) + after).join("\n");
  return replace(box, start, end, text, 0, text.length);
}

// Where the lines begin and end that the selection touches.
function findLines(box) {
  const { value, selectionStart, selectionEnd } = box;
  const isPastLineEnd = selectionEnd > selectionStart && value[selectionEnd - 1] === "\n";
  const end = value.indexOf("\n", isPastLineEnd ? selectionEnd - 1 : selectionEnd);
  return [value.lastIndexOf("\n", selectionStart - 1) + 1, end < 0 ? value.length : end];
}

function startLines(box, mark, pattern, sample) {
  const [start, end] = findLines(box);
  const lines = box.value.slice(start, end).split("\n");
  if (!lines.some((line) => line.trim())) {
    return replace(box, start, end, mark + sample, mark.length, mark.length + sample.length);
  }
  const isMarked = lines.every((line) => !line.trim() || pattern.test(line));
  const change = (line) => (line.trim() ? (isMarked ? "" : mark) + line.replace(LINE_MARK, "") : line);
  const text = lines.map(change).join("\n");
  const next = box.value.slice(end + 1).split("\n", 1)[0];
  // A line right after a list would be part of its last item.
  const gap = mark === "- " && !isMarked && next.trim() && !LIST_ITEM.test(next) ? "\n" : "";
  return replace(box, start, end, text + gap, 0, text.length);
}

function addLink(box, { sample }) {
  const [start, end] = findWords(box);
  const words = box.value.slice(start, end);
  if (/^(https?:\/\/|www\.)\S+$/.test(words)) {
    const address = words.startsWith("www.") ? `https://${words}` : words;
    return replace(box, start, end, `[${sample}](${address})`, 1, 1 + sample.length);
  }
  const text = `[${words || sample}](https://)`;
  const [from, to] = words ? [text.length - 9, text.length - 1] : [1, 1 + sample.length];
  return replace(box, start, end, text, from, to);
}

// Below the line of the cursor, with an empty line before and after it.
function addTable(box, { sample }) {
  const [, end] = findLines(box);
  const before = box.value.slice(0, end);
  const gap = before.trim() ? "\n".repeat(2 - before.match(/\n{0,2}$/)[0].length) : "";
  const after = "\n".repeat(2 - box.value.slice(end).match(/^\n{0,2}/)[0].length);
  replace(box, end, end, gap + sample + after, gap.length + 2, gap.length + sample.indexOf(" |", 2));
}

const DEEDS = {
  surround,
  heading: (box, { sample }) => startLines(box, "### ", /^#{1,6} /, sample),
  list: (box, { sample }) => startLines(box, "- ", /^[-+*] /, sample),
  link: addLink,
  table: addTable,
};

function press(button) {
  const box = getBox(button);
  box.focus();
  DEEDS[button.dataset.do](box, button.dataset);
}

async function ask(box, { address, language }) {
  const body = new FormData();
  body.set("text", box.value);
  body.set("language", language);
  body.set("kind", box.dataset.markdown);
  body.set("csrfmiddlewaretoken", box.form.elements.csrfmiddlewaretoken.value);
  const response = await fetch(address, { method: "POST", body, redirect: "error" });
  if (!response.ok) throw new Error(response.statusText);
  return response.text();
}

async function show(box) {
  const preview = box.parentElement.querySelector(".markdown-fold[open] .markdown-preview");
  if (!preview) return;
  const turn = (turns.get(box) ?? 0) + 1;
  turns.set(box, turn);
  const isCurrent = () => turns.get(box) === turn; // of several answers the last counts
  try {
    const html = box.value.trim() ? await ask(box, preview.dataset) : "";
    if (isCurrent()) preview.innerHTML = html;
    if (isCurrent() && !html) preview.textContent = preview.dataset.empty;
  } catch {
    if (isCurrent()) preview.textContent = preview.dataset.trouble;
  }
  // A link opens beside the page, which may not be saved yet; one that leads on from the text's own place cannot.
  for (const link of preview.querySelectorAll("a")) {
    if (/^(https?|mailto|tel):/i.test(link.getAttribute("href"))) link.target = "_blank";
    else link.removeAttribute("href");
  }
}

function addTools(part) {
  for (const box of part.querySelectorAll(BOX)) {
    if (box.closest(".empty-form")) continue; // which new rows are made from
    const [tools, fold] = box.parentElement.querySelector("template").content.cloneNode(true).children;
    fold.open = matchMedia("(min-width: 1200px)").matches; // and so it is shown: the event below follows
    box.before(tools);
    box.after(fold);
  }
}

addTools(document);
document.addEventListener("formset:added", (event) => addTools(event.target));

document.addEventListener("click", (event) => {
  const button = event.target.closest(".markdown-tools button");
  if (button) press(button);
});

document.addEventListener("keydown", (event) => {
  if (!event.target.matches(BOX) || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  const button = event.target.parentElement.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!button) return;
  event.preventDefault();
  press(button);
});

document.addEventListener("input", (event) => {
  const box = event.target;
  if (!box.matches(BOX)) return;
  clearTimeout(timers.get(box));
  timers.set(box, setTimeout(show, PAUSE, box));
});

document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.matches(".markdown-fold")) show(getBox(event.target));
  },
  true, // it does not bubble
);
