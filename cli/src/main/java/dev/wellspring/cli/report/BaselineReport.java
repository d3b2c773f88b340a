package dev.wellspring.cli.report;

import dev.wellspring.analysis.Baseline;
import dev.wellspring.analysis.BaselineWarning;
import dev.wellspring.analysis.Resemblance;
import dev.wellspring.rank.Normalisation;
import dev.wellspring.run.score.ScoredQuery;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// How much of the influence rankings of a run baselines would have shown as well.
///
/// @param by which influence scores
/// @param documents of the run
/// @param sampled over how many of them ranks are correlated
/// @param queries in the order of the run
public record BaselineReport(Normalisation by, long documents, int sampled, List<OfQuery> queries) {
    /// @param query what was asked
    /// @param shuffled the id of the query that [Baseline#SHUFFLED] is of, empty where there is none
    /// @param baselines what each shows
    public record OfQuery(ScoredQuery query, String shuffled, SortedMap<Baseline, Resemblance> baselines) {}

    /// What two rankings that know nothing of one another share of their first k documents.
    double chance(int k) {
        double first = Math.min(k, documents);
        return documents == 0 ? 0 : first * first / documents;
    }

    /// The queries of each kind, in the order in which kinds appear.
    SequencedMap<String, List<OfQuery>> byKind() {
        return queries.stream()
                .collect(Collectors.groupingBy(
                        one -> one.query().kind(), LinkedHashMap::new, Collectors.toUnmodifiableList()));
    }

    /// The means over some queries.
    static SortedMap<Baseline, Resemblance> means(List<OfQuery> queries) {
        SortedMap<Baseline, Resemblance> means = new TreeMap<>();
        for (Baseline baseline : queries.getFirst().baselines().keySet()) {
            means.put(
                    baseline,
                    Resemblance.mean(queries.stream()
                            .map(one -> one.baselines().get(baseline))
                            .toList()));
        }
        return means;
    }

    /// The queries whose ranking a baseline explains, by the rule of [BaselineWarning].
    public List<BaselineWarning> explained() {
        List<BaselineWarning> explained = new ArrayList<>();
        for (int q = 0; q < queries.size(); q++) {
            int query = q;
            queries.get(q).baselines().forEach((baseline, seen) -> {
                if (BaselineWarning.applies(seen, documents)) {
                    explained.add(new BaselineWarning(query, baseline, seen));
                }
            });
        }
        return List.copyOf(explained);
    }

    /// A line for each kind and baseline that explains rankings of it.
    public List<String> explanations() {
        Map<String, SortedMap<Baseline, Integer>> counts = new LinkedHashMap<>();
        for (BaselineWarning one : explained()) {
            counts.computeIfAbsent(queries.get(one.query()).query().kind(), _ -> new TreeMap<>())
                    .merge(one.baseline(), 1, Integer::sum);
        }
        List<String> lines = new ArrayList<>();
        counts.forEach((kind, baselines) -> baselines.forEach((baseline, count) -> lines.add(String.format(
                Locale.ROOT,
                "%s explains the ranking of %d of %d %s queries: their ranks correlate by at least %.1f, or they share at"
                        + " least %.0f of the first 100",
                baseline.word(),
                count,
                byKind().getOrDefault(kind, List.of()).size(),
                kind,
                BaselineWarning.SPEARMAN,
                BaselineWarning.SHARED))));
        return lines;
    }

    /// What a reader should not overlook: baselines that show at least half of the first ten, and more than chance.
    public List<String> warnings() {
        return byKind().entrySet().stream()
                .flatMap(kind -> means(kind.getValue()).entrySet().stream()
                        .filter(mean ->
                                mean.getValue().top10() >= 5 && mean.getValue().top10() > 2 * chance(10))
                        .map(mean -> warning(kind.getKey(), mean)))
                .toList();
    }

    private static String warning(String kind, Map.Entry<Baseline, Resemblance> mean) {
        String shown = String.format(
                Locale.ROOT,
                "%s: %.1f of the first 10 documents are also first by %s",
                kind,
                mean.getValue().top10(),
                mean.getKey().word());
        return shown
                + switch (mean.getKey()) {
                    case BM25 -> ": a search for the query's words finds most of what influence finds";
                    case LENGTH, GRADIENT_NORM -> ", whatever is asked: look at --by normalised";
                    case SHUFFLED -> ", for another query: they say little about this one";
                };
    }
}
