// HTML as Word, Outlook, LibreOffice and web pages put it on the clipboard, with only what a text needs left of it.

const DROPPED = "style, script, noscript, meta, link, title, template, xml, img, svg, iframe, object, input, button, select, textarea";

export function tidy(html) {
  const { body } = new DOMParser().parseFromString(disarm(html), "text/html");
  for (const element of body.querySelectorAll(DROPPED)) element.remove();
  dropComments(body);
  dropOfficeElements(body);
  makeLists(body);
  readStyles(body);
  flattenTables(body);
  unlink(body);
  cleanText(body);
  return body;
}

// The page's Content-Security-Policy holds in parsed documents too, and reports each style and handler that it stops.
function disarm(html) {
  return html
    .replaceAll(/<style[\s\S]*?<\/style>/gi, "")
    .replaceAll(/<[a-z][^>]*>/gi, (tag) =>
      tag.replaceAll(/\sstyle\s*=/gi, " data-style=").replaceAll(/\son\w+\s*=/gi, " data-handler="),
    );
}

function style(element) {
  return (element.getAttribute("data-style") || "").toLowerCase().replaceAll(/\s*([:;])\s*/g, "$1");
}

function unwrap(element) {
  element.replaceWith(...element.childNodes);
}

function rename(element, name) {
  const other = element.ownerDocument.createElement(name);
  other.append(...element.childNodes);
  element.replaceWith(other);
  return other;
}

function nodes(body, kind) {
  const walker = body.ownerDocument.createTreeWalker(body, kind);
  const found = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  return found;
}

function dropComments(body) {
  for (const comment of nodes(body, NodeFilter.SHOW_COMMENT)) comment.remove();
}

// <o:p>, <st1:place>, <v:shape> …
function dropOfficeElements(body) {
  for (const element of [...body.querySelectorAll("*")].reverse()) {
    if (element.localName.startsWith("v:")) element.remove();
    else if (element.localName.includes(":")) unwrap(element);
  }
}

// Word's lists are paragraphs that name their level, with the bullet or number written out in front.
function makeLists(body) {
  let open = []; // the lists that the next item could join, outermost first
  let last = null;
  for (const paragraph of body.querySelectorAll("p, h1, h2, h3, h4, h5, h6, div")) {
    const level = Number(style(paragraph).match(/mso-list:l\d+ level(\d)/)?.[1] || 0);
    if (!level || paragraph.localName.startsWith("h")) continue;
    const mark = takeMark(paragraph);
    if (!last || paragraph.previousElementSibling !== last) open = [];
    open = open.slice(0, level);
    while (open.length < level) {
      const list = body.ownerDocument.createElement(/^\(?(\d+|[a-z]{1,4})[.)]/i.test(mark) ? "ol" : "ul");
      if (open.length) {
        const parent = open.at(-1);
        (parent.lastElementChild || parent.appendChild(body.ownerDocument.createElement("li"))).append(list);
      } else {
        paragraph.before(list);
        last = list;
      }
      open.push(list);
    }
    const item = body.ownerDocument.createElement("li");
    item.append(...paragraph.childNodes);
    open.at(-1).append(item);
    paragraph.remove();
  }
}

function takeMark(paragraph) {
  const span = [...paragraph.querySelectorAll("span")].find((one) => style(one).includes("mso-list:ignore"));
  const mark = span?.textContent.trim() || "";
  span?.remove();
  return mark;
}

// Bold and italics that are written as styles, and bold that is none; a heading is bold by itself.
function readStyles(body) {
  for (const element of body.querySelectorAll("p.MsoTitle")) rename(element, "h1");
  for (const element of [...body.querySelectorAll("b, strong, i, em, span")].reverse()) {
    const declarations = style(element);
    if (/^(b|strong)$/.test(element.localName) && /(^|;)font-weight:(normal|400)/.test(declarations)) unwrap(element);
    else if (element.localName === "span" && /(^|;)font-weight:(bold|[6-9]00)/.test(declarations)) rename(element, "strong");
    else if (element.localName === "span" && /(^|;)font-style:italic/.test(declarations)) rename(element, "em");
  }
  for (const bold of body.querySelectorAll(":is(h1, h2, h3, h4, h5, h6) :is(b, strong)")) unwrap(bold);
}

// Markdown has no tables here: a row becomes a line. A table of one column is only there for the looks.
function flattenTables(body) {
  for (const table of [...body.querySelectorAll("table")].reverse()) {
    const lines = [];
    for (const row of table.rows) {
      const cells = [...row.cells].filter((cell) => cell.textContent.trim());
      if (row.cells.length === 1) lines.push(...row.cells[0].childNodes);
      else if (cells.length) {
        const line = body.ownerDocument.createElement("p");
        line.textContent = cells.map((cell) => cell.textContent.trim()).join(" – ");
        lines.push(line);
      }
    }
    table.replaceWith(...lines);
  }
}

// Bookmarks, footnotes and files on somebody's disk lead nowhere.
function unlink(body) {
  for (const link of body.querySelectorAll("a")) {
    if (!/^(https?:|mailto:)/i.test(link.getAttribute("href") || "")) unwrap(link);
  }
}

function cleanText(body) {
  for (const text of nodes(body, NodeFilter.SHOW_TEXT)) {
    text.data = text.data
      .normalize("NFC")
      .replace(/[\u00ad\u200b\u2060\ufeff]/g, "")
      .replace(/[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g, " ");
  }
}
