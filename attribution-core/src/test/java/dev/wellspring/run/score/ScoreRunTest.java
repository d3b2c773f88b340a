package dev.wellspring.run.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.curvature.Damping;
import dev.wellspring.golden.GoldenCase;
import dev.wellspring.influence.ScoreSink;
import dev.wellspring.influence.ScoredDocument;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.run.Cancellation;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.Metrics;
import dev.wellspring.run.ModuleSelection;
import dev.wellspring.run.Progress;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.documents.DocumentChunk;
import dev.wellspring.run.documents.ListedDocuments;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreRunTest {
    /// Of every query, so that their block is what takes most of the memory.
    private static final int COPIES = 6;

    @TempDir
    Path folder;

    @Test
    void aQueryLongerThanTheModelsPositionsIsNamedBeforeAnythingIsWritten() throws IOException {
        Path out = folder.resolve("out");
        try (LinearAlgebra algebra = new ReferenceLinearAlgebra();
                Checkpoint checkpoint = Checkpoint.open(GoldenCase.load("gpt2").model())) {
            int positions = DecoderConfig.read(checkpoint.config()).longestSequence();
            var query = new QueryInput("too-long", "factual", "", "", "", new int[positions], new int[2], "{}");
            var inputs =
                    new ScoreRun.Inputs(checkpoint, folder, "", List.of(query), "", new ListedDocuments(List.of()));
            var context = new RunContext(
                    algebra, Progress.silent(), Metrics.inMemory(), new Cancellation(), Duration.ofSeconds(30), "1.0");
            assertThatThrownBy(() -> new ScoreRun(context, settings()).run(inputs, out, (a, b, c, d) -> {
                        throw new AssertionError("no shards are needed");
                    }))
                    .isInstanceOf(RunRefusedException.class)
                    .hasMessageContainingAll(
                            "query too-long: expected at most " + (positions + 1), "got " + (positions + 2));
        }
        assertThat(out).doesNotExist();
    }

    /// The whole run with a budget as small as that of a device on which the block does not fit, against one
    /// on which it does.
    @Test
    void aBlockThatWaitsInTheHostsMemoryGivesTheSameScores() throws IOException {
        GoldenCase golden = GoldenCase.load("llama");
        List<QueryInput> queries = queries(golden);
        try (LinearAlgebra algebra = new ReferenceLinearAlgebra();
                Checkpoint checkpoint = Checkpoint.open(golden.model())) {
            var inputs = new ScoreRun.Inputs(checkpoint, folder, "", queries, "", documents(golden));
            var context = new RunContext(
                    algebra, Progress.silent(), Metrics.inMemory(), new Cancellation(), Duration.ofSeconds(30), "1.0");
            long host = MemoryBudget.BASE + (1L << 30);
            ScoreSettings large = settings(MemoryBudget.ofDevice(MemoryBudget.DEVICE_RESERVE + (1L << 30), 0, host));
            ScoreSettings small = large;
            for (long beside = 64L << 20; resident(context, small, inputs); beside -= 1 << 14) {
                small = settings(MemoryBudget.ofDevice(MemoryBudget.DEVICE_RESERVE + beside, 0, host));
            }
            List<double[]> expected = new ArrayList<>();
            List<double[]> found = new ArrayList<>();
            Manifest one = new ScoreRun(context, large).run(inputs, folder.resolve("one"), kept(expected));
            Manifest other = new ScoreRun(context, small).run(inputs, folder.resolve("other"), kept(found));
            assertThat(expected).hasSize(2 * golden.documents().size());
            assertThat(found).usingRecursiveComparison().isEqualTo(expected);
            assertThat(one.results()).doesNotContainKey("query_block");
            assertThat(other.results()).containsEntry("query_block", "offloaded to the host's memory");
            assertThat(new ScoreRun(context, small).explain(inputs))
                    .anyMatch(line -> line.startsWith("host: query block") && line.contains("over the bus a batch"));
        }
    }

    private static boolean resident(RunContext context, ScoreSettings settings, ScoreRun.Inputs inputs)
            throws IOException {
        return new ScoreRun(context, settings)
                .explain(inputs).stream().noneMatch(line -> line.startsWith("host: query block"));
    }

    private static List<QueryInput> queries(GoldenCase golden) {
        return IntStream.range(0, COPIES)
                .boxed()
                .flatMap(copy -> golden.queries().entrySet().stream().map(query -> {
                    int[] tokens = query.getValue().tokens();
                    int prompt = query.getValue().lossStart() + 1;
                    return new QueryInput(
                            query.getKey() + " " + copy,
                            "factual",
                            "",
                            "",
                            "",
                            Arrays.copyOf(tokens, prompt),
                            Arrays.copyOfRange(tokens, prompt, tokens.length),
                            "{}");
                }))
                .toList();
    }

    private static ListedDocuments documents(GoldenCase golden) {
        return new ListedDocuments(golden.documents().entrySet().stream()
                .map(document -> new DocumentChunk(
                        document.getKey(), 0, null, document.getValue().tokens(), 0, "", "{}"))
                .toList());
    }

    /// Shards that keep the scores of every document.
    private static ScoreRun.ShardsFactory kept(List<double[]> scores) {
        return (out, manifest, queries, modules) -> new ScoreShards() {
            @Override
            public int wholeShards() {
                return 0;
            }

            @Override
            public long wholeChunks() {
                return 0;
            }

            @Override
            public ScoreSink open(int shard) {
                return new ScoreSink() {
                    @Override
                    public void write(
                            ScoredDocument document,
                            double @Nullable [][] tokenScores,
                            double @Nullable [][] moduleScores) {
                        scores.add(document.scores());
                        scores.add(new double[] {document.loss(), document.gradientNorm()});
                    }

                    @Override
                    public void commit() {}

                    @Override
                    public void close() {}
                };
            }
        };
    }

    private static ScoreSettings settings() {
        return settings(new MemoryBudget(4L << 30));
    }

    private static ScoreSettings settings(MemoryBudget memory) {
        return new ScoreSettings(
                CurvatureStrategy.IDENTITY,
                new Damping.Relative(0.1),
                new RankChoice.Full(),
                new ModuleSelection("mlp"),
                false,
                false,
                64,
                DType.FLOAT32,
                memory,
                1000);
    }
}
