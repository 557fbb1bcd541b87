// What is pasted with formatting into a box that takes Markdown arrives as Markdown; everything else as the browser does it.

import TurndownService from "../vendor/turndown-7.2.5/turndown.browser.es.js";
import { tidy } from "./word_cleanup.js";

// Without any of these the text has no formatting, and the clipboard's plain text is better: it may be Markdown already.
const FORMATTED = "h1, h2, h3, h4, h5, h6, p, b, strong, i, em, ul, ol, a[href], table";

const service = new TurndownService({
  headingStyle: "atx",
  bulletListMarker: "-",
  emDelimiter: "*",
  br: "\\",
});

service.addRule("item", {
  filter: "li",
  replacement(content, item) {
    const list = item.parentNode;
    const number = Number(list.getAttribute("start") || 1) + [...list.children].indexOf(item);
    const mark = list.nodeName === "OL" ? `${number}. ` : "- ";
    const text = item.firstChild?.nodeName.match(/^[OU]L$/) ? content.trim() : beginning(content.trim());
    return mark + text.replaceAll("\n", `\n${" ".repeat(mark.length)}`) + (item.nextElementSibling ? "\n" : "");
  },
});

// The page has a heading and subheadings of its own, so the text's begin on the third level.
service.addRule("heading", {
  filter: ["h1", "h2", "h3", "h4", "h5", "h6"],
  replacement: (content, heading) => `\n\n${"#".repeat(Math.min(Number(heading.nodeName[1]) + 2, 6))} ${content}\n\n`,
});

// Only where Markdown would take a character for a mark; names_with_lines and [brackets] stay as they are.
service.escape = (text) =>
  text
    .replace(/[*`\\]/g, "\\$&")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_");

// “2027. gadā” at the beginning is no list.
function beginning(content) {
  return content.replace(/^(#{1,6} |>|[-+] )/, "\\$1").replace(/^(\d+)([.)]) /, "$1\\$2 ");
}

service.addRule("paragraph", {
  filter: "p",
  replacement: (content) => `\n\n${beginning(content.trim())}\n\n`,
});

service.addRule("cell", {
  filter: ["th", "td"],
  replacement: (content) => `| ${content.replaceAll(/\s+/g, " ").trim().replaceAll("|", "\\|")} `,
});

service.addRule("row", {
  filter: "tr",
  replacement(content, row) {
    const line = row.querySelector("th") ? `${"| --- ".repeat(row.cells.length)}|\n` : "";
    return `${content}|\n${line}`;
  },
});

service.addRule("table", {
  filter: "table",
  replacement: (content) => `\n\n${content.trim()}\n\n`,
});

export function markdown(html) {
  const body = tidy(html);
  return body.querySelector(FORMATTED) ? service.turndown(body).trim() : "";
}

export function insert(box, text) {
  // The one way that keeps the browser's undo; it is old, but nothing has taken its place.
  if (!document.execCommand("insertText", false, text)) {
    box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

document.addEventListener("paste", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLTextAreaElement && box.matches("[data-markdown]"))) return;
  const text = markdown(event.clipboardData.getData("text/html"));
  if (!text) return;
  event.preventDefault();
  insert(box, text);
});
