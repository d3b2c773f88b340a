package dev.wellspring.cli.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wellspring.cli.report.TextTable.Column;
import dev.wellspring.rank.Agreement;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.store.scores.DataTable;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;

/// How far two runs agree.
///
/// @param run what counts as exact
/// @param other what is compared with it
/// @param ks how many first documents are looked for
/// @param queries in the order of the runs
public record ComparisonView(String run, String other, int documents, List<Integer> ks, List<OfQuery> queries)
        implements FindingsView {
    /// @param agreement over all documents
    /// @param recall (ks) the share of the exact first k that is among the other's first k
    /// @param moved the documents whose rank has moved most, most first
    public record OfQuery(ScoredQuery query, Agreement agreement, double[] recall, List<Moved> moved) {}

    /// @param before its rank in the one run, from 1; equal scores rank in the order of the documents
    /// @param after its rank in the other
    public record Moved(String document, int part, String preview, int before, int after) {}

    @Override
    public void print(PrintStream out, int width) {
        TerminalText.paragraph(
                out,
                String.format(
                        Locale.ROOT,
                        "%s against %s: %,d documents, %s",
                        other,
                        run,
                        documents,
                        Figures.count(queries.size(), "query", "queries")),
                width);
        out.println();
        var agreement = new TextTable(Column.text(""), Column.number("median query"), Column.number("worst query"));
        add("correlation of scores", one -> one.agreement().pearson(), agreement);
        add("correlation of ranks", one -> one.agreement().spearman(), agreement);
        for (int i = 0; i < ks.size(); i++) {
            int place = i;
            add(String.format(Locale.ROOT, "share of the first %,d", ks.get(i)), one -> one.recall()[place], agreement);
        }
        agreement.print(out, "  ", width);
        for (OfQuery one : queries) {
            if (!one.moved().isEmpty()) {
                out.println();
                TerminalText.line(out, "", one.query().id() + ": moved most", width);
                var table = new TextTable(
                        Column.number("rank"),
                        Column.number("other rank"),
                        Column.text("document").cutTo(16),
                        Column.text("text").cutTo(20));
                one.moved()
                        .forEach(moved -> table.add(
                                String.format(Locale.ROOT, "%,d", moved.before()),
                                String.format(Locale.ROOT, "%,d", moved.after()),
                                name(moved),
                                moved.preview()));
                table.print(out, "  ", width);
            }
        }
    }

    private static String name(Moved moved) {
        return moved.part() == 0 ? moved.document() : moved.document() + "#" + moved.part();
    }

    private void add(String name, ToDoubleFunction<OfQuery> value, TextTable table) {
        double[] sorted = queries.stream().mapToDouble(value).sorted().toArray();
        table.add(
                name,
                Figures.number("%.3f", sorted[(sorted.length - 1) / 2]),
                Figures.number("%.3f", Arrays.stream(sorted).min().orElse(Double.NaN)));
    }

    /// An object for each query, by its id.
    @Override
    public void json(PrintStream out) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("documents", documents);
        ObjectNode each = json.putObject("queries");
        for (OfQuery one : queries) {
            ObjectNode row = each.putObject(one.query().id());
            FindingsWriter.put(row, "correlation", one.agreement().pearson());
            FindingsWriter.put(row, "rank_correlation", one.agreement().spearman());
            for (int i = 0; i < ks.size(); i++) {
                FindingsWriter.put(row, "recall_" + ks.get(i), one.recall()[i]);
            }
            if (!one.moved().isEmpty()) {
                ArrayNode moved = row.putArray("moved");
                one.moved()
                        .forEach(document -> moved.addObject()
                                .put("document", document.document())
                                .put("part", document.part())
                                .put("rank", document.before())
                                .put("other_rank", document.after()));
            }
        }
        FindingsWriter.json(json, out);
    }

    /// The last is of queries, or of what has moved, where that was asked for.
    @Override
    public SequencedMap<String, DataTable> tables() {
        List<String> columns =
                new ArrayList<>(List.of("query", "kind", "family", "correlation:number", "rank_correlation:number"));
        ks.forEach(k -> columns.add("recall_" + k + ":number"));
        DataTable ofQueries = DataTable.of(columns.toArray(String[]::new));
        DataTable moved = DataTable.of("query", "document", "part:whole", "rank:whole", "other_rank:whole", "preview");
        for (OfQuery one : queries) {
            List<Object> row = new ArrayList<>(List.of(
                    one.query().id(),
                    one.query().kind(),
                    one.query().family(),
                    one.agreement().pearson(),
                    one.agreement().spearman()));
            Arrays.stream(one.recall()).forEach(row::add);
            ofQueries.add(row.toArray());
            one.moved()
                    .forEach(document -> moved.add(
                            one.query().id(),
                            document.document(),
                            document.part(),
                            document.before(),
                            document.after(),
                            document.preview()));
        }
        SequencedMap<String, DataTable> tables = new LinkedHashMap<>();
        tables.put("queries", ofQueries);
        if (!moved.rows().isEmpty()) {
            tables.put("moved", moved);
        }
        return tables;
    }
}
