// In a frame as tall as the form, what answers it stands where nobody looks who has just pressed the button below.
// Brings it into view, in the page around the frame too: browsers leave that to scripts.

document.getElementById("answer")?.focus();
