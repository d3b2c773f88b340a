// Elements and texts. Text from a corpus is never markup here: it becomes text nodes and nothing else, what cannot be seen
// is shown as a sign, and no mark in it can turn around the words beside it.

/** An element with attributes, listeners (onclick and so on) and children; a child that is a string is text. */
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const CONTROL = "\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f";
const DIRECTION = "\\u061c\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2028\\u2029\\u2060\\u2066-\\u2069\\ufeff\\ufff9-\\ufffb";
const LONE = "[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]";
const TAG = "\\udb40[\\udc00-\\udc7f]";
const UNSEEN = new RegExp(`[${CONTROL}${DIRECTION}]|${TAG}|${LONE}`, "g");
const ASCII = ("NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS"
  + " US").split(" ");
const NAMES = {
  0x61c: "ALM", 0x200b: "ZWSP", 0x200e: "LRM", 0x200f: "RLM", 0x202a: "LRE", 0x202b: "RLE", 0x202c: "PDF", 0x202d: "LRO",
  0x202e: "RLO", 0x2028: "LS", 0x2029: "PS", 0x2060: "WJ", 0x2066: "LRI", 0x2067: "RLI", 0x2068: "FSI", 0x2069: "PDI",
  0x7f: "DEL", 0xfeff: "BOM",
};

const hexadecimal = (code) => "U+" + code.toString(16).toUpperCase().padStart(4, "0");

/** What stands for a character that cannot be seen, or that would move others. */
function sign(character) {
  const code = character.codePointAt(0);
  return ASCII[code] ?? NAMES[code] ?? hexadecimal(code);
}

/** A text for places that take no elements: labels, titles, charts. */
const plain = (text) => String(text).replace(UNSEEN, (one) => `[${sign(one)}]`);

/** Where a text of at most so many characters ends, without a half of a pair. */
function cutAt(text, length) {
  const half = length < text.length && length > 0 && (text.charCodeAt(length - 1) & 0xfc00) === 0xd800;
  return half ? length - 1 : Math.min(length, text.length);
}

/** Text nodes, with signs between them. */
function nodes(text) {
  const all = [];
  let from = 0;
  for (const found of text.matchAll(UNSEEN)) {
    if (found.index > from) all.push(text.slice(from, found.index));
    const code = found[0].codePointAt(0);
    all.push(el("span", { class: "sign", title: hexadecimal(code) }, sign(found[0])));
    from = found.index + found[0].length;
  }
  if (from < text.length) all.push(text.slice(from));
  return all;
}

const SHOWN = 4000;
const MORE = 200000;

/** A text of any length and content: the first characters, and more when asked. */
function show(text, shown = SHOWN) {
  const place = el("bdi", { class: "text" });
  const button = el("button", { type: "button", class: "more" });
  let end = 0;
  const extend = (length) => {
    const next = cutAt(text, end + length);
    button.remove();
    place.append(...nodes(text.slice(end, next)));
    end = next;
    if (end < text.length) {
      const step = Math.min(MORE, text.length - end);
      button.textContent = `… ${integer(step)} more of ${integer(text.length)} characters`;
      place.append(button);
    }
  };
  button.addEventListener("click", (event) => {
    event.stopPropagation();
    extend(MORE);
  });
  extend(shown);
  return place;
}

/** The beginning of a text in one line. */
function snippet(text, length) {
  const start = text.slice(0, cutAt(text, 4 * length)).replace(/[ \t\n\r\u2028\u2029]+/g, " ").trim();
  const cut = start.slice(0, cutAt(start, length));
  return el("bdi", { class: "text line" }, nodes(cut), cut.length < start.length || 4 * length < text.length ? "…" : null);
}

const integer = (value) => (typeof value !== "number" ? "–" : Math.round(value).toLocaleString("en"));

/** A number for people, with so many significant digits; powers of ten where zeros would hide them. */
function number(value, digits = 3) {
  if (typeof value !== "number" || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text = size >= 1e-4 && size < 1e6 ? plainDigits(size, digits) : scientific(size, digits);
  return value < 0 ? "−" + text : text;
}

function plainDigits(size, digits) {
  const whole = Math.floor(Math.log10(size)) + 1;
  return size.toLocaleString("en", {
    minimumFractionDigits: Math.max(0, digits - whole),
    maximumFractionDigits: Math.max(0, digits - whole),
  });
}

function scientific(size, digits) {
  const [mantissa, exponent] = size.toExponential(digits - 1).split("e");
  const raised = [...exponent.replace("+", "")].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(c)])).join("");
  return `${mantissa}·10${raised}`;
}

/** A number of about one, with so many digits after the point. */
const decimals = (value, digits = 3) =>
  typeof value !== "number" || Number.isNaN(value) ? "–" : value.toFixed(digits).replace(/^-0(\.0*)?$/, "0$1").replace("-", "−");

const signed = (value, digits = 3) => (value > 0 ? "+" : "") + number(value, digits);
const percent = (share, digits = 1) =>
  typeof share !== "number" || Number.isNaN(share) ? "–" : (100 * share).toFixed(digits) + " %";

/** Saves a file that the page has made. */
function save(name, blob) {
  const link = el("a", { href: URL.createObjectURL(blob), download: name.replace(/[^\w.-]+/g, "-") });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** Rows as RFC 4180 says. A text that a spreadsheet would take for a formula gets an apostrophe in front. */
function csv(rows) {
  return rows.map((row) => row.map(csvField).join(",") + "\n").join("");
}

function csvField(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? "'" + value : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
