// The buttons of a list's actions say on how many rows they act.

function show() {
  const bar = document.querySelector("#changelist-form .actions");
  if (!bar) return;
  const isEverybody = bar.querySelector(".select-across")?.value === "1";
  const number = isEverybody ? bar.dataset.all : document.querySelectorAll(".action-select:checked").length;
  for (const place of bar.querySelectorAll(".action-number")) place.textContent = number || "";
}

// After the stock script has ticked the others and noted that everybody is meant.
for (const kind of ["change", "click", "pageshow", "people:replaced"]) {
  addEventListener(kind, () => setTimeout(show));
}
