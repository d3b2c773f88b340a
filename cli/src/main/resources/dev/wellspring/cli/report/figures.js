// Figures, drawn by ECharts when they come into view, and saved as SVG, PNG and CSV.

const live = new Map(); // plot to what draws it
const pending = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) live.get(entry.target)?.draw();
}, { rootMargin: "200px" });

/** The page's colours, which charts share. */
function colours(light = false) {
  const style = getComputedStyle(light ? document.getElementById("paper-colours") : document.documentElement);
  const get = (name) => style.getPropertyValue("--" + name).trim();
  return {
    paper: get("paper"), ink: get("ink"), faint: get("faint"), rule: get("rule"), positive: get("positive"),
    negative: get("negative"), middle: get("middle"), series: [1, 2, 3, 4, 5, 6].map((i) => get("series-" + i)),
  };
}

const SYMBOLS = ["circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect"];
const DASHES = ["solid", [7, 4], [2, 3], [10, 3, 2, 3], [4, 2], [1, 2]];

/** What all charts have in common. */
function base(c, name) {
  const line = { lineStyle: { color: c.rule } };
  return {
    animation: false,
    aria: { enabled: true, label: { description: name } },
    backgroundColor: "transparent",
    color: c.series,
    textStyle: { fontFamily: "Inter, system-ui, sans-serif", color: c.ink, fontSize: 12 },
    grid: { left: 14, right: 20, top: 40, bottom: 30, containLabel: true },
    legend: { top: 4, left: 0, textStyle: { color: c.ink }, itemWidth: 28, inactiveColor: c.faint },
    tooltip: {
      confine: true, backgroundColor: c.paper, borderColor: c.rule, textStyle: { color: c.ink, fontSize: 13 },
      extraCssText: "max-width: 22rem; white-space: normal; box-shadow: none;",
    },
    axis: (title, more = {}) => ({
      name: title, nameLocation: "middle", nameGap: 28, nameTextStyle: { color: c.faint }, axisLine: line, axisTick: line,
      axisLabel: { color: c.faint, hideOverlap: true }, splitLine: { lineStyle: { color: c.rule, opacity: 0.6 } }, ...more,
    }),
  };
}

/** Lines of a tooltip, as an element, so that no text in it is markup. */
const tip = (...lines) => el("div", { class: "tip" }, lines.filter(Boolean).map((line) => el("div", {}, line)));

let figures = 0;

/** Numbers figures anew, for a new page. */
function forgetFigures() {
  figures = 0;
  for (const plot of [...live.keys()]) forget(plot);
}

/** Gives back what the charts inside an element hold. */
function forget(node) {
  for (const [plot, one] of [...live]) {
    if (node === plot || node.contains(plot)) {
      one.chart?.dispose();
      pending.unobserve(plot);
      live.delete(plot);
    }
  }
}

/**
 * name: of the files; title: what it shows; caption: how to read it; option(colours, width): what ECharts draws;
 * rows(): the numbers behind it, heads first; height: in pixels, or of the width; click(parameters): what a click on it does.
 */
function figure({ name, title, caption, option, rows, height = 340, widest = 980, click, small = false, canvas = false }) {
  const plot = el("div", { class: "plot", role: "img", "aria-label": plain(title) });
  const width = () => plot.clientWidth || Math.min(widest, document.getElementById("main").clientWidth - 32);
  const fit = () => (plot.style.height = (typeof height === "number" ? height : height(width())) + "px");
  plot.style.maxWidth = widest + "px";
  fit();
  const one = {
    chart: null,
    draw() {
      if (one.chart || plot.clientWidth === 0) return;
      pending.unobserve(plot);
      fit();
      one.chart = echarts.init(plot, null, { renderer: canvas ? "canvas" : "svg" });
      one.redraw();
      if (click) one.chart.on("click", click);
    },
    redraw() {
      one.chart?.setOption(option(colours(), plot.clientWidth), true);
    },
    resize() {
      if (!one.chart || plot.clientWidth === 0) return;
      fit();
      one.chart.resize();
      one.redraw();
    },
  };
  live.set(plot, one);
  pending.observe(plot);
  const saving = (label, action) => el("button", { type: "button", title: `Save this figure as ${label}`, onclick: action }, label);
  const number = small ? null : el("b", {}, `Figure ${++figures}. `);
  return el("figure", { class: small ? "figure small" : "figure", id: name }, plot,
    el("figcaption", {}, number, caption),
    el("div", { class: "tools", role: "group", "aria-label": "Save the figure" },
      saving("SVG", () => save(name + ".svg", asSvg(option, size(plot, height)))),
      saving("PNG", () => asPng(option, size(plot, height)).then((blob) => save(name + ".png", blob))),
      saving("CSV", () => save(name + ".csv", new Blob([csv(rows())], { type: "text/csv" })))));
}

/** Saved figures are for paper: light, and never narrower than a column. */
function size(plot, height) {
  const width = Math.max(640, plot.clientWidth);
  return { width, height: typeof height === "number" ? height : height(width) };
}

function asSvg(option, { width, height }) {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
  // Without a page there is no element that a description could be given to.
  chart.setOption({ ...option(colours(true), width), backgroundColor: "#fff", aria: { enabled: false } });
  const text = chart.renderToSVGString();
  chart.dispose();
  return new Blob([text], { type: "image/svg+xml" });
}

function asPng(option, { width, height }) {
  const canvas = el("canvas");
  const chart = echarts.init(canvas, null, { renderer: "canvas", devicePixelRatio: 2, width, height });
  chart.setOption({ ...option(colours(true), width), backgroundColor: "#fff" });
  return new Promise((resolve) => canvas.toBlob((blob) => {
    chart.dispose();
    resolve(blob);
  }));
}

new ResizeObserver(() => live.forEach((one) => one.resize())).observe(document.documentElement);
addEventListener("beforeprint", () => live.forEach((one) => one.draw()));

/** Bars from zero, one a row, signed ones to either side: {name, value, low, high}. */
function bars(c, width, entries, { title, digits = 3, label = "" }) {
  const b = base(c, title);
  const known = (entry) => typeof entry.low === "number" && typeof entry.high === "number";
  const whiskers = entries.some(known);
  return {
    ...b,
    legend: undefined,
    grid: { ...b.grid, top: 8, bottom: 34 },
    tooltip: {
      ...b.tooltip, trigger: "axis", axisPointer: { type: "none" },
      formatter: ([{ dataIndex: i }]) => tip(el("b", {}, plain(entries[i].name)), number(entries[i].value, digits),
        !known(entries[i]) ? null : `95 % interval ${number(entries[i].low, digits)} to ${number(entries[i].high, digits)}`),
    },
    xAxis: b.axis(label, { type: "value" }),
    yAxis: b.axis("", {
      type: "category", inverse: true, data: entries.map((entry) => plain(entry.name)), splitLine: { show: false },
      axisLabel: { color: c.ink, width: Math.min(280, Math.round(0.36 * width)), overflow: "truncate" },
    }),
    series: [
      {
        type: "bar", barMaxWidth: 18,
        data: entries.map((entry) => ({
          value: entry.value, itemStyle: { color: entry.value < 0 ? c.negative : c.positive, opacity: entry.faint ? 0.45 : 1 },
        })),
      },
      ...(whiskers ? [whisker(c, entries.map((entry, i) => [entry.low, entry.high, i]).filter((_, i) => known(entries[i])), true)] : []),
    ],
  };
}

/** Intervals as lines with ends: [low, high, place], along x or along y. */
function whisker(c, data, alongX = false) {
  return {
    type: "custom", silent: true, z: 5, data,
    encode: alongX ? { x: [0, 1], y: 2 } : { x: 2, y: [0, 1] },
    renderItem: (_, api) => {
      const point = (value) => api.coord(alongX ? [value, api.value(2)] : [api.value(2), value]);
      const [from, to] = [point(api.value(0)), point(api.value(1))];
      const end = alongX ? [0, 5] : [5, 0];
      const line = (a, b) => ({
        type: "line", shape: { x1: a[0], y1: a[1], x2: b[0], y2: b[1] }, style: { stroke: c.ink, lineWidth: 1.2 },
      });
      const across = (p) => line([p[0] - end[0], p[1] - end[1]], [p[0] + end[0], p[1] + end[1]]);
      return { type: "group", children: [line(from, to), across(from), across(to)] };
    },
  };
}
