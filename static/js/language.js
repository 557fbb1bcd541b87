// A link to the page in another language keeps what was typed: it sends the form there to be shown, and nothing is saved.
// Without this script, and for an unchanged form, the link is an ordinary link.

const form = document.querySelector("main form[method=post]");

function isTyped(control) {
  if (control.localName === "select") {
    const options = [...control.options];
    return !(options.find((option) => option.defaultSelected) ?? options[0]).selected;
  }
  const isTicked = ["checkbox", "radio"].includes(control.type);
  return isTicked ? control.checked !== control.defaultChecked : control.value !== (control.defaultValue ?? control.value);
}

function isUnchanged() {
  return !("typed" in form.dataset) && ![...form.elements].some(isTyped);
}

function sendFormTo(address) {
  const button = document.createElement("button");
  button.hidden = true;
  button.formAction = address;
  button.name = "language_switch";
  button.value = document.getElementById("errors") ? "errors" : "nothing";
  form.append(button);
  form.requestSubmit(button);
  button.remove(); // the form is unchanged for whoever comes back to it
}

document.querySelector(".languages").addEventListener("click", (event) => {
  const link = event.target.closest("a");
  const opensElsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (!link || opensElsewhere || isUnchanged()) {
    return;
  }
  event.preventDefault();
  sendFormTo(link.href);
});
