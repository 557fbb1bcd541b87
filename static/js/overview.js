// Draws an event's figures from the data in the page. The tables beneath say the same, so nothing is lost without it.

const data = JSON.parse(document.getElementById("overview-data").textContent);
const ROW_HEIGHT = 26;
const LABELS_SHARE = 0.4; // of a chart's width
const LETTER_WIDTH = 7;

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function shorten(text, width) {
  const length = Math.max(8, Math.floor((width * LABELS_SHARE) / LETTER_WIDTH));
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

function setDefaults() {
  Chart.defaults.color = colour("--body-fg");
  Chart.defaults.borderColor = colour("--hairline-color");
  Chart.defaults.font.family = colour("--font-family-primary");
  Chart.defaults.animation = false;
  Chart.defaults.maintainAspectRatio = false;
}

/** Options of both kinds of chart: a click on a bar or point opens the list of its people. */
function linkToPeople(urls) {
  return {
    onClick: (_event, elements) => {
      const url = elements.length && urls[elements[0].index];
      if (url) location.assign(url);
    },
    onHover: (event, elements) => {
      event.native.target.style.cursor = elements.length && urls[elements[0].index] ? "pointer" : "default";
    },
  };
}

const wholeNumbers = { beginAtZero: true, ticks: { precision: 0, maxRotation: 0, autoSkipPadding: 12 } };

function lineChart({ labels, numbers, urls, name, capacity, capacityName }) {
  const registered = {
    label: name,
    data: numbers,
    stepped: labels.length > 1,
    fill: true,
    pointRadius: labels.length > 1 ? 0 : 4,
    pointHitRadius: 12,
    borderColor: colour("--button-bg"),
    backgroundColor: `color-mix(in srgb, ${colour("--button-bg")} 25%, transparent)`,
  };
  const places = {
    label: capacityName,
    data: labels.map(() => capacity),
    pointRadius: labels.length > 1 ? 0 : 4,
    pointHitRadius: 0,
    borderDash: [6, 4],
    borderColor: colour("--error-fg"),
    backgroundColor: "transparent",
  };
  return {
    type: "line",
    data: { labels, datasets: capacity === null ? [registered] : [registered, places] },
    options: {
      ...linkToPeople(urls),
      interaction: { mode: "index", intersect: false },
      scales: { x: { ticks: { maxRotation: 0, autoSkipPadding: 24 }, grid: { display: false } }, y: wholeNumbers },
    },
  };
}

function barChart({ labels, numbers, urls, name }) {
  return {
    type: "bar",
    data: {
      labels,
      datasets: [{ label: name, data: numbers, backgroundColor: colour("--button-bg"), maxBarThickness: 18 }],
    },
    options: {
      ...linkToPeople(urls),
      indexAxis: "y",
      interaction: { mode: "y", intersect: false },
      plugins: { legend: { display: false } },
      scales: {
        x: wholeNumbers,
        y: {
          grid: { display: false },
          ticks: {
            autoSkip: false,
            callback(_value, index) { return shorten(labels[index], this.chart.width); },
          },
        },
      },
    },
  };
}

function draw() {
  setDefaults();
  for (const canvas of document.querySelectorAll("canvas[data-chart]")) {
    const key = canvas.dataset.chart;
    const box = canvas.parentElement;
    Chart.getChart(canvas)?.destroy();
    box.hidden = false;
    if (key !== "time") box.style.height = `${data.bars[key].labels.length * ROW_HEIGHT + 40}px`;
    new Chart(canvas, key === "time" ? lineChart(data.time) : barChart(data.bars[key]));
  }
}

draw();
new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
