// In a frame as tall as the form, what answers it stands where nobody looks who has just pressed the button below.
// Brings it into view, in the page around the frame too: browsers leave that to scripts. Once the page is loaded, for
// until then the browser itself scrolls within the frame.

window.addEventListener("load", () => {
  const answer = document.getElementById("answer");
  answer?.focus({ preventScroll: true });
  answer?.scrollIntoView({ block: "nearest" });
});
