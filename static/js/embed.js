// In a frame as tall as the form, the response is far above the button that was just pressed. Brings it into view, in the
// page around the frame too. Waits until the page is loaded, because until then the browser scrolls within the frame.

window.addEventListener("load", () => {
  const answer = document.getElementById("answer");
  answer?.focus({ preventScroll: true });
  answer?.scrollIntoView({ block: "nearest" });
});
