package dev.wellspring.cli.report;

import dev.wellspring.analysis.AnswerFindings;
import dev.wellspring.analysis.AnswerFindings.Sort;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.store.scores.DataTable;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/// Whether the documents at the top of rankings hold the answers.
///
/// @param queries in the order of the run
/// @param by what documents are ranked by: raw or normalised
public record AnswersView(List<ScoredQuery> queries, String by, AnswerFindings findings) implements FindingsView {
    @Override
    public void print(PrintStream out) {
        if (findings.groups().isEmpty()) {
            out.println("No query of the run has answers.");
            return;
        }
        out.printf(
                Locale.ROOT,
                "Whether the answer stands in a document among the first k of %,d by influence (%s), with 95 %% intervals"
                        + " over queries.%n",
                findings.documents(),
                by);
        out.println("Of steps: whether the results of all steps do, be it in different documents.");
        out.println(
                "By lot: the same for k documents drawn at random. Ratio: how many more documents hold it than drawn ones.");
        out.println();
        String row = "%-36s  %-7s  %9s  %7s  %-22s  %8s  %7s%n";
        out.printf(Locale.ROOT, row, "queries of", "what", "k", "queries", "queries with it", "by lot", "ratio");
        for (AnswerFindings.OfGroup one : findings.groups()) {
            out.printf(
                    Locale.ROOT,
                    row,
                    one.group().name(),
                    word(one.sort()),
                    String.format(Locale.ROOT, "%,d", one.depth()),
                    one.queries(),
                    Figures.interval("%.2f", one.any()),
                    String.format(Locale.ROOT, "%.3f", one.chance()),
                    Figures.number("%.2f", one.ratio()));
        }
    }

    private static String word(Sort sort) {
        return switch (sort) {
            case ANSWER -> "answer";
            case STEP -> "steps";
        };
    }

    @Override
    public SequencedMap<String, DataTable> tables() {
        DataTable groups = DataTable.of(
                "kind",
                "family",
                "what",
                "k:whole",
                "queries:whole",
                "found:number",
                "found_low:number",
                "found_high:number",
                "chance:number",
                "ratio:number");
        for (AnswerFindings.OfGroup one : findings.groups()) {
            groups.add(
                    one.group().kind(),
                    one.group().family(),
                    word(one.sort()),
                    one.depth(),
                    one.queries(),
                    one.any().estimate(),
                    one.any().low(),
                    one.any().high(),
                    one.chance(),
                    one.ratio());
        }
        DataTable needles = DataTable.of(
                "query",
                "kind",
                "family",
                "what",
                "step:whole",
                "texts",
                "documents:whole",
                "best_rank:whole",
                "k:whole",
                "found:whole",
                "expected:number",
                "chance:number");
        for (AnswerFindings.Needle one : findings.needles()) {
            ScoredQuery query = queries.get(one.query());
            for (int k = 0; k < findings.depths().size(); k++) {
                needles.add(
                        query.id(),
                        query.kind(),
                        query.family(),
                        word(one.sort()),
                        one.step(),
                        String.join(" | ", one.texts()),
                        one.holding(),
                        one.best() == 0 ? null : one.best(),
                        findings.depths().get(k),
                        one.found()[k],
                        one.expected()[k],
                        one.chance()[k]);
            }
        }
        SequencedMap<String, DataTable> tables = new LinkedHashMap<>();
        tables.put("groups", groups);
        tables.put("needles", needles);
        return tables;
    }
}
