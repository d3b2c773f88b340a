// Addresses, keys, light and dark; and the start.

let page = null;

function announce(text) {
  document.getElementById("status").textContent = text;
}

const PAGES = [
  ["", "Overview", () => true],
  ["queries", "Queries", () => true],
  ["figures", "Figures", () => report.analyses !== null || report.baselines !== null],
  ["validation", "Validation", () => report.validation.length > 0],
  ["settings", "Settings", () => true],
];

function route() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const parameters = new URLSearchParams(query);
  const [place, ...rest] = path.split("/");
  const found = rest.map(addressed);
  forgetFigures();
  page = place === "" ? overviewPage()
    : place === "queries" ? queriesPage(parameters)
    : place === "query" && found[0] ? queryPage(found[0], parameters)
    : place === "pair" && found[0] && found[1] ? pairPage(found[0], found[1])
    : place === "figures" && (report.analyses || report.baselines) ? figuresPage()
    : place === "validation" && report.validation.length > 0 ? validationPage()
    : place === "settings" ? settingsPage()
    : missingPage();
  document.title = `${plain(page.title)} · ${plain(report.overview.title)}`;
  document.getElementById("main").replaceChildren(page.node);
  document.getElementById("pages").replaceChildren(...PAGES.filter(([, , there]) => there()).map(([to, title]) =>
    el("a", { href: "#/" + to, "aria-current": to === (place === "query" || place === "pair" ? "queries" : place) ? "page" : null }, title)));
}

function onRoute() {
  route();
  scrollTo(0, 0);
  document.getElementById("main").focus({ preventScroll: true });
}

const THEMES = ["auto", "light", "dark"];

function theme(next) {
  const chosen = THEMES.includes(next) ? next : "auto";
  if (chosen === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
  const button = document.getElementById("theme");
  button.textContent = { auto: "◐", light: "○", dark: "●" }[chosen];
  button.setAttribute("aria-label", `Light or dark: ${chosen}`);
  live.forEach((one) => one.redraw());
  return chosen;
}

/** Browsers may forbid files to remember anything. */
function remembered(value) {
  try {
    if (value !== undefined) localStorage.setItem("wellspring-theme", value);
    return localStorage.getItem("wellspring-theme");
  } catch {
    return value ?? null;
  }
}

function nextTheme() {
  const now = document.documentElement.dataset.theme ?? "auto";
  remembered(theme(THEMES[(THEMES.indexOf(now) + 1) % THEMES.length]));
  announce(document.getElementById("theme").getAttribute("aria-label"));
}

function neighbour(step) {
  const other = page.query && report.queries[page.query.number + step];
  if (other) location.hash = "#/query/" + address(other);
}

const help = document.getElementById("help");

const KEYS = {
  j: () => page.table?.move(1),
  k: () => page.table?.move(-1),
  "/": () => page.search?.focus(),
  n: () => neighbour(1),
  p: () => neighbour(-1),
  b: () => page.otherEnd?.(),
  t: nextTheme,
  "?": () => help.showModal(),
  Escape: () => {
    if (page.table?.close()) return;
    if (page.up) location.hash = page.up;
  },
};

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
  const typing = event.target.matches?.("input[type=search], input[type=text], textarea");
  if (typing) {
    if (event.key === "Escape") {
      event.target.blur();
      event.preventDefault();
    } else if (event.key === "Enter" || event.key === "ArrowDown") {
      page.table?.move(1);
      event.preventDefault();
    }
    return;
  }
  if (event.target.matches?.("[role=tab]") && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
    page.otherEnd?.();
    document.querySelector("[role=tab][aria-selected=true]").focus();
    event.preventDefault();
    return;
  }
  if (page.table?.isActive) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      page.table.move(step);
      event.preventDefault();
      return;
    }
    if (event.key === "Enter" && event.target.matches("tr")) {
      page.table.activate();
      event.preventDefault();
      return;
    }
  } else if (event.key === "ArrowDown" && page.table && (event.target === document.body || event.target.id === "main")) {
    page.table.move(1);
    event.preventDefault();
    return;
  }
  const action = event.target.matches?.("select") && event.key !== "Escape" ? null : KEYS[event.key];
  if (action) {
    event.preventDefault();
    action();
  }
}

/** A report that is served while its run goes on asks its server for what is new. */
async function watch(banner) {
  try {
    const state = await (await fetch("progress")).json();
    const more = state.documents - report.documents;
    const isOld = state.version !== report.watch;
    banner.replaceChildren(state.complete ? "The run is finished. " : "The run goes on: ",
      `${integer(state.documents)} documents so far, in ${integer(state.shards)} ${state.shards === 1 ? "shard" : "shards"}. `,
      isOld ? el("button", { type: "button", onclick: () => location.reload() }, more > 0 ? `Show ${integer(more)} more` : "Show what is new") : "");
    if (state.complete && !isOld) return;
  } catch {
    banner.replaceChildren("The server does not answer; this is what there was.");
  }
  setTimeout(watch, 2000, banner);
}

if (report.watch !== null) {
  const banner = el("p", { class: "banner measure", role: "status" });
  document.querySelector(".masthead").after(banner);
  watch(banner);
}

document.getElementById("run").append(...nodes(report.run));
document.getElementById("theme").addEventListener("click", nextTheme);
document.getElementById("help-button").addEventListener("click", () => help.showModal());
document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("main").focus();
});
addEventListener("hashchange", onRoute);
addEventListener("keydown", onKey);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => live.forEach((one) => one.redraw()));
theme(remembered());
route();
document.documentElement.dataset.ready = "true";
