// Shows the form with the question as it is being edited: what the page's fields hold is sent, shown and not saved.
// Without this script the form is shown as it was when the page was loaded.

const preview = document.querySelector("[data-preview-url]");
const fields = document.getElementById("question_form");
const PAUSE = 300; // milliseconds without another key
let timer = 0;
let shown = document.querySelector(".errornote") ? "" : read(); // the page comes back with what was refused

function read() {
  return new URLSearchParams(new FormData(fields)).toString();
}

function scrollToEdited() {
  for (const box of preview.querySelectorAll(".form-preview-box")) {
    const edited = box.querySelector(".edited");
    if (edited) {
      const above = Math.max(0, (box.clientHeight - edited.offsetHeight) / 2);
      box.scrollTop += edited.getBoundingClientRect().top - box.getBoundingClientRect().top - above;
    }
  }
}

async function update() {
  const sent = read();
  if (sent === shown) return;
  shown = sent;
  try {
    const response = await fetch(preview.dataset.previewUrl, { method: "POST", body: new URLSearchParams(sent) });
    const forms = await response.json();
    if (sent !== shown) return; // a later answer is on its way
    for (const [language, html] of Object.entries(forms)) {
      preview.querySelector(`.sign-up[lang="${language}"]`).innerHTML = html;
    }
    scrollToEdited();
  } catch {
    if (sent === shown) shown = ""; // no connection, or logged out meanwhile: the next change tries again
  }
}

function updateSoon() {
  clearTimeout(timer);
  timer = setTimeout(update, PAUSE);
}

for (const kind of ["input", "change", "click"]) {
  fields.addEventListener(kind, updateSoon);
}
preview.addEventListener("toggle", scrollToEdited, true);
scrollToEdited();
updateSoon();
