package dev.wellspring.analysis;

import dev.wellspring.rank.Tail;
import dev.wellspring.validation.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The sources of documents, as they are met; a byte for each document.
final class Sources {
    private static final int MOST = 64;

    private final Map<String, Integer> numbers = new LinkedHashMap<>();
    private final byte[] ofDocument;
    private final long[] documents = new long[MOST];

    Sources(int documents) {
        ofDocument = new byte[documents];
    }

    /// Takes the next document; returns the number of its source.
    int add(int document, @Nullable String source) {
        String name = source == null ? SourceFindings.NONE : source;
        Integer known = numbers.get(name);
        if (known == null) {
            if (numbers.size() >= MOST - 1) {
                name = SourceFindings.OTHER;
            }
            known = numbers.computeIfAbsent(name, _ -> numbers.size());
        }
        ofDocument[document] = known.byteValue();
        documents[known]++;
        return known;
    }

    /// How many sources were met.
    int count() {
        return numbers.size();
    }

    /// @param total how many documents passed by
    SourceFindings findings(List<QueryScores> queries, List<QueryGroup> groups, int total) {
        List<String> names = List.copyOf(numbers.keySet());
        int[] order = IntStream.range(0, names.size())
                .boxed()
                .sorted(Comparator.comparing((Integer s) -> -documents[s]).thenComparing(names::get))
                .mapToInt(Integer::intValue)
                .toArray();
        List<SourceFindings.OfCorpus> corpus = Arrays.stream(order)
                .mapToObj(s -> new SourceFindings.OfCorpus(names.get(s), documents[s], (double) documents[s] / total))
                .toList();
        List<Long> depths = Depths.of(total);
        List<SourceFindings.OfQuery> counts = new ArrayList<>();
        for (int q = 0; q < queries.size(); q++) {
            for (Tail tail : Tail.values()) {
                QueryScores scores = queries.get(q);
                double[][] ofDepths = depths.stream()
                        .map(k -> reordered(scores.sources(tail, k, names.size(), ofDocument), order))
                        .toArray(double[][]::new);
                counts.add(new SourceFindings.OfQuery(q, tail, ofDepths));
            }
        }
        return new SourceFindings(corpus, depths, List.copyOf(counts), means(corpus, depths, counts, groups));
    }

    private static double[] reordered(double[] values, int[] order) {
        return Arrays.stream(order).mapToDouble(s -> values[s]).toArray();
    }

    private static List<SourceFindings.OfGroup> means(
            List<SourceFindings.OfCorpus> corpus,
            List<Long> depths,
            List<SourceFindings.OfQuery> counts,
            List<QueryGroup> groups) {
        List<SourceFindings.OfGroup> means = new ArrayList<>();
        for (QueryGroup group : groups) {
            for (Tail tail : Tail.values()) {
                for (int k = 0; k < depths.size(); k++) {
                    for (int s = 0; s < corpus.size(); s++) {
                        int depth = k;
                        int source = s;
                        Interval mean = group.mean(q -> ratio(
                                counts.get(2 * q + (tail == Tail.TOP ? 0 : 1)).counts()[depth],
                                source,
                                corpus.get(source).share()));
                        means.add(new SourceFindings.OfGroup(
                                group, tail, depths.get(k), corpus.get(s).source(), mean));
                    }
                }
            }
        }
        return List.copyOf(means);
    }

    private static double ratio(double[] counts, int source, double share) {
        return counts[source] / Arrays.stream(counts).sum() / share;
    }
}
