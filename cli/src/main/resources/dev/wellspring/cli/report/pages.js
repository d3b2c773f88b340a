// The pages: each makes the content of <main> and says what keys do on it.

const link = (query, text) => el("a", { href: "#/query/" + address(query) }, text ?? name(query));
const name = (query) => el("bdi", {}, nodes(query.id));
const heading = (text, ...more) => el("h1", {}, text, ...more);
const paragraphs = (texts, attributes = {}) => texts.map((text) => el("p", attributes, text));

/** A kind of query: a sign and a word, in its colour. */
function kindMark(kind) {
  const at = kinds.indexOf(kind);
  return el("span", { class: "kind kind-" + ((at % 6) + 1) },
    el("span", { class: "sign-of-kind", "aria-hidden": "true" }, "●■▲◆○□"[at % 6]), " ", el("bdi", {}, nodes(kind)));
}

function overviewPage() {
  const page = el("div", {}, heading(el("bdi", {}, nodes(report.overview.title))),
    paragraphs(report.overview.lead, { class: "lead" }));
  if (report.overview.warnings.length > 0) {
    page.append(el("aside", { class: "warning", "aria-label": "Warnings" }, el("h2", {}, "Read this first"),
      el("ul", {}, report.overview.warnings.map((text) => el("li", {}, nodes(text))))));
  }
  page.append(el("div", { class: "cards" }, kinds.map((kind) => {
    const those = report.queries.filter((query) => query.kind === kind);
    return el("a", { class: "card", href: "#/queries?kind=" + encodeURIComponent(plain(kind)) }, kindMark(kind),
      el("strong", {}, integer(those.length)), el("span", {}, those.length === 1 ? "query" : "queries"));
  })));
  if (report.analyses?.correlation) page.append(correlationSection());
  page.append(el("h2", {}, "What was left out"), el("ul", {}, report.overview.left_out.map((text) => el("li", {}, nodes(text)))),
    el("p", {}, el("a", { href: "#/settings" }, "All settings, and how to read the numbers"), "."));
  return { title: "Overview", node: page };
}

function settingsPage() {
  const rows = (values) => Object.entries(values).map(([key, value]) => [key, el("bdi", {}, nodes(String(value)))]);
  return {
    title: "Settings",
    up: "#/",
    node: el("div", {}, heading("Settings and method"),
      el("h2", {}, "How to read the numbers"), paragraphs(report.overview.method),
      el("h2", {}, "Settings of the run"), small("Settings", ["setting", "value"], rows(report.settings), true),
      el("h2", {}, "What it was made from"), el("p", {}, "SHA-256 of each input."),
      small("Inputs", ["input", "digest"], rows(report.inputs), true),
      el("h2", {}, "Licence of the charts"),
      el("details", {}, el("summary", {}, report.overview.licence.split("\n", 1)[0]), el("p", { class: "licence" }, report.overview.licence))),
  };
}

function queriesPage(parameters) {
  const search = el("input", { type: "search", id: "search", placeholder: "Search text and ids ( / )", "aria-label": "Search queries" });
  const kind = choice("kind", kinds);
  const family = choice("family", families);
  kind.value = kinds.includes(parameters.get("kind")) ? parameters.get("kind") : "";
  const count = el("p", { class: "count" });
  const table = new Table({
    label: "Queries",
    rows: report.queries,
    key: (query) => query.id,
    open: (query) => (location.hash = "#/query/" + address(query)),
    columns: [
      { title: "query", value: (q) => q.id, cell: (q) => link(q), help: "The id that the query file gives" },
      { title: "kind", value: (q) => q.kind, cell: (q) => kindMark(q.kind) },
      { title: "family", value: (q) => q.family, cell: (q) => el("bdi", {}, nodes(q.family)) },
      { title: "prompt → completion", value: (q) => q.prompt, wide: true,
        cell: (q) => [snippet(q.prompt, 90), el("span", { class: "arrow" }, " → "), el("b", {}, snippet(q.completion, 60))] },
      { title: "tokens", value: (q) => q.tokens, cell: (q) => integer(q.tokens), numeric: true, help: "Tokens of the completion" },
      { title: "loss", value: (q) => q.loss, cell: (q) => number(q.loss), numeric: true,
        help: "−ln p of the completion after its prompt, in nats" },
    ],
  });
  const text = new Map();
  const searched = (q) => {
    if (!text.has(q)) text.set(q, `${q.id}\n${q.prompt}\n${q.completion}`.toLowerCase());
    return text.get(q);
  };
  const update = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const left = table.filter((q) =>
      (kind.value === "" || q.kind === kind.value) && (family.value === "" || q.family === family.value)
      && words.every((word) => searched(q).includes(word)));
    count.textContent = `${integer(left)} of ${integer(report.queries.length)} queries`;
    announce(count.textContent);
  };
  for (const input of [search, kind, family]) input.addEventListener("input", update);
  update();
  return {
    title: "Queries",
    up: "#/",
    table,
    search,
    node: el("div", {}, heading("Queries"),
      el("div", { class: "filters", role: "search" }, search, labelled("Kind", kind), labelled("Family", family)), count, table.node),
  };
}

const labelled = (text, input) => el("label", {}, el("span", {}, text), input);
const choice = (label, values) => el("select", { "aria-label": label },
  el("option", { value: "" }, "all"), values.map((value) => el("option", { value }, plain(value))));

const ENDS = { top: "Most positive", bottom: "Most negative" };

function queryPage(query, parameters) {
  let end = parameters.get("end") === "bottom" ? "bottom" : "top";
  const place = el("div", { id: "ranking", role: "tabpanel" });
  const search = el("input", { type: "search", id: "search", placeholder: "Search documents ( / )", "aria-label": "Search documents" });
  const source = choice("source", unique(Object.keys(ENDS).flatMap((one) =>
    ranking(query, one).map((row) => row.document.source))).filter((one) => one !== null).sort());
  const answered = el("input", { type: "checkbox" });
  const count = el("p", { class: "count" });
  const asked = el("div", { class: "asked" });
  const page = { title: query.id, up: "#/queries", search, query };
  const tabs = Object.entries(ENDS).map(([one, title]) => el("button", {
    type: "button", role: "tab", id: "tab-" + one, "aria-controls": "ranking", onclick: () => choose(one),
  }, title));
  const update = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const left = page.table.filter((row) => (source.value === "" || row.document.source === source.value)
      && (!answered.checked || row.answers) && words.every((word) => searchable(row.document).includes(word)));
    count.textContent = `${integer(left)} of ${integer(ranking(query, end).length)} documents shown, of ${query.ranked === null ? `${integer(report.documents)} searched` : `${integer(query.ranked)} ranked`}`;
  };
  const choose = (one) => {
    end = one;
    tabs.forEach((tab, i) => {
      const chosen = Object.keys(ENDS)[i] === one;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    });
    place.setAttribute("aria-labelledby", "tab-" + one);
    page.table = rankingTable(query, end);
    place.replaceChildren(page.table.node);
    asked.replaceChildren(...meanText(query, end));
    update();
  };
  page.otherEnd = () => {
    choose(end === "top" ? "bottom" : "top");
    announce(ENDS[end]);
  };
  for (const input of [search, source, answered]) input.addEventListener("input", update);
  const marked = Object.keys(ENDS).some((one) => ranking(query, one).some((row) => row.answers));
  choose(end);
  page.node = el("div", {},
    el("p", { class: "trail" }, kindMark(query.kind), " · ", el("bdi", {}, nodes(query.family)), neighbours(query)),
    heading(name(query)),
    asked,
    el("p", { class: "facts" }, queryFacts(query)),
    extras(query.extras, "The query's other fields"),
    similar(query),
    el("h2", {}, "Documents"),
    el("div", { class: "tabs", role: "tablist", "aria-label": "End of the ranking" }, tabs),
    el("div", { class: "filters", role: "search" }, search, labelled("Source", source),
      marked ? el("label", { class: "check" }, answered, el("span", {}, "with the answer")) : null),
    count, place);
  return page;
}

/** Prompt and completion. With values, one for each token, they show what the tokens add. */
function queryText(query, values = null, digits = 3) {
  const half = (role, text, from, to) => el("div", { class: role }, el("span", { class: "role" }, role),
    values ? marked(tokens.slice(from, to), values.slice(from, to), largest, digits) : show(text, 1500));
  const tokens = values ? pieces(query.pieces) : [];
  const largest = values ? largestOf(values) : 0;
  return el("blockquote", { class: "query" },
    half("prompt", query.prompt, 0, query.prompt_tokens), half("completion", query.completion, query.prompt_tokens));
}

/** The query with what in it the documents at one end answer to, if the run knows. */
function meanText(query, end) {
  const known = meanTokens(query, end);
  if (!known) return [queryText(query)];
  return [queryText(query, ofTokens(query, unpackNumbers(known.mean))), el("p", { class: "note" },
    `What in the query the ${integer(known.documents)} ${ENDS[end].toLowerCase()} documents answer to, on average: `
    + "blue and underlined where they raise the completion's likelihood, orange and dotted where they lower it. "
    + "A document's own marks are with its text.")];
}

/** The same for one document. */
function answeredText(row) {
  if (!row.queryTokens) return null;
  const sum = typeof row.uncompressed === "number"
    ? ` They add up to ${signed(row.uncompressed)} nats, the score before the query's gradient was compressed.`
    : " They add up to the influence.";
  return el("section", { class: "answers-to", "aria-label": "What in the query it answers to" },
    el("h4", {}, "What in the query it answers to"),
    queryText(row.query, ofTokens(row.query, unpackCoarse(row.queryTokens)), 2),
    el("p", { class: "note" }, "A prompt token's score is that of reading it, a completion token's that of predicting it." + sum));
}

function queryFacts(query) {
  const facts = [`${integer(query.tokens)} tokens, loss ${number(query.loss)} nats (${number(query.loss / query.tokens)} a token)`];
  if (query.compression_error > 0) facts.push(`compression changed its gradient by ${percent(query.compression_error)}`);
  if (query.not_ranked > 0) facts.push(`${integer(query.not_ranked)} documents have no such score and are not ranked`);
  if (query.shuffled !== null) facts.push(["the ranking of another query is that of ", link(report.queries[query.shuffled])]);
  return facts.flatMap((fact, i) => (i > 0 ? ["; ", fact] : [fact])).concat(".");
}

function neighbours(query) {
  const to = (step, text) => {
    const other = report.queries[query.number + step];
    return other ? el("a", { href: "#/query/" + address(other), title: plain(other.id) }, text) : null;
  };
  return el("span", { class: "neighbours" }, to(-1, "← previous"), " ", to(1, "next →"));
}

/** The queries whose influences are most like this one's. */
function similar(query) {
  const matrix = report.analyses?.correlation?.matrices[0];
  if (!matrix) return null;
  const others = report.queries.filter((other) => other !== query)
    .map((other) => [correlationAt(matrix, query.number, other.number), other])
    .filter(([value]) => value !== null).sort(([a], [b]) => b - a).slice(0, 5);
  return el("p", { class: "facts" }, `Most alike (${matrix.title}): `,
    others.flatMap(([value, other], i) => [i > 0 ? ", " : null, pairLink(query, other, [name(other), " ", decimals(value, 2)])]), ".");
}

const pairLink = (one, other, text) => el("a", { href: `#/pair/${address(one)}/${address(other)}` }, text);

const texts = new Map();

function searchable(document) {
  if (!texts.has(document)) {
    texts.set(document, [document.name, document.source, document.text ? document.text[0] : document.preview].join("\n").toLowerCase());
  }
  return texts.get(document);
}

function rankingTable(query, end) {
  const rows = ranking(query, end);
  const rank = (title, key, help) => rows.some((row) => typeof row[key] === "number")
    ? [{ title, value: (row) => row[key], cell: (row) => integer(row[key]), numeric: true, least: true, help }] : [];
  const score = (title, key, help) => ({
    title, value: (row) => row[key], cell: (row) => el("span", { class: row[key] < 0 ? "below" : "above" }, signed(row[key])),
    numeric: true, help,
  });
  return new Table({
    label: `${ENDS[end]} documents`,
    rows,
    key: (row) => row.document.name,
    detail: (row) => documentDetail(row),
    columns: [
      { title: "#", value: (row) => row.rank, cell: (row) => integer(row.rank), numeric: true, least: true, help: `Rank by ${report.by}` },
      score("influence", "raw", "Nats per unit weight of the document"),
      score("normalised", "normalised", "Per nat of the query and unit of the document's gradient norm"),
      ...rank(report.by === "normalised" ? "raw #" : "norm. #", report.by === "normalised" ? "rawRank" : "normalisedRank",
        "Rank among all documents by the other score"),
      ...rank("BM25 #", "bm25Rank", "Rank by BM25: words that document and query share"),
      ...rank("length #", "lengthRank", "Rank by the document's length"),
      ...rank("grad. #", "normRank", "Rank by the norm of the document's gradient"),
      ...rank("other #", "shuffledRank", "Rank by influence on another query"),
      { title: "document", value: (row) => row.document.name,
        cell: (row) => [el("bdi", { class: "id" }, nodes(row.document.name)), answerMark(row)] },
      { title: "source", value: (row) => row.document.source ?? "", cell: (row) => el("bdi", {}, nodes(row.document.source ?? "–")) },
      { title: "text", value: (row) => row.document.preview, wide: true, cell: (row) => snippet(row.document.preview, 120) },
    ],
  });
}

const answerMark = (row) => row.answers
  ? el("span", { class: "answer", title: "Found in it: " + row.answers.map(plain).join(", ") }, "✓ answer") : null;

function documentDetail(row) {
  const { document, query } = row;
  const values = tokenValues(row);
  const facts = [
    ["influence", `${signed(row.raw, 5)} nats`, row.rawRank ?? (report.by === "raw" && row.end === "top" ? row.rank : null)],
    ["per nat", signed(row.nat, 5), row.rawRank ?? (report.by === "raw" && row.end === "top" ? row.rank : null)],
    ["normalised", signed(row.normalised, 5), row.normalisedRank],
    ["BM25", number(row.bm25, 4), row.bm25Rank],
    ["length", `${integer(document.tokens)} tokens`, row.lengthRank],
    ["gradient norm", number(document.norm, 4), row.normRank],
    ["another query", null, row.shuffledRank],
  ].filter(([, value, rank]) => (value !== null && value !== "–") || rank);
  return el("div", { class: "document" },
    el("h3", {}, el("bdi", {}, nodes(document.name)), document.source === null ? null : [" · ", el("bdi", {}, nodes(document.source))]),
    row.answers ? el("p", { class: "facts" }, "Holds of the answer and its steps: ", row.answers.map((one, i) => [i > 0 ? ", " : "", el("bdi", { class: "answer" }, nodes(one))]), ".") : null,
    el("div", { class: row.queryTokens ? "two" : null },
      el("div", {}, values ? highlighted(document, values) : el("div", { class: "body" }, show(document.text ? document.text[0] : document.preview)),
        el("p", { class: "note" }, textNote(document, values))),
      answeredText(row)),
    small("Scores and ranks", ["", "value", `rank of ${integer(report.documents)}`],
      facts.map(([title, value, rank]) => [title, value ?? "", rank ? integer(rank) : "–"])),
    el("p", { class: "facts" }, `Loss ${number(document.loss, 4)} nats over ${integer(document.tokens - 1)} predictions. `, elsewhere(row)),
    row.modules ? moduleFigure(row) : null,
    extras(document.extras, "Its other columns"));
}

function textNote(document, values) {
  if (values) {
    return "Words that raise the completion's likelihood are blue and underlined; words that lower it are orange and dotted."
      + " A token's score is that of predicting it.";
  }
  if (document.text) return "The whole text of this part.";
  return report.texts > 0 ? `The beginning; the ${integer(report.texts)} documents at either end of a ranking are shown in full.`
    : "The beginning, as the run keeps it. With --model and --documents, the report has whole texts"
      + (report.token_scores ? " and marks what in them matters." : ".");
}

/** (tokens) the score of each token of a document, if its text is here; the first is not predicted. */
function tokenValues(row) {
  return row.tokens && row.document.text ? [null, ...unpackNumbers(row.tokens)] : null;
}

const highlighted = (document, values) =>
  el("div", { class: "body" }, marked(pieces(document.text), values, largestOf(values)));

const largestOf = (values) => Math.max(...values.map((value) => Math.abs(value ?? 0)), Number.MIN_VALUE);

/** A text, each token shaded by its value; those of less than 4 % of the largest are not. */
function marked(tokens, values, largest, digits = 3) {
  const place = el("bdi", { class: "text tokens" });
  tokens.forEach((token, i) => {
    const value = values[i];
    const share = value === null || value === undefined ? 0 : Math.abs(value) / largest;
    if (share < 0.04) {
      place.append(...nodes(token));
      return;
    }
    const mark = el("span", { class: value > 0 ? "more-likely" : "less-likely", title: signed(value, digits) + " nats" }, nodes(token));
    mark.style.setProperty("--share", (100 * Math.min(1, share)).toFixed(0) + "%");
    if (share > 0.25) mark.classList.add("strong");
    place.append(mark);
  });
  return place;
}

let rankedIn = null;

/** In how many other rankings a document stands. */
function elsewhere(row) {
  if (rankedIn === null) {
    rankedIn = documents().map(() => []);
    for (const query of report.queries) {
      for (const end of Object.keys(ENDS)) for (const one of ranking(query, end)) rankedIn[one.document.number].push(one);
    }
  }
  const others = rankedIn[row.document.number].filter((one) => one.query !== row.query);
  if (others.length === 0) return "In no other query's ranking here.";
  const shown = others.sort((a, b) => a.rank - b.rank).slice(0, 8);
  return [`In the rankings of ${integer(others.length)} other ${others.length === 1 ? "query" : "queries"} here: `,
    shown.map((one, i) => [i > 0 ? ", " : "", link(one.query), ` (${one.end === "top" ? "+" : "−"}${integer(one.rank)})`]),
    others.length > shown.length ? ", …" : "."];
}

function moduleFigure(row) {
  const values = unpackNumbers(row.modules);
  const total = values.reduce((sum, value) => sum + value, 0);
  const entries = report.modules.map((module, i) => ({ name: module, value: values[i] }));
  return figure({
    name: `modules-${plain(row.query.id)}-${plain(row.document.name)}`,
    title: `Share of each module in the influence of ${row.document.name}`,
    caption: `What each tracked module adds to the influence, ${number(total, 3)} nats in all.`,
    small: true,
    height: 40 + 18 * entries.length,
    rows: () => [["module", "influence"], ...entries.map((entry) => [entry.name, entry.value])],
    option: (c, width) => bars(c, width, entries, { title: "Share of each module", label: "nats" }),
  });
}

/** Other columns, folded away. */
function extras(value, title) {
  if (value === null || value === undefined || value === 0 || (typeof value === "object" && Object.keys(value).length === 0)) return null;
  const fields = typeof value === "object" && !Array.isArray(value) ? Object.entries(value) : [["", value]];
  const body = el("dl", { class: "extras" });
  const details = el("details", {}, el("summary", {}, title), body);
  details.addEventListener("toggle", () => {
    if (details.open && body.childElementCount === 0) {
      body.append(...fields.flatMap(([key, one]) => [el("dt", {}, nodes(key)),
        el("dd", {}, show(typeof one === "string" ? one : JSON.stringify(one, null, 1), 1000))]));
    }
  });
  return details;
}

function pairPage(one, other) {
  const shared = (end) => {
    const others = new Map(ranking(other, end).map((row) => [row.document, row]));
    return ranking(one, end).filter((row) => others.has(row.document)).map((row) => ({ row, twin: others.get(row.document) }));
  };
  const node = el("div", {}, el("p", { class: "trail" }, "Two queries"),
    heading(name(one), " and ", name(other)),
    el("div", { class: "two" }, [one, other].map((query) => el("blockquote", { class: "query" },
      el("p", {}, kindMark(query.kind), " · ", link(query)),
      el("div", { class: "prompt" }, show(query.prompt, 600)), el("div", { class: "completion" }, show(query.completion, 600))))));
  if (report.analyses?.correlation) {
    node.append(small("Correlation", ["influence of all documents", "correlation"], report.analyses.correlation.matrices.map((matrix) =>
      [matrix.title, decimals(correlationAt(matrix, one.number, other.number))])));
  }
  let table;
  for (const [end, title] of Object.entries(ENDS)) {
    const both = shared(end);
    node.append(el("h2", {}, `${title} for both`), el("p", {}, both.length === 0
      ? `None of the first ${integer(ranking(one, end).length)} is in both rankings.`
      : `${integer(both.length)} of the first ${integer(ranking(one, end).length)} are in both rankings.`));
    if (both.length === 0) continue;
    const made = new Table({
      label: `${title} for both`,
      rows: both,
      key: ({ row }) => row.document.name,
      detail: ({ row }) => documentDetail(row),
      columns: [
        { title: "# in first", value: ({ row }) => row.rank, cell: ({ row }) => integer(row.rank), numeric: true, least: true },
        { title: "# in second", value: ({ twin }) => twin.rank, cell: ({ twin }) => integer(twin.rank), numeric: true, least: true },
        { title: "document", value: ({ row }) => row.document.name, cell: ({ row }) => el("bdi", { class: "id" }, nodes(row.document.name)) },
        { title: "source", value: ({ row }) => row.document.source ?? "", cell: ({ row }) => el("bdi", {}, nodes(row.document.source ?? "–")) },
        { title: "text", value: ({ row }) => row.document.preview, wide: true, cell: ({ row }) => snippet(row.document.preview, 120) },
      ],
    });
    table ??= made;
    node.append(made.node);
  }
  return { title: `${one.id} and ${other.id}`, up: "#/query/" + address(one), node, table };
}

function missingPage() {
  return { title: "Not here", up: "#/", node: el("div", {}, heading("Not in this report"),
    el("p", {}, "There is no such page. ", el("a", { href: "#/queries" }, "All queries"), ".")) };
}
