// Tables that sort by any column, filter, open rows, and go up and down by keys.

/**
 * columns: {title, value(row), cell(row), numeric, least, help, wide}. What is sorted is the value; what is shown is the cell.
 * A column whose smallest value is best says `least`. What is no number goes last, either way. Without `sort`, rows stand as
 * they are given.
 */
class Table {
  constructor({ label, columns, rows, key, sort = -1, descending = false, open, detail, empty = "Nothing matches." }) {
    Object.assign(this, { columns, rows, key, sort, descending, open, detail, empty });
    this.shown = rows;
    this.opened = new Set();
    this.body = el("tbody");
    this.heads = columns.map((column, i) => this.#head(column, i));
    this.node = el("div", { class: "scroll" },
      el("table", { class: open || detail ? "rows pick" : "rows", "aria-label": label },
        el("thead", {}, el("tr", {}, this.heads)), this.body));
    this.#render();
  }

  /** Shows only some rows. */
  filter(matches) {
    this.shown = this.rows.filter(matches);
    this.#render();
    return this.shown.length;
  }

  /** Moves the focus by rows; from nowhere, to the first. */
  move(step) {
    const rows = this.#rows();
    if (rows.length === 0) return;
    const now = rows.indexOf(document.activeElement?.closest?.("tr.row"));
    const next = now < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, now + step));
    this.#reach(rows, rows[next]);
    rows[next].focus();
  }

  /** Whether the focus is in a row. */
  get isActive() {
    return this.#rows().includes(document.activeElement?.closest?.("tr.row"));
  }

  /** Opens the row of the focus. */
  activate() {
    const focused = document.activeElement?.closest?.("tr.row");
    if (focused) this.#act(focused);
  }

  /** Closes what is open; says whether anything was. */
  close() {
    const any = this.opened.size > 0;
    for (const tr of this.#rows()) if (this.opened.has(tr.wellspring)) this.#act(tr);
    return any;
  }

  #rows() {
    return [...this.body.querySelectorAll("tr.row")];
  }

  #reach(rows, one) {
    rows.forEach((row) => (row.tabIndex = row === one ? 0 : -1));
  }

  #head(column, i) {
    const button = el("button", { type: "button", title: column.help, onclick: () => this.#sortBy(i) }, column.title);
    return el("th", { scope: "col", class: column.numeric ? "numeric" : null }, button);
  }

  #sortBy(i) {
    const first = this.columns[i].numeric && !this.columns[i].least;
    this.descending = this.sort === i ? !this.descending : first;
    this.sort = i;
    this.#render();
    announce(`sorted by ${this.columns[i].title}, ${this.descending ? "largest" : "smallest"} first`);
  }

  #sorted() {
    if (this.sort < 0) return this.shown;
    const value = this.columns[this.sort].value;
    const sign = this.descending ? -1 : 1;
    const known = (x) => x !== null && x !== undefined && !Number.isNaN(x);
    const compare = (a, b) => (typeof a === "string" ? a.localeCompare(b, "en", { numeric: true }) : a - b);
    return this.shown
      .map((row) => [value(row), row])
      .sort(([a], [b]) => (known(a) && known(b) ? sign * compare(a, b) : known(b) - known(a)))
      .map(([, row]) => row);
  }

  #render() {
    this.heads.forEach((head, i) => {
      if (i === this.sort) head.setAttribute("aria-sort", this.descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    this.opened.clear();
    const rows = this.#sorted().map((row) => this.#row(row));
    this.body.replaceChildren(...rows);
    if (rows.length > 0) rows[0].tabIndex = 0;
    else this.body.append(el("tr", {}, el("td", { colspan: this.columns.length, class: "empty" }, this.empty)));
  }

  #row(row) {
    const tr = el("tr", { class: "row", tabindex: -1, "data-key": this.key?.(row) },
      this.columns.map((column) => el("td", {
        "data-label": column.title,
        class: [column.numeric ? "numeric" : "", column.wide ? "wide" : ""].join(" ").trim() || null,
      }, column.cell(row))));
    tr.wellspring = row;
    if (this.detail) tr.setAttribute("aria-expanded", "false");
    if (this.open || this.detail) {
      tr.addEventListener("click", (event) => {
        if (event.target.closest("a, button, summary") || String(getSelection()) !== "") return;
        this.#act(tr);
      });
    }
    tr.addEventListener("focusin", () => this.#reach(this.#rows(), tr));
    return tr;
  }

  #act(tr) {
    const row = tr.wellspring;
    if (this.open) {
      this.open(row);
    } else if (this.detail) {
      const open = !this.opened.has(row);
      tr.setAttribute("aria-expanded", String(open));
      if (open) {
        this.opened.add(row);
        tr.after(el("tr", { class: "detail" }, el("td", { colspan: this.columns.length }, this.detail(row))));
      } else {
        this.opened.delete(row);
        forget(tr.nextElementSibling);
        tr.nextElementSibling.remove();
      }
    }
  }
}

/** A plain table of a few rows: heads and cells, the first column being the rows' names, the others numbers or words. */
function small(label, heads, rows, words = false) {
  return el("div", { class: "scroll" }, el("table", { class: words ? "small words" : "small", "aria-label": label },
    el("thead", {}, el("tr", {}, heads.map((head, i) => el("th", { scope: "col", class: i > 0 && !words ? "numeric" : null }, head)))),
    el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell, i) =>
      i === 0 ? el("th", { scope: "row" }, cell) : el("td", { class: "numeric" }, cell)))))));
}
