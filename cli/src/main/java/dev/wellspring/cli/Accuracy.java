package dev.wellspring.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.wellspring.rank.Agreement;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.run.search.SampledDocument;
import dev.wellspring.store.scores.ScoreFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How close the scores of a search come to exact ones: on documents drawn at random, and at the top of each ranking.
///
/// @param rescored how many documents at either end of a ranking were scored exactly
/// @param queries one for each query, in order
record Accuracy(int rescored, List<OfQuery> queries) {
    /// The name of the file in a search's folder.
    static final String FILE = "accuracy.json";

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /// @param query its id
    /// @param sample on the documents drawn at random
    /// @param changed how many of the exact first `rescored` candidates were not among the approximate first ones
    record OfQuery(String query, Agreement sample, int changed) {}

    /// Compares two folders of scores on the documents that both hold.
    static Accuracy of(
            List<ScoredQuery> queries,
            ScoreFolder approximate,
            ScoreFolder exact,
            Set<SampledDocument> sample,
            int rescored) {
        Map<SampledDocument, double[]> exactly = scores(exact, queries.size(), null);
        Map<SampledDocument, double[]> nearly = scores(approximate, queries.size(), exactly.keySet());
        List<SampledDocument> both = exactly.keySet().stream()
                .filter(nearly::containsKey)
                .sorted(SampledDocument.ORDER)
                .toList();
        List<SampledDocument> drawn = both.stream().filter(sample::contains).toList();
        List<OfQuery> ofQueries = new ArrayList<>();
        for (int q = 0; q < queries.size(); q++) {
            ofQueries.add(new OfQuery(
                    queries.get(q).id(),
                    Agreement.of(column(drawn, nearly, q), column(drawn, exactly, q)),
                    Agreement.changed(column(both, nearly, q), column(both, exactly, q), rescored)));
        }
        return new Accuracy(rescored, List.copyOf(ofQueries));
    }

    /// The documents that a search has drawn at random.
    static Set<SampledDocument> sample(Manifest search) {
        Set<SampledDocument> sample = new HashSet<>();
        if (search.results().get("sample") instanceof List<?> entries) {
            for (Object entry : entries) {
                if (entry instanceof Map<?, ?> fields && fields.get("part") instanceof Number part) {
                    sample.add(new SampledDocument(String.valueOf(fields.get("document")), part.intValue()));
                }
            }
        }
        return sample;
    }

    /// What an earlier search found out, or null.
    static @Nullable Accuracy read(Path search) {
        Path file = search.resolve(FILE);
        if (!Files.exists(file)) {
            return null;
        }
        try {
            return JSON.readValue(file.toFile(), Accuracy.class);
        } catch (IOException broken) {
            throw new RunRefusedException(
                    file + ": not a comparison of scores (" + broken.getMessage() + "); delete it and search again",
                    broken);
        }
    }

    /// Writes the file, whole or not at all.
    void write(Path search) {
        try {
            WholeFile.write(search.resolve(FILE), JSON.writeValueAsBytes(this));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(FILE + ": " + impossible.getOriginalMessage(), impossible);
        }
    }

    /// The same for people.
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        int documents = queries.isEmpty() ? 0 : queries.getFirst().sample().documents();
        if (documents > 1) {
            double[] pearson = sorted(
                    queries.stream().mapToDouble(one -> one.sample().pearson()).toArray());
            double[] spearman = sorted(
                    queries.stream().mapToDouble(one -> one.sample().spearman()).toArray());
            double[] recall = sorted(
                    queries.stream().mapToDouble(one -> one.sample().recall()).toArray());
            lines.add(String.format(
                    Locale.ROOT,
                    "on %d random documents the store's scores correlate with exact ones by %.3f (median query; lowest"
                            + " %.3f), their ranks by %.3f (%.3f); of the top tenth it finds %.0f %% (%.0f %%)",
                    documents,
                    median(pearson),
                    pearson[0],
                    median(spearman),
                    spearman[0],
                    100 * median(recall),
                    100 * recall[0]));
        }
        if (rescored > 0) {
            double changed =
                    queries.stream().mapToInt(OfQuery::changed).average().orElse(0);
            lines.add(String.format(
                    Locale.ROOT,
                    "scored exactly, %.1f of a query's top %d among the candidates change, on average",
                    changed,
                    rescored));
        }
        return lines;
    }

    private static double[] sorted(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static double[] column(List<SampledDocument> documents, Map<SampledDocument, double[]> scores, int query) {
        return documents.stream()
                .mapToDouble(document -> scores.getOrDefault(document, new double[query + 1])[query])
                .toArray();
    }

    /// @param only these documents, or null for all
    private static Map<SampledDocument, double[]> scores(
            ScoreFolder folder, int queries, @Nullable Set<SampledDocument> only) {
        Map<SampledDocument, double[]> scores = new HashMap<>();
        folder.forEachBatch(batch -> {
            for (int row = 0; row < batch.rowCount(); row++) {
                var document = new SampledDocument(batch.document(row), batch.part(row));
                if (only == null || only.contains(document)) {
                    double[] own = new double[queries];
                    for (int q = 0; q < queries; q++) {
                        own[q] = batch.score(q, row);
                    }
                    scores.put(document, own);
                }
            }
        });
        return scores;
    }
}
