// Shows how much time a code has left, and says so when it has none.

const left = document.querySelector("[data-countdown]");
const end = performance.now() + Number(left?.dataset.countdown) * 1000;

function show() {
  const seconds = Math.max(0, Math.ceil((end - performance.now()) / 1000));
  left.textContent = seconds ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : left.dataset.over;
  if (!seconds) clearInterval(timer);
}

const timer = left && setInterval(show, 1000);
if (left) show();
