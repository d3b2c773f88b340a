// What the file holds, parsed when it is asked for, so that the first page does not wait for the last.

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const report = read("report");
const parsed = new Map();

function once(id, use = (value) => value) {
  if (!parsed.has(id)) parsed.set(id, use(read(id)));
  return parsed.get(id);
}

// Columns of a document, in the order of its array.
const DOCUMENT = ["id", "part", "source", "tokens", "loss", "norm", "lengthRank", "normRank", "preview", "extras", "text"];

/** The documents of all rankings, each once. */
const documents = () =>
  once("documents", (rows) =>
    rows.map((row, number) => {
      const document = { number };
      DOCUMENT.forEach((name, i) => (document[name] = row[i]));
      document.source = document.source < 0 ? null : report.sources[document.source];
      document.name = document.part === 0 ? document.id : `${document.id}#${document.part}`;
      return document;
    }));

/** One end of a query's ranking: a row for each document. */
function ranking(query, end) {
  const columns = once(`ranking-${query.number}`)[end];
  if (columns.rows) return columns.rows;
  columns.rows = columns.document.map((document, i) => {
    const row = { rank: i + 1, document: documents()[document], query, end };
    for (const [name, values] of Object.entries(columns)) if (name !== "document") row[name] = values[i];
    row.nat = query.loss === 0 ? NaN : row.raw / query.loss;
    row.normalised = row.document.norm === 0 ? NaN : row.nat / row.document.norm;
    row.lengthRank = row.document.lengthRank;
    row.normRank = row.document.normRank;
    return row;
  });
  return columns.rows;
}

report.queries.forEach((query, number) => (query.number = number));
const byId = new Map(report.queries.map((query) => [query.id, query]));

/** The address of a query's page. Ids with half characters, which no address can have, give way to numbers. */
function address(query) {
  try {
    return encodeURIComponent(query.id);
  } catch {
    return "~" + query.number;
  }
}

function addressed(text) {
  let id = text;
  try {
    id = decodeURIComponent(text);
  } catch {
    // an address that somebody has typed
  }
  return byId.get(id) || (/^~\d+$/.test(id) ? report.queries[Number(id.slice(1))] : undefined);
}

const unique = (values) => [...new Set(values)];
const kinds = unique(report.queries.map((query) => query.kind));
const families = unique(report.queries.map((query) => query.family));

// Numbers in few characters: see PackedNumbers.java, which writes them.
const ALPHABET = [...Array(94).keys()].map((i) => String.fromCharCode(33 + i)).filter((c) => !'"\\<>&'.includes(c));
const PLACE = new Map(ALPHABET.map((character, i) => [character, i]));

/** Signed numbers: the largest size, a space, two characters for each. */
function unpackNumbers(text) {
  if (!text) return [];
  const space = text.indexOf(" ");
  const largest = Number(text.slice(0, space));
  const base = ALPHABET.length;
  const most = (base * base - 1) / 2;
  const values = [];
  for (let i = space + 1; i < text.length; i += 2) {
    values.push(((PLACE.get(text[i]) * base + PLACE.get(text[i + 1]) - most) / most) * largest);
  }
  return values;
}

/** The same in one character each. */
function unpackCoarse(text) {
  if (!text) return [];
  const space = text.indexOf(" ");
  const largest = Number(text.slice(0, space));
  const half = (ALPHABET.length - 1) / 2;
  return [...text.slice(space + 1)].map((character) => ((PLACE.get(character) - half) / half) * largest);
}

/** What each token of a query adds to its score with the documents of one end, on average, where the run keeps that. */
const meanTokens = (query, end) => once(`ranking-${query.number}`).query_tokens?.[end];

/**
 * (tokens) what each token of a query adds: one of the prompt as it is read, one of the completion as it is predicted.
 * The prompt's last token has no score of its own, since in its place the completion's first is predicted.
 */
function ofTokens(query, predictions) {
  const last = query.prompt_tokens - 1;
  return [...predictions.slice(0, last), null, ...predictions.slice(last)];
}

/** A text in pieces, by their lengths: the last character of the alphabet adds its value and goes on. */
function pieces([text, lengths]) {
  const all = [];
  let from = 0;
  let length = 0;
  for (const character of lengths) {
    const value = PLACE.get(character);
    length += value;
    if (value < ALPHABET.length - 1) {
      all.push(text.slice(from, from + length));
      from += length;
      length = 0;
    }
  }
  return all;
}
