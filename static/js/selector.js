/* The stock magnifiers of a pair of lists have a name, but nothing that says what they are. */
addEventListener("load", () => {
  for (const icon of document.querySelectorAll(".selector .search-label-icon")) icon.setAttribute("role", "img");
});
