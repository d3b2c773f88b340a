package dev.wellspring.cli.report;

import dev.wellspring.analysis.QueryGroup;
import dev.wellspring.analysis.SourceFindings;
import dev.wellspring.rank.Tail;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.store.scores.DataTable;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// Which sources stand at the ends of rankings.
///
/// @param queries in the order of the run
public record SourcesView(List<ScoredQuery> queries, SourceFindings findings) implements FindingsView {
    @Override
    public void print(PrintStream out) {
        out.println(
                "How much more often a source stands among the first k documents than among all of them: 1 is as often.");
        out.println(
                "Means over queries, with 95 % intervals over queries; the last column is its share of all documents.");
        for (Tail tail : Tail.values()) {
            for (QueryGroup group : groups()) {
                out.println();
                out.printf(
                        Locale.ROOT,
                        "the most %s for %s (%d)%n",
                        CoverageView.word(tail),
                        group.name(),
                        group.queries().length);
                print(tail, group, out);
            }
        }
    }

    private List<QueryGroup> groups() {
        return findings.groups().stream()
                .map(SourceFindings.OfGroup::group)
                .distinct()
                .toList();
    }

    private void print(Tail tail, QueryGroup group, PrintStream out) {
        String cell = "  %-22s";
        String heads = findings.depths().stream()
                .map(k -> String.format(Locale.ROOT, cell, String.format(Locale.ROOT, "k = %,d", k)))
                .collect(Collectors.joining());
        out.printf(Locale.ROOT, "  %-20s%s  %7s%n", "source", heads, "of all");
        for (SourceFindings.OfCorpus source : findings.corpus()) {
            String cells = findings.groups().stream()
                    .filter(one -> one.group().equals(group)
                            && one.tail() == tail
                            && one.source().equals(source.source()))
                    .map(one -> String.format(Locale.ROOT, cell, Figures.interval("%.2f", one.ratio())))
                    .collect(Collectors.joining());
            out.printf(Locale.ROOT, "  %-20s%s  %6.2f%%%n", source.source(), cells, 100 * source.share());
        }
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
