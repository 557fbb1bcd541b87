// The list of people follows what is typed into its search, and says how many were found.

const PARTS = ["#people-rows", "#people-pages", "#changelist-form .actions"];
const PAUSE = 250; // milliseconds without a key
const search = document.querySelector("#changelist-search");
const box = document.querySelector("#searchbar");
const number = document.querySelector("#people-number");
let timer;
let asked = 0;

async function show() {
  const url = new URL(location.href);
  url.search = new URLSearchParams(new FormData(search));
  const turn = ++asked;
  try {
    const response = await fetch(url, { redirect: "error" });
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (turn !== asked || !page.querySelector("#people-rows")) return;
    for (const part of PARTS) document.querySelector(part)?.replaceWith(page.querySelector(part) ?? "");
    const ticks = document.querySelectorAll("tr input.action-select");
    if (ticks.length > 0) window.Actions(ticks); // the stock script knows only those that were there
    const found = document.querySelector("#people-rows").dataset.number;
    number.textContent = number.dataset.text.replace("{number}", found);
    history.replaceState(null, "", url);
    dispatchEvent(new Event("people:replaced"));
  } catch {
    // Without a network the button still searches.
  }
}

box.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(show, PAUSE);
});

// Without an address there is nothing to send.
for (const form of document.querySelectorAll(".quick-add form")) {
  const { email, notify } = form.elements;
  const follow = () => { notify.disabled = !email.value; };
  email.addEventListener("input", follow);
  follow();
}
