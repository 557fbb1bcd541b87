// Keeps the figures of a page up to date: every few seconds it asks for the page, and replaces the parts that changed.

const SECONDS = Number(document.querySelector("[data-refresh-seconds]").dataset.refreshSeconds);
// A page that was left open does not keep somebody logged in for ever.
const HOURS = 12;
const opened = Date.now();

function replaceChanged(page) {
  for (const part of document.querySelectorAll("[data-live]")) {
    const fresh = page.getElementById(part.id);
    if (fresh && !part.isEqualNode(fresh) && !part.contains(document.activeElement)) part.replaceWith(fresh);
  }
}

async function refresh() {
  if (document.hidden || Date.now() - opened > HOURS * 3600 * 1000) return;
  try {
    const response = await fetch(location.href, { redirect: "error" });
    if (!response.ok) return;
    replaceChanged(new DOMParser().parseFromString(await response.text(), "text/html"));
  } catch {
    // Without a network the page stays as it is, and says of when it is.
  }
}

setInterval(refresh, SECONDS * 1000);
document.addEventListener("visibilitychange", refresh);
