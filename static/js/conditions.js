// Shows a question that depends on another only to those who answered that one so. Without this script every
// question is shown and says when to answer it, and the server applies the same rule.

const parts = new Map([...document.querySelectorAll("[data-shown-if]")].map((part) => [part.dataset.question, part]));

function chosen(form, name) {
  const inputs = [...form.querySelectorAll(`[name="${name}"]`)];
  if (inputs.length === 1 && inputs[0].type === "checkbox" && inputs[0].value === "on") {
    return [inputs[0].checked ? "yes" : "no"]; // a single tick box answers yes or no
  }
  return inputs.filter((input) => input.checked).map((input) => input.value);
}

function isAsked(name) {
  const part = parts.get(name);
  if (!part) {
    return true;
  }
  const { shownIf, answer } = part.dataset;
  return isAsked(shownIf) && chosen(part.closest("form"), shownIf).includes(answer);
}

function show() {
  for (const [name, part] of parts) {
    part.hidden = !isAsked(name);
  }
}

for (const note of document.querySelectorAll("[data-shown-if] .condition")) {
  note.hidden = true;
}
show();
document.addEventListener("change", show);
window.addEventListener("pageshow", show); // the browser may have put back what was chosen before
