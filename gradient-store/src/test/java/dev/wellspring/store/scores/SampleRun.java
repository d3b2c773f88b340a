package dev.wellspring.store.scores;

import dev.wellspring.influence.ScoredDocument;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Scored documents out of a seed, with the awkward strings that corpora hold.
final class SampleRun {
    private static final List<String> IDS =
            List.of("plain", "with,comma", "with \"quotes\"", "two\nlines", "Ünïcode 東京 🙂", "", " spaces ", "tab\t");

    private SampleRun() {}

    static ScoreLayout layout(DType dtype, int queries) {
        return new ScoreLayout(queries(queries), dtype, "sha256:0123abcd");
    }

    static List<String> queries(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> i == 0 ? "q, \"0\" ü" : "q" + i)
                .toList();
    }

    /// Every third has no source, every fifth is the second part of the document before it. All scores are numbers
    /// that float32 holds exactly.
    static List<ScoredDocument> documents(int count, int queries, long seed) {
        Random random = new Random(seed);
        List<ScoredDocument> documents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int part = i % 5 == 4 ? 1 : 0;
            documents.add(new ScoredDocument(
                    IDS.get((i - part) % IDS.size()) + (i - part),
                    part,
                    i % 3 == 0 ? null : "source " + i % 7,
                    2 + random.nextInt(5),
                    random.nextDouble() * 100,
                    random.nextDouble(),
                    "preview of " + IDS.get(i % IDS.size()),
                    "{\"n\":" + i + "}",
                    random.doubles(queries).map(d -> (float) d - 0.5f).toArray()));
        }
        return documents;
    }

    static void write(Path directory, int shard, ScoreLayout layout, List<ScoredDocument> documents) {
        try (ScoreShardWriter writer = new ScoreShardWriter(directory, shard, layout)) {
            documents.forEach(writer::write);
            writer.commit();
        }
    }

    /// Adds BM25 scores of a formula to the shards of a run.
    static void addBm25(Path directory, int queries) {
        try (Bm25Files files = new Bm25Files(directory)) {
            for (int shard = 0; shard < files.shards(); shard++) {
                files.write(shard, (from, documents) -> {
                    double[][] scores = new double[queries][documents];
                    for (int query = 0; query < scores.length; query++) {
                        int q = query;
                        Arrays.setAll(scores[q], d -> bm25(q, from + d));
                    }
                    return scores;
                });
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Zero for every third.
    static double bm25(int query, int document) {
        return document % 3 == 0 ? 0 : (document * (query + 7L) % 101) / 7.0;
    }

    static List<ScoredDocument> read(ScoreShardReader reader) {
        List<ScoredDocument> documents = new ArrayList<>();
        for (int i = 0; i < reader.batchCount(); i++) {
            ScoreBatch batch = reader.batch(i);
            for (int row = 0; row < batch.rowCount(); row++) {
                documents.add(batch.read(row));
            }
        }
        return documents;
    }

    /// Everything in a document, as something that can be compared.
    static List<List<@Nullable Object>> values(List<ScoredDocument> documents) {
        return documents.stream()
                .map(d -> Arrays.<@Nullable Object>asList(
                        d.document(),
                        d.part(),
                        d.source(),
                        d.tokens(),
                        d.loss(),
                        d.gradientNorm(),
                        d.preview(),
                        d.extras(),
                        Arrays.toString(d.scores())))
                .toList();
    }
}
