package dev.wellspring.cli.report;

import dev.wellspring.analysis.AnalysedDocument;
import dev.wellspring.analysis.TopFindings;
import dev.wellspring.cli.report.TextTable.Column;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.store.scores.DataTable;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// What stands out at the ends of all rankings.
///
/// @param queries in the order of the run
public record AcrossView(List<ScoredQuery> queries, TopFindings findings) implements FindingsView {
    private static final int SHOWN = 10;
    private static final Column DOCUMENT = Column.text("document").cutTo(16);
    private static final Column TEXT = Column.text("text").cutTo(20);

    @Override
    public void print(PrintStream out, int width) {
        frequent(out, width);
        out.println();
        duplicates(out, width);
        out.println();
        if (findings.tokenScores()) {
            concentrated(out, width);
        } else {
            TerminalText.paragraph(
                    out,
                    "Whether scores come from few tokens is not known: the run has no token scores (score"
                            + " --token-scores).",
                    width);
        }
    }

    private void frequent(PrintStream out, int width) {
        out.printf(
                Locale.ROOT,
                "%s among the first %d of several queries%s%n",
                Figures.count(findings.frequent().size(), "document stands", "documents stand"),
                findings.k(),
                colon(findings.frequent()));
        var table = new TextTable(
                Column.number("of " + Figures.count(queries.size(), "query", "queries")),
                Column.text("influence"),
                DOCUMENT,
                TEXT);
        findings.frequent().stream()
                .limit(SHOWN)
                .forEach(one -> table.add(
                        Integer.toString(one.queries().length),
                        CoverageView.word(one.tail()),
                        name(one.document()),
                        one.document().preview()));
        print(table, findings.frequent(), out, width);
    }

    private void duplicates(PrintStream out, int width) {
        out.printf(
                Locale.ROOT,
                "%s nearly the same beginning of the text%s%n",
                Figures.count(findings.duplicates().size(), "group of documents has", "groups of documents have"),
                colon(findings.duplicates()));
        var table = new TextTable(Column.number("documents"), Column.number("of queries"), DOCUMENT, TEXT);
        findings.duplicates().stream()
                .limit(SHOWN)
                .forEach(one -> table.add(
                        Integer.toString(one.documents().size()),
                        Integer.toString(one.queries().length),
                        name(one.documents().getFirst()),
                        one.documents().getFirst().preview()));
        print(table, findings.duplicates(), out, width);
    }

    private void concentrated(PrintStream out, int width) {
        out.printf(
                Locale.ROOT,
                "%s from few tokens (‖s‖₂ / ‖s‖₁ is above 2/3)%s%n",
                Figures.count(findings.concentrated().size(), "score comes", "scores come"),
                colon(findings.concentrated()));
        var table = new TextTable(
                Column.number("ratio"),
                Column.text("query").cutTo(16),
                Column.number("rank"),
                Column.text("influence"),
                DOCUMENT,
                TEXT);
        findings.concentrated().stream()
                .limit(SHOWN)
                .forEach(one -> table.add(
                        String.format(Locale.ROOT, "%.2f", one.concentration()),
                        queries.get(one.query()).id(),
                        Integer.toString(one.rank()),
                        CoverageView.word(one.tail()),
                        name(one.document()),
                        one.document().preview()));
        print(table, findings.concentrated(), out, width);
    }

    private static String colon(List<?> found) {
        return found.isEmpty() ? "." : ":";
    }

    /// Prints the first of what was found, and says how many more there are.
    private static void print(TextTable table, List<?> found, PrintStream out, int width) {
        if (!found.isEmpty()) {
            table.print(out, "  ", width);
        }
        if (found.size() > SHOWN) {
            out.printf(Locale.ROOT, "  and %,d more, which --format json has%n", found.size() - SHOWN);
        }
    }

    private static String name(AnalysedDocument document) {
        return document.part() == 0 ? document.document() : document.document() + "#" + document.part();
    }

    @Override
    public SequencedMap<String, DataTable> tables() {
        DataTable duplicates = DataTable.of("group:whole", "document", "part:whole", "source", "queries", "preview");
        for (int group = 0; group < findings.duplicates().size(); group++) {
            TopFindings.Duplicates one = findings.duplicates().get(group);
            for (AnalysedDocument document : one.documents()) {
                duplicates.add(
                        group + 1,
                        document.document(),
                        document.part(),
                        document.source(),
                        ids(one.queries()),
                        document.preview());
            }
        }
        DataTable concentrated = DataTable.of(
                "query",
                "sign",
                "rank:whole",
                "document",
                "part:whole",
                "source",
                "raw:number",
                "concentration:number",
                "preview");
        for (TopFindings.Concentrated one : findings.concentrated()) {
            concentrated.add(
                    queries.get(one.query()).id(),
                    CoverageView.word(one.tail()),
                    one.rank(),
                    one.document().document(),
                    one.document().part(),
                    one.document().source(),
                    one.raw(),
                    one.concentration(),
                    one.document().preview());
        }
        DataTable frequent =
                DataTable.of("document", "part:whole", "source", "sign", "queries:whole", "query_ids", "preview");
        for (TopFindings.Frequent one : findings.frequent()) {
            frequent.add(
                    one.document().document(),
                    one.document().part(),
                    one.document().source(),
                    CoverageView.word(one.tail()),
                    one.queries().length,
                    ids(one.queries()),
                    one.document().preview());
        }
        SequencedMap<String, DataTable> tables = new LinkedHashMap<>();
        tables.put("duplicates", duplicates);
        tables.put("concentrated", concentrated);
        tables.put("frequent", frequent);
        return tables;
    }

    private String ids(int[] numbers) {
        return Arrays.stream(numbers).mapToObj(q -> queries.get(q).id()).collect(Collectors.joining(" "));
    }
}
