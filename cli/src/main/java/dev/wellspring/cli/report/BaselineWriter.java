package dev.wellspring.cli.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.wellspring.analysis.Baseline;
import dev.wellspring.analysis.Resemblance;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;

/// Shows how much baselines have in common with influence.
public final class BaselineWriter {
    private BaselineWriter() {}

    /// For people: means over the queries of a kind, and what stands out.
    public static void table(BaselineReport report, PrintStream out) {
        out.printf(
                Locale.ROOT,
                "What influence (%s) and a baseline both rank first, of %,d documents; mean over the queries of a kind.%n",
                report.by().name().toLowerCase(Locale.ROOT),
                report.documents());
        out.printf(Locale.ROOT, "By chance: %.2g of 10, %.2g of 100.%n", report.chance(10), report.chance(100));
        if (report.sampled() < report.documents()) {
            out.printf(Locale.ROOT, "Ranks are correlated over %,d documents drawn at random.%n", report.sampled());
        }
        out.println();
        String row = "%-10s  %7s  %-13s  %6s  %7s  %16s%n";
        out.printf(Locale.ROOT, row, "kind", "queries", "baseline", "top 10", "top 100", "rank correlation");
        report.byKind().forEach((kind, queries) -> {
            String first = kind;
            String count = Integer.toString(queries.size());
            for (var mean : BaselineReport.means(queries).entrySet()) {
                Resemblance seen = mean.getValue();
                out.printf(
                        Locale.ROOT,
                        row,
                        first,
                        count,
                        mean.getKey().word(),
                        number("%.1f", seen.top10()),
                        number("%.1f", seen.top100()),
                        number("%.3f", seen.spearman()));
                first = "";
                count = "";
            }
        });
        List<String> lines = Stream.concat(report.warnings().stream(), report.explanations().stream())
                .toList();
        if (!lines.isEmpty()) {
            out.println();
            lines.forEach(out::println);
        }
    }

    /// For spreadsheets: a line for each query and baseline.
    public static void csv(BaselineReport report, PrintStream out) {
        try {
            var csv = de.siegmar.fastcsv.writer.CsvWriter.builder()
                    .lineDelimiter(LineDelimiter.LF)
                    .build(out, StandardCharsets.UTF_8);
            csv.writeRecord("query", "kind", "family", "baseline", "top10", "top100", "spearman");
            for (BaselineReport.OfQuery one : report.queries()) {
                one.baselines()
                        .forEach((baseline, seen) -> csv.writeRecord(
                                one.query().id(),
                                one.query().kind(),
                                one.query().family(),
                                baseline.word(),
                                Double.toString(seen.top10()),
                                Double.toString(seen.top100()),
                                Double.toString(seen.spearman())));
            }
            csv.flush();
        } catch (IOException failure) {
            throw new UncheckedIOException("csv: " + failure.getMessage(), failure);
        }
    }

    /// For programs: every query, and the means of every kind. What is no number is left out.
    public static void json(BaselineReport report, PrintStream out) {
        var json = new ObjectMapper();
        ObjectNode all = json.createObjectNode();
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
        try {
            out.println(json.writerWithDefaultPrettyPrinter().writeValueAsString(all));
        } catch (IOException failure) {
            throw new UncheckedIOException("json: " + failure.getMessage(), failure);
        }
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

    private static String number(String format, double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }
}
