// Shows a conditional question only to those who gave the answer it depends on. Without this script every question is
// shown and says when to answer it, and the server applies the same rule.

const fields = new Map([...document.querySelectorAll("[data-shown-if]")].map((field) => [field.dataset.question, field]));

function getChosen(form, name) {
  const inputs = [...form.querySelectorAll(`[name="${name}"]`)];
  if (inputs.length === 1 && inputs[0].type === "checkbox" && inputs[0].value === "on") {
    return [inputs[0].checked ? "yes" : "no"]; // a single tick box answers yes or no
  }
  return inputs.filter((input) => input.checked).map((input) => input.value);
}

function isAsked(name) {
  const field = fields.get(name);
  if (!field) {
    return true;
  }
  const { shownIf, answer } = field.dataset;
  return isAsked(shownIf) && getChosen(field.closest("form"), shownIf).includes(answer);
}

function update() {
  for (const [name, field] of fields) {
    field.hidden = !isAsked(name);
  }
}

for (const note of document.querySelectorAll("[data-shown-if] .condition")) {
  note.hidden = true;
}
update();
document.addEventListener("change", update);
window.addEventListener("pageshow", update); // the browser may have put back what was chosen before
