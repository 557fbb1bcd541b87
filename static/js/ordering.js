// Arrows that move a row of a page among the others. The numbers of all rows, which are sent, follow from their places.

const ROWS = "tr.form-row, .inline-related:not(.tabular)";

const getRow = (input) => input.closest(ROWS);
const getInput = (row) => row.querySelector("input[name$='-position']");

function listRows(row) {
  return [...row.parentElement.children].filter(
    (other) => other.matches(ROWS) && !other.matches(".empty-form") && getInput(other),
  );
}

function move(button) {
  const row = getRow(button);
  const rows = listRows(row);
  const other = rows[rows.indexOf(row) + Number(button.dataset.move)];
  if (!other) return;
  if (button.dataset.move === "1") other.after(row);
  else other.before(row);
  const moved = listRows(row);
  moved.forEach((one, place) => { getInput(one).value = place + 1; });
  button.focus();
  const box = button.closest(".ordering");
  const text = box.dataset.place.replace("{place}", moved.indexOf(row) + 1).replace("{number}", moved.length);
  box.querySelector("[role=status]").textContent = text;
}

// New rows come last, in the order in which they stand, until somebody moves them.
function numberNewRows(part) {
  for (const input of part.querySelectorAll(`:is(${ROWS}):not(.empty-form) input[name$="-position"]`)) {
    if (Number(input.value) > 0) continue;
    input.value = Math.max(0, ...listRows(getRow(input)).map((row) => Number(getInput(row).value))) + 1;
  }
}

function replaceNumbers(part) {
  for (const box of part.querySelectorAll(".ordering")) {
    box.hidden = false;
    box.previousElementSibling.hidden = true;
  }
}

numberNewRows(document);
replaceNumbers(document);
document.addEventListener("formset:added", (event) => {
  const rows = listRows(event.target);
  replaceNumbers(event.target);
  getInput(event.target).value = Math.max(0, ...rows.map((row) => Number(getInput(row).value))) + 1;
});
document.addEventListener("click", (event) => {
  const button = event.target.closest(".ordering button");
  if (button) move(button);
});
