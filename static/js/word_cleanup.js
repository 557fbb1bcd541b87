// HTML as Word, Outlook, LibreOffice and web pages put it on the clipboard, with only what a text needs left of it.

const DROPPED = "style, script, noscript, meta, link, title, template, xml, img, svg, iframe, object, input, button, select, textarea";
const MAX_MERGED = 20; // columns that one cell of a table takes

export function tidy(html) {
  const { body } = new DOMParser().parseFromString(disarm(html), "text/html");
  for (const element of body.querySelectorAll(DROPPED)) element.remove();
  dropComments(body);
  dropOfficeElements(body);
  makeLists(body);
  readStyles(body);
  tidyTables(body);
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

// A table of one column is only there for the looks; one of one row is a line, as is each row of a table within another.
function tidyTables(body) {
  for (const table of body.querySelectorAll("table")) {
    const rows = [...table.rows];
    if (rows.every((row) => row.cells.length === 1)) table.replaceWith(...rows.map((row) => rename(row.cells[0], "div")));
  }
  for (const table of [...body.querySelectorAll("table")].reverse()) {
    const rows = listRows(table);
    const isTable = rows.length > 1 && !table.parentElement.closest("table");
    table.replaceWith(...(isTable ? [makeTable(rows)] : rows.map(makeLine)));
  }
}

// The cells of the rows that say anything, by their columns; a merged one stands where it begins, and no other there.
function listRows(table) {
  const rows = [...table.rows];
  const grid = rows.map(() => []);
  rows.forEach((row, top) => {
    for (const cell of row.cells) {
      let left = 0;
      while (grid[top][left] !== undefined) left += 1;
      for (let y = top; y < Math.min(top + (cell.rowSpan || rows.length), rows.length); y += 1) {
        for (let x = left; x < left + Math.min(cell.colSpan, MAX_MERGED); x += 1) grid[y][x] = null;
      }
      grid[top][left] = cell;
    }
  });
  return grid.filter((cells) => cells.some(hasText));
}

const hasText = (cell) => Boolean(cell?.textContent.trim());

function isHeading(cell) {
  const bold = [...cell.querySelectorAll("b, strong")].map((part) => part.textContent).join("");
  return cell.matches("th, thead *") || bold.trim() === cell.textContent.trim();
}

// Its first row has the headings, empty ones if there are none: Markdown has no table without.
function makeTable(rows) {
  const { ownerDocument } = rows[0].find(hasText);
  const table = ownerDocument.createElement("table");
  const heads = rows[0].filter(hasText).every(isHeading) ? rows.shift() : [];
  const width = Math.max(heads.length, ...rows.map((cells) => cells.length));
  for (const cells of [heads, ...rows]) {
    const row = table.insertRow();
    for (let column = 0; column < width; column += 1) {
      const cell = row.appendChild(ownerDocument.createElement(cells === heads ? "th" : "td"));
      if (cells[column]) cell.append(...makeInline(cells[column], cells === heads));
    }
  }
  return table;
}

function makeInline(cell, isHead) {
  for (const block of cell.querySelectorAll(`p, div, ul, ol, li, br, blockquote, h1, h2, h3, h4, h5, h6${isHead ? ", b, strong" : ""}`)) {
    block.after(" ");
    unwrap(block);
  }
  return cell.childNodes;
}

function makeLine(cells) {
  const line = cells.find(hasText).ownerDocument.createElement("p");
  line.textContent = cells.filter(hasText).map((cell) => cell.textContent.trim()).join(" – ");
  return line;
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
