package dev.wellspring.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wellspring.analysis.Baseline;
import dev.wellspring.analysis.Resemblance;
import dev.wellspring.cli.report.TextTable.Column;
import dev.wellspring.store.scores.DataTable;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.stream.Stream;

/// How much baselines have in common with influence, in every form.
public record BaselineView(BaselineReport report) implements FindingsView {
    /// Means over the queries of a kind, and what stands out.
    @Override
    public void print(PrintStream out, int width) {
        TerminalText.paragraph(
                out,
                String.format(
                        Locale.ROOT,
                        "What influence (%s) and a baseline both rank first, of %,d documents; mean over the queries of a"
                                + " kind.",
                        report.by().name().toLowerCase(Locale.ROOT),
                        report.documents()),
                width);
        TerminalText.paragraph(
                out,
                String.format(
                        Locale.ROOT, "By chance: %.2g of 10, %.2g of 100.", report.chance(10), report.chance(100)),
                width);
        if (report.sampled() < report.documents()) {
            TerminalText.paragraph(
                    out,
                    String.format(
                            Locale.ROOT, "Ranks are correlated over %,d documents drawn at random.", report.sampled()),
                    width);
        }
        out.println();
        var table = new TextTable(
                Column.text("kind").cutTo(9),
                Column.number("queries").leaveOut(1),
                Column.text("baseline"),
                Column.number("top 10"),
                Column.number("top 100"),
                Column.number("rank correlation"));
        report.byKind().forEach((kind, queries) -> {
            String first = kind;
            String count = Integer.toString(queries.size());
            for (var mean : BaselineReport.means(queries).entrySet()) {
                Resemblance seen = mean.getValue();
                table.add(
                        first,
                        count,
                        mean.getKey().word(),
                        Figures.number("%.1f", seen.top10()),
                        Figures.number("%.1f", seen.top100()),
                        Figures.number("%.3f", seen.spearman()));
                first = "";
                count = "";
            }
        });
        List<String> leftOut = table.print(out, "", width);
        List<String> lines = Stream.concat(report.warnings().stream(), report.explanations().stream())
                .toList();
        if (!lines.isEmpty()) {
            out.println();
            lines.forEach(line -> TerminalText.paragraph(out, line, width));
        }
        TextTable.sayLeftOut(out, leftOut, width);
    }

    /// A row for each query and baseline.
    @Override
    public SequencedMap<String, DataTable> tables() {
        DataTable table =
                DataTable.of("query", "kind", "family", "baseline", "top10:number", "top100:number", "spearman:number");
        for (BaselineReport.OfQuery one : report.queries()) {
            one.baselines()
                    .forEach((baseline, seen) -> table.add(
                            one.query().id(),
                            one.query().kind(),
                            one.query().family(),
                            baseline.word(),
                            seen.top10(),
                            seen.top100(),
                            seen.spearman()));
        }
        SequencedMap<String, DataTable> tables = new LinkedHashMap<>();
        tables.put("baselines", table);
        return tables;
    }

    /// Every query, and the means of every kind. What is no number is left out.
    @Override
    public void json(PrintStream out) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        all.put("by", report.by().name().toLowerCase(Locale.ROOT));
        all.put("documents", report.documents());
        all.put("correlated_documents", report.sampled());
        all.putObject("chance").put("top10", report.chance(10)).put("top100", report.chance(100));
        ArrayNode kinds = all.putArray("kinds");
        report.byKind().forEach((kind, queries) -> {
            ObjectNode node = kinds.addObject().put("kind", kind).put("queries", queries.size());
            describe(BaselineReport.means(queries), node.putArray("baselines"));
        });
        ArrayNode ofQueries = all.putArray("queries");
        for (BaselineReport.OfQuery one : report.queries()) {
            ObjectNode node = ofQueries.addObject();
            node.put("query", one.query().id());
            node.put("kind", one.query().kind());
            node.put("family", one.query().family());
            if (!one.shuffled().isEmpty()) {
                node.put("shuffled", one.shuffled());
            }
            describe(one.baselines(), node.putArray("baselines"));
        }
        FindingsWriter.json(all, out);
    }

    private static void describe(SortedMap<Baseline, Resemblance> baselines, ArrayNode nodes) {
        for (Map.Entry<Baseline, Resemblance> entry : baselines.entrySet()) {
            ObjectNode node = nodes.addObject().put("baseline", entry.getKey().word());
            node.put("top10", entry.getValue().top10());
            node.put("top100", entry.getValue().top100());
            if (!Double.isNaN(entry.getValue().spearman())) {
                node.put("spearman", entry.getValue().spearman());
            }
        }
    }
}
