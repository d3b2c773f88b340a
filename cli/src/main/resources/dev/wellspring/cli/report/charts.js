// What the figures and the validation pages draw.

const MATRIX_TITLES = {
  "pearson": "Pearson, raw scores", "pearson-normalised": "Pearson, normalised scores",
  "spearman": "Spearman, raw scores", "spearman-normalised": "Spearman, normalised scores",
};

for (const matrix of report.analyses?.correlation?.matrices ?? []) matrix.title = MATRIX_TITLES[matrix.coefficient];

/** The queries side by side with their like: by kind, then family. */
const ordered = [...report.queries].sort((a, b) =>
  kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || families.indexOf(a.family) - families.indexOf(b.family) || a.number - b.number);

/** Of two queries, by their numbers; the file has one of each two. */
function correlationAt(matrix, one, other) {
  if (one === other) return 1;
  const [high, low] = one > other ? [one, other] : [other, one];
  return matrix.values[(high * (high - 1)) / 2 + low];
}

/** A figure that shows one of several things, with a choice above it. */
function chosen(label, options, make) {
  const place = el("div");
  const select = el("select", {}, options.map(([value, title]) => el("option", { value }, title)));
  const first = figures + 1;
  const show = () => {
    forget(place);
    const after = figures;
    figures = first - 1;
    place.replaceChildren(...[make(select.value)].flat());
    figures = Math.max(after, figures);
  };
  select.addEventListener("change", show);
  show();
  return el("div", {}, options.length > 1 ? el("div", { class: "filters" }, labelled(label, select)) : null, place);
}

function correlationSection() {
  const { correlation } = report.analyses;
  return el("section", {}, el("h2", {}, "Which queries are influenced alike"),
    chosen("Correlation", correlation.matrices.map((matrix, i) => [i, matrix.title]), (i) => heatMap(correlation.matrices[i])));
}

function heatMap(matrix) {
  const n = ordered.length;
  const groups = [];
  ordered.forEach((query, i) => {
    const last = groups.at(-1);
    if (last && last.kind === query.kind && last.family === query.family) last.end = i;
    else groups.push({ kind: query.kind, family: query.family, start: i, end: i });
  });
  const starts = new Set(groups.map((group) => group.start));
  const middle = new Map(groups.map((group) => [Math.floor((group.start + group.end) / 2), group]));
  return figure({
    name: `correlation-${matrix.coefficient}`,
    title: `Correlations of ${n} queries: ${matrix.title}`,
    caption: `Correlation of the influence of all documents, for each pair of ${integer(n)} queries, by kind and family (${matrix.title}).`
      + " Blue: the same documents help both. Orange: what helps one hurts the other. Click a cell to see the pair, one on the diagonal to see the query.",
    height: (width) => (width > 560 ? width - 194 + 136 : width + 54),
    widest: 820,
    canvas: n > 220,
    click: ({ value }) => {
      const [one, other] = [ordered[value[0]], ordered[value[1]]];
      location.hash = one === other ? "#/query/" + address(one) : `#/pair/${address(one)}/${address(other)}`;
    },
    rows: () => [["query", "kind", "family", "other", "other_kind", "other_family", "correlation"],
      ...ordered.flatMap((one, i) => ordered.slice(0, i).map((other) =>
        [one.id, one.kind, one.family, other.id, other.kind, other.family, correlationAt(matrix, one.number, other.number)]))],
    option: (c, width) => {
      const b = base(c, `Heat map of the correlations of ${n} queries`);
      const wide = width > 560;
      const axis = (inverse) => ({
        type: "category", data: ordered.map((_, i) => i), inverse, z: 5, axisTick: { show: false }, axisLine: { show: false },
        splitLine: { show: true, interval: (i) => i > 0 && starts.has(i), lineStyle: { color: c.ink, width: 0.6, opacity: 0.7 } },
        axisLabel: {
          show: wide, interval: (i) => middle.has(i) && middle.get(i).end - middle.get(i).start >= n / 60,
          formatter: (i) => (middle.has(Number(i)) ? plain(queriesName(middle.get(Number(i)))) : ""), color: c.faint, fontSize: 11,
          rotate: inverse ? 0 : 40, width: inverse ? 174 : 120, overflow: "truncate",
        },
      });
      return {
        ...b, legend: undefined,
        grid: { left: wide ? 186 : 4, right: 8, top: 6, bottom: wide ? 130 : 60 },
        xAxis: axis(false), yAxis: axis(true),
        visualMap: {
          min: -1, max: 1, precision: 2, calculable: true, orient: "horizontal", left: "center", bottom: 4, itemWidth: 12,
          itemHeight: Math.min(220, width / 2), inRange: { color: [c.negative, c.middle, c.positive] }, textStyle: { color: c.faint },
        },
        tooltip: {
          ...b.tooltip,
          formatter: ({ value: [x, y, r] }) => tip(el("b", {}, plain(ordered[x].id)), el("b", {}, plain(ordered[y].id)),
            r === null ? "no correlation: one of them has the same score everywhere" : `correlation ${decimals(r)}`),
        },
        series: [{
          type: "heatmap", progressive: 0,
          data: ordered.flatMap((one, x) => ordered.map((other, y) => [x, y, correlationAt(matrix, one.number, other.number) ?? "-"])),
          emphasis: { itemStyle: { borderColor: c.ink, borderWidth: 1 } },
        }],
      };
    },
  });
}

const TAILS = [["top", "Positive influence"], ["bottom", "Negative influence"]];
/** Of a single query there is no interval. */
const interval = ([estimate, low, high], as = number) =>
  as(estimate) + (typeof low === "number" && typeof high === "number" ? ` (${as(low)} to ${as(high)})` : "");
const ofKinds = (groups) => groups.filter((group) => group.family === "");

function figuresPage() {
  const { analyses, baselines } = report;
  const page = el("div", {}, heading("Figures"));
  if (analyses) {
    page.append(correlationSection(), blocksSection(analyses.correlation), coverageSection(analyses.spread),
      powerLawSection(analyses.spread));
    if (analyses.sources.corpus.length > 1) page.append(sourcesSection(analyses.sources));
    if (analyses.answers) page.append(answersSection(analyses.answers));
    page.append(standingOut(analyses.top));
  }
  if (baselines) page.append(baselinesSection(baselines));
  return { title: "Figures", up: "#/", node: page };
}

function blockName(block) {
  const first = block.family ? `${block.kind}, ${block.family}` : block.kind;
  return block.relation === "one task" ? `${first}: ${block.relation}`
    : block.other && block.other !== block.kind ? `${first} with ${block.other}: ${block.relation}` : `${first}: ${block.relation}`;
}

function blocksSection(correlation) {
  return el("section", {}, el("h2", {}, "Within tasks, across them, and against controls"),
    chosen("Correlation", correlation.matrices.map((matrix, i) => [i, matrix.title]), (i) => {
      const matrix = correlation.matrices[i];
      const blocks = correlation.blocks[matrix.coefficient];
      const entries = blocks.map((block) => ({ name: blockName(block), value: block.mean[0], low: block.mean[1], high: block.mean[2] }));
      return [figure({
        name: `correlation-blocks-${matrix.coefficient}`,
        title: `Mean correlation by block: ${matrix.title}`,
        caption: `Mean correlation of pairs of queries (${matrix.title}), with 95 % intervals over resampled queries.`,
        height: 60 + 26 * entries.length,
        rows: () => [["relation", "kind", "family", "other", "pairs", "mean", "low", "high", "smallest", "median", "largest"],
          ...blocks.map((b) => [b.relation, b.kind, b.family, b.other, b.pairs, ...b.mean, b.smallest, b.median, b.largest])],
        option: (c, width) => bars(c, width, entries, { title: "Mean correlation by block", label: "correlation" }),
      }), small("Correlation by block", ["pairs of queries", "pairs", "mean, 95 % interval", "smallest", "largest"],
        blocks.map((b) => [el("bdi", {}, nodes(blockName(b))), integer(b.pairs), interval(b.mean, decimals), decimals(b.smallest), decimals(b.largest)]))];
    }));
}

/** Curves with bands: {name, points: [x, estimate, low, high]}. */
function curves(c, title, lines, x, y) {
  const b = base(c, title);
  return {
    ...b,
    tooltip: {
      ...b.tooltip, trigger: "axis", axisPointer: { lineStyle: { color: c.faint } },
      formatter: (points) => {
        const at = points[0].value[0];
        return tip(el("b", {}, x.format(at)), ...lines.map((line) => {
          const point = line.points.find((p) => p[0] === at);
          return point && el("span", {}, `${plain(line.name)}: ${interval(point.slice(1), y.format)}`);
        }));
      },
    },
    grid: { ...b.grid, bottom: 34 },
    xAxis: b.axis(x.title, { type: "log", min: x.min, max: x.max, axisLabel: { color: c.faint, formatter: x.format } }),
    yAxis: b.axis("", { type: "value", min: 0, axisLabel: { color: c.faint, formatter: y.format } }),
    series: lines.flatMap((line, i) => [
      {
        type: "line", name: plain(line.name), data: line.points.map((p) => [p[0], p[1] ?? "-"]), symbol: SYMBOLS[i % 6], symbolSize: 7,
        lineStyle: { width: 2, type: DASHES[i % 6] }, color: c.series[i % 6],
      },
      ...(line.points.some((p) => p[2] === null || p[3] === null) ? [] : [{
        type: "custom", silent: true, z: 1, color: c.series[i % 6],
        data: [[line.points[0][0], line.points[0][1]]],
        renderItem: (_, api) => ({
          type: "polygon",
          shape: { points: [...line.points.map((p) => api.coord([p[0], p[2]])), ...[...line.points].reverse().map((p) => api.coord([p[0], p[3]]))] },
          style: { fill: c.series[i % 6], opacity: 0.13 },
        }),
      }]),
    ]),
  };
}

function coverageSection(spread) {
  return el("section", {}, el("h2", {}, "How influence is spread over documents"),
    chosen("Documents", TAILS, (tail) => {
      const groups = ofKinds(spread.groups).filter((group) => group.tail === tail);
      const lines = groups.map((group) => ({ name: group.kind, points: spread.percentages.map((p, i) => [p, ...group.shares[i]]) }));
      const words = tail === "top" ? "positive" : "negative";
      return [figure({
        name: `coverage-${words}`,
        title: `Share of all ${words} influence that the first documents have`,
        caption: `Share of all ${words} raw influence that the first documents have; the share of documents is of those whose influence is ${words}.`
          + " Mean over queries, with 95 % intervals over resampled queries.",
        rows: () => [["kind", "percent_of_documents", "share", "low", "high"],
          ...lines.flatMap((line) => line.points.map((point) => [line.name, ...point]))],
        option: (c) => curves(c, `Coverage, ${words}`, lines,
          { title: "first documents, percent", min: 0.01, max: 100, format: (v) => `${v} %` }, { format: (v) => percent(v, v < 0.1 ? 1 : 0) }),
      }), small("Totals", ["queries", `${words} influence per nat`, "varies by", "effective documents"],
        spread.groups.filter((group) => group.tail === tail).map((group) =>
          [el("bdi", {}, nodes(groupName(group))), interval(group.perNat), percent(group.variation, 0), interval(group.effective)]))];
    }),
    el("p", { class: "note" }, "Per nat: the sum of these scores divided by the completion's loss. Varies by: the standard deviation over"
      + " queries in units of the mean. Effective documents: (Σ|s|)² / Σs², the number of equal scores that would be as concentrated."));
}

/** Of the queries of a kind and family. */
const queriesName = ({ kind, family }) => (kind === family ? kind : `${kind}, ${family}`);

const groupName = (group) => (group.family ? `${group.kind}, ${group.family}` : group.kind);

function powerLawSection(spread) {
  return el("section", {}, el("h2", {}, "How fast influence falls with the rank"),
    chosen("Documents", TAILS, (tail) => {
      const groups = ofKinds(spread.groups).filter((group) => group.tail === tail);
      const points = report.queries.map((query) => ({ query, fit: spread.queries[query.number][tail] }))
        .filter(({ fit }) => fit.slope !== null);
      return [figure({
        name: tail === "top" ? "power-law-positive" : "power-law-negative",
        title: "Exponents of the power law",
        caption: "Slope of ln raw influence over ln rank for the first 500 documents, a point for each query; the line is the mean of the kind"
          + " with its 95 % interval. Steeper: fewer documents matter. Click a point to see the query.",
        height: 80 + 70 * groups.length,
        click: ({ data }) => data?.query && (location.hash = "#/query/" + address(data.query)),
        rows: () => [["query", "kind", "family", "documents", "slope", "intercept", "r2"],
          ...points.map(({ query, fit }) => [query.id, query.kind, query.family, fit.fitted, fit.slope, fit.intercept, fit.r2])],
        option: (c) => strips(c, groups, points),
      }), small("Power law", ["queries", "slope, 95 % interval", "R²"], spread.groups.filter((group) => group.tail === tail)
        .map((group) => [el("bdi", {}, nodes(groupName(group))), interval(group.slope, decimals), interval(group.r2, decimals)]))];
    }));
}

/** Points in rows by kind, spread a little so that they do not hide each other. */
function strips(c, groups, points) {
  const b = base(c, "Exponents of the power law by kind");
  const names = groups.map((group) => group.kind);
  return {
    ...b, legend: undefined,
    grid: { ...b.grid, top: 10, bottom: 34 },
    tooltip: {
      ...b.tooltip,
      formatter: ({ data }) => data.query && tip(el("b", {}, plain(data.query.id)), `slope ${number(data.value[0], 3)}`, `R² ${number(data.r2, 3)}`),
    },
    xAxis: b.axis("slope", { type: "value", scale: true, axisLine: { onZero: false, lineStyle: { color: c.rule } } }),
    yAxis: b.axis("", {
      type: "value", min: -0.5, max: names.length - 0.5, interval: 0.5, inverse: true, splitLine: { show: false }, axisTick: { show: false },
      axisLine: { show: false }, axisLabel: { color: c.ink, formatter: (v) => (Number.isInteger(v) ? plain(names[v]) : "") },
    }),
    series: [
      ...names.map((kind, i) => ({
        type: "scatter", symbol: SYMBOLS[i % 6], symbolSize: 8, color: c.series[i % 6], itemStyle: { opacity: 0.7 },
        data: points.filter(({ query }) => query.kind === kind).map(({ query, fit }) =>
          ({ value: [fit.slope, i + (((query.number * 0.618034) % 1) - 0.5) * 0.44], query, r2: fit.r2 })),
      })),
      whisker(c, groups.map((group, i) => [group.slope[1], group.slope[2], i]).filter((one) => one[0] !== null), true),
      {
        type: "scatter", symbol: "rect", symbolSize: [3, 30], color: c.ink, silent: true, z: 6,
        data: groups.map((group, i) => [group.slope[0], i]).filter((one) => one[0] !== null),
      },
    ],
  };
}

function sourcesSection(sources) {
  const options = TAILS.flatMap(([tail]) => sources.depths.map((depth) =>
    [`${tail} ${depth}`, `${tail === "top" ? "most positive" : "most negative"} ${integer(depth)}`]));
  return el("section", {}, el("h2", {}, "Where the documents come from"),
    chosen("Documents", options, (option) => {
      const [tail, depth] = option.split(" ");
      const groups = ofKinds(sources.groups).filter((group) => group.tail === tail && group.depth === Number(depth));
      const names = sources.corpus.map((one) => one.source);
      const series = unique(groups.map((group) => group.kind));
      return [figure({
        name: `sources-${tail}-${depth}`,
        title: "Sources, over- and under-represented",
        caption: `Share of each source among the ${tail === "top" ? "most positive" : "most negative"} ${integer(Number(depth))} documents by raw influence, divided by its share`
          + " of all documents: 1 is what a random draw has. Mean over queries, with 95 % intervals over resampled queries.",
        height: 90 + names.length * Math.max(26, 13 * series.length),
        rows: () => [["kind", "end", "depth", "source", "share_of_all", "ratio", "low", "high"], ...groups.map((group) =>
          [group.kind, tail, group.depth, group.source, sources.corpus.find((one) => one.source === group.source)?.share, ...group.ratio])],
        option: (c) => dots(c, names, series, groups),
      }), small("All documents", ["source", "documents", "share"],
        sources.corpus.map((one) => [el("bdi", {}, nodes(one.source)), integer(one.documents), percent(one.share)]))];
    }));
}

/** A row for each source, in it a point with an interval for each kind. */
function dots(c, names, series, groups) {
  const b = base(c, "Representation of sources by kind of query");
  const place = (group) => names.indexOf(group.source) + (series.indexOf(group.kind) + 0.5) / series.length * 0.7 - 0.35;
  const known = groups.filter((group) => group.ratio[0] !== null);
  const largest = Math.max(2, ...known.map((group) => group.ratio[2] ?? group.ratio[0]));
  return {
    ...b,
    legend: { ...b.legend, itemWidth: 11, itemHeight: 11, itemGap: 18 },
    grid: { ...b.grid, bottom: 34 },
    tooltip: {
      ...b.tooltip,
      formatter: ({ data }) => data.group && tip(el("b", {}, plain(data.group.source)), `${plain(data.group.kind)}: ${interval(data.group.ratio)}`),
    },
    xAxis: b.axis("times its share of all documents",
      { type: "value", min: 0, max: Math.ceil(largest), axisLine: { onZero: false, lineStyle: { color: c.rule } } }),
    yAxis: b.axis("", {
      type: "value", min: -0.5, max: names.length - 0.5, interval: 0.5, inverse: true, axisTick: { show: false }, axisLine: { show: false },
      splitLine: { show: false }, axisLabel: { color: c.ink, formatter: (v) => (Number.isInteger(v) ? plain(names[v]) : ""), width: 170, overflow: "truncate" },
    }),
    series: [
      ...series.map((kind, i) => ({
        type: "scatter", name: plain(kind), symbol: SYMBOLS[i % 6], symbolSize: 9, color: c.series[i % 6],
        data: known.filter((group) => group.kind === kind).map((group) => ({ value: [group.ratio[0], place(group)], group })),
        markLine: i > 0 ? undefined : {
          silent: true, symbol: "none", label: { show: false }, lineStyle: { color: c.ink, type: "solid", width: 1 }, data: [{ xAxis: 1 }],
        },
      })),
      { ...whisker(c, known.filter((group) => group.ratio[1] !== null).map((group) => [group.ratio[1], group.ratio[2], place(group)]), true), z: 1 },
    ],
  };
}

function answersSection(answers) {
  const sorts = [["answer", "The answer"], ["step", "The results of all steps"]]
    .filter(([sort]) => answers.groups.some((group) => group.sort === sort));
  return el("section", {}, el("h2", {}, "Whether the answer is in the documents"),
    chosen("Looked for", sorts, (sort) => {
      const groups = answers.groups.filter((group) => group.sort === sort && group.family === "");
      const entries = groups.flatMap((group) => [
        { name: `${group.kind}, first ${integer(group.depth)}`, value: group.any[0], low: group.any[1], high: group.any[2] },
        { name: "by chance", value: group.chance, faint: true },
      ]);
      return [figure({
        name: `answers-${sort}`,
        title: "Answers in the most positive documents",
        caption: `Share of queries for which one of the first documents by ${report.by} influence holds it, with 95 % intervals over resampled queries;`
          + " below each, what documents drawn at random would hold. A text holds an answer when all its words stand there together, whatever their case.",
        height: 60 + 22 * entries.length,
        rows: () => [["kind", "depth", "queries", "share", "low", "high", "chance", "ratio"],
          ...groups.map((g) => [g.kind, g.depth, g.queries, ...g.any, g.chance, g.ratio])],
        option: (c, width) => bars(c, width, entries, { title: "Answers found", label: "share of queries" }),
      }), small("Answers by task", ["queries", "first", "with it", "by chance", "times chance"],
        answers.groups.filter((group) => group.sort === sort).map((g) => [el("bdi", {}, nodes(groupName(g))), integer(g.depth),
          `${interval(g.any, (v) => percent(v, 0))} of ${g.queries}`, percent(g.chance, 0), number(g.ratio)]))];
    }));
}

/** Documents that many queries share, near-duplicates, and scores of single tokens. */
function standingOut(top) {
  const queries = (numbers) => numbers.slice(0, 6).flatMap((q, i) => [i > 0 ? ", " : "", link(report.queries[q])])
    .concat(numbers.length > 6 ? ` and ${numbers.length - 6} more` : []);
  const section = el("section", {}, el("h2", {}, "What stands out"));
  const list = (label, title, rows, found, columns) => {
    if (rows.length === 0) return;
    const count = found > rows.length ? `the first ${integer(rows.length)} of ${integer(found)}` : integer(found);
    section.append(el("details", { class: "list" }, el("summary", {}, `${title} (${count})`),
      new Table({ label, rows, columns }).node));
  };
  const documentColumns = [
    { title: "document", value: (r) => r.document, cell: (r) => el("bdi", { class: "id" }, nodes(r.document)) },
    { title: "source", value: (r) => r.source ?? "", cell: (r) => el("bdi", {}, nodes(r.source ?? "–")) },
    { title: "text", value: (r) => r.preview, wide: true, cell: (r) => snippet(r.preview, 110) },
  ];
  list("Documents of many queries", `Documents among the first ${integer(top.k)} of many queries, by raw influence`, top.frequent, top.found.frequent, [
    { title: "queries", value: (r) => r.queries.length, cell: (r) => integer(r.queries.length), numeric: true },
    { title: "end", value: (r) => r.tail, cell: (r) => (r.tail === "top" ? "positive" : "negative") },
    ...documentColumns,
    { title: "of", value: (r) => r.queries.length, cell: (r) => queries(r.queries) },
  ]);
  list("Near-duplicates", `Nearly the same text among the first ${integer(top.k)} by raw influence`, top.duplicates, top.found.duplicates, [
    { title: "documents", value: (r) => r.count, cell: (r) => integer(r.count), numeric: true },
    ...documentColumns,
    { title: "in rankings of", value: (r) => r.queries.length, cell: (r) => queries(r.queries) },
  ]);
  list("Scores of single tokens", `Raw scores among the first ${integer(top.k)} that come from a few tokens`, top.concentrated, top.found.concentrated, [
    { title: "concentration", value: (r) => r.concentration, cell: (r) => number(r.concentration, 2), numeric: true,
      help: "‖s‖₂ / ‖s‖₁ of the token scores: 1 where one token has everything" },
    { title: "influence", value: (r) => r.raw, cell: (r) => signed(r.raw), numeric: true },
    { title: "query", value: (r) => report.queries[r.query].id, cell: (r) => link(report.queries[r.query]) },
    { title: "rank", value: (r) => r.rank, cell: (r) => (r.tail === "top" ? "+" : "−") + integer(r.rank), numeric: true, least: true },
    ...documentColumns,
  ]);
  return section.childElementCount > 1 ? section : null;
}

function baselinesSection(baselines) {
  const rows = baselines.kinds.flatMap((kind) => kind.baselines.map((one) => ({ kind: kind.kind, queries: kind.queries, ...one })));
  return el("section", {}, el("h2", {}, "What cheaper methods would have shown"),
    el("p", {}, `Of the first documents by influence (${baselines.by}), how many a cheaper ranking has first as well; mean over the queries of a kind.`
      + ` By chance: ${number(baselines.chance10, 2)} of 10, ${number(baselines.chance100, 2)} of 100.`),
    figure({
      name: "baselines",
      title: "Documents shared with cheaper rankings",
      caption: `Of the first 100 documents by ${baselines.by} influence, how many are among the first 100 of another ranking.`,
      height: 60 + 22 * rows.length,
      rows: () => [["kind", "queries", "baseline", "top10", "top100", "spearman"],
        ...rows.map((row) => [row.kind, row.queries, row.baseline, row.top10, row.top100, row.spearman])],
      option: (c, width) => bars(c, width, rows.map((row) => ({ name: `${row.kind}, ${row.baseline}`, value: row.top100 })), { title: "Shared of 100", label: "of 100" }),
    }),
    small("Cheaper methods", ["kind", "ranking", "of 10", "of 100", "rank correlation"], rows.map((row) =>
      [el("bdi", {}, nodes(row.kind)), row.baseline, number(row.top10, 2), number(row.top100, 3), number(row.spearman, 2)])));
}

function validationPage() {
  return {
    title: "Validation", up: "#/",
    node: el("div", {}, heading("Validation: the model trained again"), report.validation.map((one) =>
      ({ lds: ldsSection, removal: removalSection, square: squareSection })[one.kind](one.name, one.result))),
  };
}

/** Validations write what is no number as a text. */
const numeric = (value) => (typeof value === "number" ? value : null);

function ldsSection(name, lds) {
  const methods = Object.entries(lds.methods).map(([method, one]) =>
    ({ method, queries: one.queries, lds: numeric(one.lds), low: numeric(one.low), high: numeric(one.high) }));
  return el("section", {}, el("h2", {}, "Linear datamodelling score: ", el("bdi", {}, nodes(name))),
    el("p", {}, `The model was trained again on ${integer(lds.subsets)} random subsets of ${percent(lds.share, 0)} of its ${integer(lds.documents)} documents`
      + `${lds.seeds > 1 ? `, ${lds.seeds} times each` : ""}. For each of ${integer(lds.queries)} queries, the sum of a method's scores over a subset should`
      + " foretell how small the loss becomes: shown is the rank correlation, 1 at best."),
    figure({
      name: `lds-${name}`,
      title: "Linear datamodelling score by method",
      caption: "Mean over queries, with 95 % intervals over resampled subsets, and queries resampled within their kind.",
      height: 60 + 26 * methods.length,
      rows: () => [["method", "query", "lds", "low", "high"], ...methods.flatMap((one) =>
        [[one.method, "", one.lds, one.low, one.high], ...Object.entries(one.queries ?? {}).map(([query, value]) => [one.method, query, numeric(value)])])],
      option: (c, width) => bars(c, width, methods.map((one) => ({ name: one.method, value: one.lds, low: one.low, high: one.high })),
        { title: "Linear datamodelling score", label: "rank correlation" }),
    }),
    small("Linear datamodelling score", ["method", "LDS", "95 % interval", "queries above 0"], methods.map((one) => {
      const each = Object.values(one.queries ?? {}).filter((value) => typeof value === "number");
      return [el("bdi", {}, nodes(one.method)), decimals(one.lds), `${decimals(one.low)} to ${decimals(one.high)}`,
        `${each.filter((value) => value > 0).length} of ${each.length}`];
    })),
    el("p", { class: "note" }, "Optimiser: ", el("bdi", {}, nodes(String(lds.optimizer ?? "–"))), "; modules: ", el("bdi", {}, nodes(String(lds.modules ?? "–"))), "."));
}

function removalSection(name, removal) {
  const rows = Object.entries(removal.removed).map(([what, one]) =>
    ({ what, ...Object.fromEntries(Object.entries(one).map(([key, value]) => [key, numeric(value)])) }));
  return el("section", {}, el("h2", {}, "Without the most influential documents: ", el("bdi", {}, nodes(name))),
    el("p", {}, `The model was trained again without ${integer(removal.k)} documents for each of ${integer(removal.queries.length)} queries that it answers,`
      + ` ${removal.seeds} ${removal.seeds === 1 ? "time" : "times"} each. If scores mean what they say, the loss of these queries rises most without the`
      + " most influential ones, and other queries do not suffer."),
    figure({
      name: `removal-${name}`,
      title: "Rise of the loss by what was removed",
      caption: "Rise of the queries' loss in nats against removing nothing, with 95 % intervals over resampled queries.",
      height: 60 + 30 * rows.length,
      rows: () => [["removed", "documents", "loss", "geometric_mean_loss", "rise", "low", "high", "exact", "others_loss", "others_exact"],
        ...rows.map((r) => [r.what, r.documents, r.loss, r.geometric_mean_loss, r.rise, r.rise_low, r.rise_high, r.exact, r.others_loss, r.others_exact])],
      option: (c, width) => bars(c, width, rows.map((r) => ({ name: r.what, value: r.rise, low: r.rise_low, high: r.rise_high })), { title: "Rise of the loss", label: "nats" }),
    }),
    small("Removal", ["removed", "documents", "loss", "rise, 95 % interval", "still right", "others' loss", "others right"], rows.map((r) =>
      [el("bdi", {}, nodes(r.what)), integer(r.documents), number(r.loss), interval([r.rise, r.rise_low, r.rise_high]), percent(r.exact),
        number(r.others_loss), percent(r.others_exact)])));
}

function squareSection(name, square) {
  const radii = Object.entries(square.radius).map(([radius, one]) => ({ radius: Number(radius), ...one }));
  return el("section", {}, el("h2", {}, "Squares left out: ", el("bdi", {}, nodes(name))),
    el("p", {}, "The model was trained again without all problems in a square of the grid. Does it still solve those inside, and do the scores of"
      + " the square's other problems foretell which it loses?"),
    radii.map((one) => el("div", {}, el("h3", {}, `Radius ${one.radius}, ${integer(one.cells.length)} problems`), el("div", { class: "maps" },
      cellMap(name, one, "answered", "Still solved", "share of trainings that solve it", true),
      cellMap(name, one, "rise", "Rise of the loss, measured", "nats"),
      cellMap(name, one, "predicted_rise", "Rise of the loss, foretold", "nats")))),
    small("Squares", ["radius", "problems", "still solved", "rank correlation of rises, 95 % interval", "area under the curve"], radii.map((one) =>
      [String(one.radius), integer(one.cells.length), percent(one.answered), interval([one.spearman, one.low, one.high], decimals), decimals(one.area_under_curve, 2)])));
}

function cellMap(name, square, field, title, unit, share = false) {
  const as = unique(square.cells.map((cell) => cell.a)).sort((x, y) => x - y);
  const bs = unique(square.cells.map((cell) => cell.b)).sort((x, y) => x - y);
  const values = square.cells.map((cell) => numeric(cell[field])).filter((value) => value !== null);
  const size = Math.max(...values.map(Math.abs), Number.MIN_VALUE);
  return figure({
    name: `square-${name}-${square.radius}-${field}`,
    title: `${title}, radius ${square.radius}`,
    caption: `${title}: ${unit}.`,
    small: true,
    height: 300,
    rows: () => [["a", "b", "ring", field], ...square.cells.map((cell) => [cell.a, cell.b, cell.ring, cell[field]])],
    option: (c) => {
      const b = base(c, title);
      const axis = (text, data) => b.axis(text, { type: "category", data, splitLine: { show: false } });
      return {
        ...b, legend: undefined,
        grid: { ...b.grid, top: 6, bottom: 62 },
        tooltip: { ...b.tooltip, formatter: ({ value }) => tip(el("b", {}, `${as[value[0]]}, ${bs[value[1]]}`), `${number(value[2])} ${share ? "" : unit}`) },
        xAxis: axis("a", as), yAxis: axis("", bs),
        visualMap: {
          min: share ? 0 : -size, max: share ? 1 : size, precision: share ? 2 : 3, orient: "horizontal", left: "center", bottom: 0, itemWidth: 10,
          itemHeight: 120, calculable: true, textStyle: { color: c.faint },
          inRange: { color: share ? [c.paper, c.positive] : [c.negative, c.middle, c.positive] },
        },
        series: [{
          type: "heatmap", itemStyle: { borderColor: c.rule, borderWidth: as.length > 30 ? 0 : 0.5 },
          label: { show: as.length <= 7, color: c.ink, formatter: ({ value }) => number(value[2], 2), fontSize: 10 },
          data: square.cells.map((cell) => [as.indexOf(cell.a), bs.indexOf(cell.b), numeric(cell[field]) ?? "-"]),
        }],
      };
    },
  });
}
