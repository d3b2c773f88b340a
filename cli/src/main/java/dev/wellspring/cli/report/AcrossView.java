package dev.wellspring.cli.report;

import dev.wellspring.analysis.AnalysedDocument;
import dev.wellspring.analysis.TopFindings;
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
/// @param width columns of the terminal
public record AcrossView(List<ScoredQuery> queries, TopFindings findings, int width) implements FindingsView {
    private static final int SHOWN = 10;

    @Override
    public void print(PrintStream out) {
        out.printf(
                Locale.ROOT,
                "%,d documents stand among the first %d of several queries:%n",
                findings.frequent().size(),
                findings.k());
        findings.frequent().stream()
                .limit(SHOWN)
                .forEach(one -> line(
                        out,
                        String.format(
                                Locale.ROOT,
                                "  %4d of %d queries, %s: ",
                                one.queries().length,
                                queries.size(),
                                CoverageView.word(one.tail())),
                        one.document()));
        out.println();
        out.printf(
                Locale.ROOT,
                "%,d groups of nearly the same beginning of the text:%n",
                findings.duplicates().size());
        findings.duplicates().stream()
                .limit(SHOWN)
                .forEach(one -> line(
                        out,
                        String.format(
                                Locale.ROOT,
                                "  %4d documents, of %d queries: ",
                                one.documents().size(),
                                one.queries().length),
                        one.documents().getFirst()));
        out.println();
        if (findings.tokenScores()) {
            out.printf(
                    Locale.ROOT,
                    "%,d scores come from few tokens (their ‖s‖₂ / ‖s‖₁ is above 2/3):%n",
                    findings.concentrated().size());
            findings.concentrated().stream()
                    .limit(SHOWN)
                    .forEach(one -> line(
                            out,
                            String.format(
                                    Locale.ROOT,
                                    "  %.2f, %s, rank %d of the most %s: ",
                                    one.concentration(),
                                    queries.get(one.query()).id(),
                                    one.rank(),
                                    CoverageView.word(one.tail())),
                            one.document()));
        } else {
            out.println(
                    "Whether scores come from few tokens is not known: the run has no token scores (score --token-scores).");
        }
    }

    private void line(PrintStream out, String head, AnalysedDocument document) {
        out.println(TerminalText.cut(head + name(document) + "  " + document.preview(), width));
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
