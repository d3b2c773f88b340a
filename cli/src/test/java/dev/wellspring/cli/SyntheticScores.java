package dev.wellspring.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wellspring.influence.ScoredDocument;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.store.scores.ScoreLayout;
import dev.wellspring.store.scores.ScoreShardWriter;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Scores of as many documents as anybody wants, made by program and written as `score` writes them. Queries of
/// one task have something in common, scores have heavy tails, and reasoning likes code.
///
/// The scores of a document are the same in every run of as many queries.
final class SyntheticScores {
    private static final int SHARD = 1 << 16;
    private static final List<String> SOURCES =
            List.of("web", "web", "web", "web", "web", "code", "code", "wiki", "arxiv", "math");
    private static final List<String> TASKS = List.of(
            "factual capital", "factual author", "reasoning slope", "reasoning sum", "control slope", "control sum");

    private SyntheticScores() {}

    static List<ScoredQuery> queries(int count) {
        return IntStream.range(0, count)
                .mapToObj(q -> {
                    String[] task = TASKS.get(q * TASKS.size() / count).split(" ", -1);
                    ObjectNode extras = JsonNodeFactory.instance.objectNode();
                    return new ScoredQuery(
                            String.format(Locale.ROOT, "%s-%s-%02d", task[0], task[1], q),
                            task[0],
                            task[1],
                            "what a program asks",
                            " what it answers",
                            4,
                            1 + q % 7,
                            0,
                            extras);
                })
                .toList();
    }

    /// Writes a run's scores, its queries and the manifest of a finished run.
    ///
    /// @return the files of the scores
    static List<Path> write(Path run, int documents, int queries) throws IOException {
        List<ScoredQuery> asked = queries(queries);
        Files.write(run.resolve(ScoredQuery.FILE), ScoredQuery.toBytes(asked));
        ScoreLayout layout = new ScoreLayout(asked.stream().map(ScoredQuery::id).toList(), DType.FLOAT32, "synthetic");
        new ObjectMapper()
                .writeValue(
                        run.resolve(Manifest.FILE).toFile(),
                        Manifest.of("scores", "synthetic", Map.of(), Map.of()).completed());
        List<Path> files = new ArrayList<>();
        for (int from = 0; from < documents; from += SHARD) {
            try (var writer = new ScoreShardWriter(run, from / SHARD, layout)) {
                for (int d = from; d < Math.min(documents, from + SHARD); d++) {
                    writer.write(document(d, queries));
                }
                writer.commit();
            }
            files.add(run.resolve(String.format(Locale.ROOT, "scores-%05d.arrow", from / SHARD)));
        }
        return files;
    }

    private static ScoredDocument document(int number, int queries) {
        var random = new SplittableRandom(number);
        String source = SOURCES.get(random.nextInt(SOURCES.size()));
        double norm = 0.5 + random.nextDouble();
        double[] scores = scores(random, queries, source, norm);
        return new ScoredDocument(
                String.format(Locale.ROOT, "d%07d", number),
                0,
                source,
                2 + random.nextInt(511),
                300,
                norm,
                "document number " + number + " that a program made up, of " + source
                        + ", for measuring and nothing else",
                "{}",
                scores);
    }

    private static double[] scores(SplittableRandom random, int queries, String source, double norm) {
        double[] ofTask = random.doubles(TASKS.size(), -1, 1).toArray();
        double[] scores = new double[queries];
        for (int q = 0; q < queries; q++) {
            int task = q * TASKS.size() / queries;
            double x = 0.6 * ofTask[task] + 0.5 * (random.nextDouble() - 0.5) + 0.3 * (random.nextDouble() - 0.5);
            double liking = source.equals("code") && task >= 2 ? 1.5 : 1;
            scores[q] = (float) (1e-3 * norm * liking * x * x * x / (1.3 - Math.abs(x)));
        }
        return scores;
    }

    /// (some, documents) the scores of the first queries, in memory.
    static double[][] inMemory(int documents, int queries, int some) {
        double[][] scores = new double[some][documents];
        for (int d = 0; d < documents; d++) {
            double[] own = document(d, queries).scores();
            for (int q = 0; q < some; q++) {
                scores[q][d] = own[q];
            }
        }
        return scores;
    }
}
