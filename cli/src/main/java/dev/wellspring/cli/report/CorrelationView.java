package dev.wellspring.cli.report;

import dev.wellspring.analysis.Coefficient;
import dev.wellspring.analysis.CorrelationBlock;
import dev.wellspring.analysis.CorrelationFindings;
import dev.wellspring.cli.report.TextTable.Column;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.store.scores.DataTable;
import dev.wellspring.validation.Interval;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/// Which queries the same documents influence.
///
/// @param queries in the order of the run
public record CorrelationView(List<ScoredQuery> queries, CorrelationFindings findings) implements FindingsView {
    private static final int EXAMPLES = 5;

    private record Pair(int one, int other, double value) {}

    @Override
    public void print(PrintStream out, int width) {
        TerminalText.paragraph(
                out,
                String.format(
                        Locale.ROOT,
                        "How alike two queries are in what influences them: the correlation of their scores of %,d documents.",
                        findings.documents()),
                width);
        TerminalText.paragraph(out, "Means over pairs of queries, with 95 % intervals over queries.", width);
        if (findings.sampled() < findings.documents()) {
            TerminalText.paragraph(
                    out,
                    String.format(
                            Locale.ROOT,
                            "Ranks are correlated over %,d documents drawn at random.",
                            findings.sampled()),
                    width);
        }
        out.println();
        var table = new TextTable(
                Column.text("two queries of"),
                Column.text("").cutTo(16),
                Column.number("pairs").leaveOut(2),
                Column.text("scores"),
                Column.text("÷ gradient norm").leaveOut(1),
                Column.text("ranks").leaveOut(3));
        for (CorrelationBlock block : blocks(Coefficient.PEARSON)) {
            table.add(
                    block.relation().words(),
                    name(block),
                    String.format(Locale.ROOT, "%,d", block.pairs()),
                    Figures.interval("%.3f", block.mean()),
                    Figures.interval("%.3f", same(block, Coefficient.PEARSON_NORMALISED)),
                    Figures.interval("%.3f", same(block, Coefficient.SPEARMAN)));
        }
        List<String> leftOut = table.print(out, "", width);
        List<Pair> pairs = pairs();
        if (!pairs.isEmpty()) {
            out.println();
            out.println("The pairs that are most alike:");
            pairs.stream()
                    .limit(EXAMPLES)
                    .forEach(pair -> TerminalText.line(
                            out,
                            String.format(Locale.ROOT, "  %6.3f  ", pair.value()),
                            queries.get(pair.one()).id() + " and "
                                    + queries.get(pair.other()).id(),
                            width));
        }
        TextTable.sayLeftOut(out, leftOut, width);
    }

    private List<CorrelationBlock> blocks(Coefficient which) {
        return findings.blocks().getOrDefault(which, List.of());
    }

    private static String name(CorrelationBlock block) {
        if (!block.kind().equals(block.other())) {
            return block.kind() + " and " + block.other();
        }
        return block.family().isEmpty() ? block.kind() : block.kind() + ", " + block.family();
    }

    /// The mean of the same pairs by another coefficient.
    private Interval same(CorrelationBlock block, Coefficient which) {
        return blocks(which).stream()
                .filter(other ->
                        other.relation() == block.relation() && name(other).equals(name(block)))
                .map(CorrelationBlock::mean)
                .findFirst()
                .orElse(new Interval(Double.NaN, Double.NaN, Double.NaN));
    }

    private List<Pair> pairs() {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) {
            for (int j = i + 1; j < queries.size(); j++) {
                double value = findings.matrix(Coefficient.PEARSON).at(i, j);
                if (!Double.isNaN(value)) {
                    pairs.add(new Pair(i, j, value));
                }
            }
        }
        pairs.sort(Comparator.comparingDouble(pair -> -pair.value()));
        return pairs;
    }

    @Override
    public SequencedMap<String, DataTable> tables() {
        DataTable blocks = DataTable.of(
                "coefficient",
                "relation",
                "kind",
                "family",
                "other_kind",
                "pairs:whole",
                "mean:number",
                "low:number",
                "high:number",
                "smallest:number",
                "median:number",
                "largest:number");
        findings.blocks()
                .forEach((which, some) -> some.forEach(block -> blocks.add(
                        which.word(),
                        block.relation().words(),
                        block.kind(),
                        block.family(),
                        block.other(),
                        block.pairs(),
                        block.mean().estimate(),
                        block.mean().low(),
                        block.mean().high(),
                        block.spread().smallest(),
                        block.spread().median(),
                        block.spread().largest())));
        DataTable pairs = DataTable.of(
                "query",
                "other",
                "kind",
                "other_kind",
                "family",
                "other_family",
                "pearson:number",
                "pearson_normalised:number",
                "spearman:number",
                "spearman_normalised:number");
        for (int i = 0; i < queries.size(); i++) {
            for (int j = i + 1; j < queries.size(); j++) {
                ScoredQuery one = queries.get(i);
                ScoredQuery other = queries.get(j);
                pairs.add(
                        one.id(),
                        other.id(),
                        one.kind(),
                        other.kind(),
                        one.family(),
                        other.family(),
                        findings.matrix(Coefficient.PEARSON).at(i, j),
                        findings.matrix(Coefficient.PEARSON_NORMALISED).at(i, j),
                        findings.matrix(Coefficient.SPEARMAN).at(i, j),
                        findings.matrix(Coefficient.SPEARMAN_NORMALISED).at(i, j));
            }
        }
        SequencedMap<String, DataTable> tables = new LinkedHashMap<>();
        tables.put("blocks", blocks);
        tables.put("pairs", pairs);
        return tables;
    }
}
