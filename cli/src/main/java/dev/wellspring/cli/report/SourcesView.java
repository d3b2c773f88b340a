package dev.wellspring.cli.report;

import dev.wellspring.analysis.QueryGroup;
import dev.wellspring.analysis.SourceFindings;
import dev.wellspring.cli.report.TextTable.Column;
import dev.wellspring.rank.Tail;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.store.scores.DataTable;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/// Which sources stand at the ends of rankings.
///
/// @param queries in the order of the run
public record SourcesView(List<ScoredQuery> queries, SourceFindings findings) implements FindingsView {
    @Override
    public void print(PrintStream out, int width) {
        TerminalText.paragraph(
                out,
                "How much more often a source stands among the first k documents than among all of them: 1 is as often.",
                width);
        TerminalText.paragraph(
                out,
                "Means over queries, with 95 % intervals over queries; the last column is its share of all documents.",
                width);
        List<String> leftOut = new ArrayList<>();
        for (Tail tail : Tail.values()) {
            for (QueryGroup group : groups()) {
                out.println();
                TerminalText.line(
                        out,
                        "the most " + CoverageView.word(tail) + " for ",
                        group.name() + " (" + Figures.count(group.queries().length, "query", "queries") + ")",
                        width);
                leftOut.addAll(table(tail, group).print(out, "  ", width));
            }
        }
        TextTable.sayLeftOut(out, leftOut, width);
    }

    private List<QueryGroup> groups() {
        return findings.groups().stream()
                .map(SourceFindings.OfGroup::group)
                .distinct()
                .toList();
    }

    /// A row for each source, a column for each k; the largest k is the first to go.
    private TextTable table(Tail tail, QueryGroup group) {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.text("source").cutTo(12));
        for (int i = 0; i < findings.depths().size(); i++) {
            Column column = Column.text(
                    String.format(Locale.ROOT, "k = %,d", findings.depths().get(i)));
            columns.add(i == 0 ? column : column.leaveOut(findings.depths().size() - i));
        }
        columns.add(Column.number("of all"));
        var table = new TextTable(columns);
        for (SourceFindings.OfCorpus source : findings.corpus()) {
            List<String> cells = new ArrayList<>();
            cells.add(source.source());
            findings.groups().stream()
                    .filter(one -> one.group().equals(group)
                            && one.tail() == tail
                            && one.source().equals(source.source()))
                    .forEach(one -> cells.add(Figures.interval("%.2f", one.ratio())));
            cells.add(String.format(Locale.ROOT, "%.2f %%", 100 * source.share()));
            table.add(cells);
        }
        return table;
    }

    @Override
    public SequencedMap<String, DataTable> tables() {
        DataTable corpus = DataTable.of("source", "documents:whole", "share:number");
        findings.corpus().forEach(one -> corpus.add(one.source(), one.documents(), one.share()));
        DataTable groups = DataTable.of(
                "kind", "family", "sign", "k:whole", "source", "ratio:number", "ratio_low:number", "ratio_high:number");
        findings.groups()
                .forEach(one -> groups.add(
                        one.group().kind(),
                        one.group().family(),
                        CoverageView.word(one.tail()),
                        one.depth(),
                        one.source(),
                        one.ratio().estimate(),
                        one.ratio().low(),
                        one.ratio().high()));
        SequencedMap<String, DataTable> tables = new LinkedHashMap<>();
        tables.put("corpus", corpus);
        tables.put("groups", groups);
        tables.put("queries", ofQueries());
        return tables;
    }

    private DataTable ofQueries() {
        DataTable ofQueries = DataTable.of(
                "query", "kind", "family", "sign", "k:whole", "source", "documents:number", "ratio:number");
        for (SourceFindings.OfQuery one : findings.queries()) {
            ScoredQuery query = queries.get(one.query());
            for (int k = 0; k < findings.depths().size(); k++) {
                double[] counts = one.counts()[k];
                double all = Arrays.stream(counts).sum();
                for (int s = 0; s < counts.length; s++) {
                    SourceFindings.OfCorpus source = findings.corpus().get(s);
                    ofQueries.add(
                            query.id(),
                            query.kind(),
                            query.family(),
                            CoverageView.word(one.tail()),
                            findings.depths().get(k),
                            source.source(),
                            counts[s],
                            counts[s] / all / source.share());
                }
            }
        }
        return ofQueries;
    }
}
