package dev.wellspring.cli.report;

import dev.wellspring.analysis.AnswerFindings;
import dev.wellspring.analysis.AnswerFindings.Sort;
import dev.wellspring.cli.report.TextTable.Column;
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
    public void print(PrintStream out, int width) {
        if (findings.groups().isEmpty()) {
            out.println("No query of the run has answers.");
            return;
        }
        TerminalText.paragraph(
                out,
                String.format(
                        Locale.ROOT,
                        "Whether the answer stands in a document among the first k of %,d by influence (%s), with 95 %%"
                                + " intervals over queries.",
                        findings.documents(),
                        by),
                width);
        TerminalText.paragraph(
                out, "Of steps: whether the results of all steps do, be it in different documents.", width);
        TerminalText.paragraph(
                out,
                "By lot: the same for k documents drawn at random. Ratio: how many more documents hold it than drawn ones.",
                width);
        out.println();
        var table = new TextTable(
                Column.text("queries of").cutTo(16),
                Column.text("what"),
                Column.number("k"),
                Column.number("queries").leaveOut(1),
                Column.text("queries with it"),
                Column.number("by lot"),
                Column.number("ratio").leaveOut(2));
        for (AnswerFindings.OfGroup one : findings.groups()) {
            table.add(
                    one.group().name(),
                    word(one.sort()),
                    String.format(Locale.ROOT, "%,d", one.depth()),
                    Integer.toString(one.queries()),
                    Figures.interval("%.2f", one.any()),
                    Figures.number("%.3f", one.chance()),
                    Figures.number("%.2f", one.ratio()));
        }
        TextTable.sayLeftOut(out, table.print(out, "", width), width);
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
