// A link to the page in another language takes along what was typed: it sends the form there to be shown, and nothing is
// stored. Without this script, and for a form as it was opened, the link is a link.

const form = document.querySelector("main form[method=post]");

function isTyped(control) {
  if (control.localName === "select") {
    const options = [...control.options];
    return !(options.find((option) => option.defaultSelected) ?? options[0]).selected;
  }
  const isTicked = ["checkbox", "radio"].includes(control.type);
  return isTicked ? control.checked !== control.defaultChecked : control.value !== (control.defaultValue ?? control.value);
}

function isAsOpened() {
  return !("typed" in form.dataset) && ![...form.elements].some(isTyped);
}

function sendTo(address) {
  const button = document.createElement("button");
  button.hidden = true;
  button.formAction = address;
  button.name = "language_switch";
  button.value = document.getElementById("errors") ? "errors" : "nothing";
  form.append(button);
  form.requestSubmit(button);
  button.remove(); // the form is as it was, for whoever comes back to it
}

document.querySelector(".languages").addEventListener("click", (event) => {
  const link = event.target.closest("a");
  const opensElsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (!link || opensElsewhere || isAsOpened()) {
    return;
  }
  event.preventDefault();
  sendTo(link.href);
});
