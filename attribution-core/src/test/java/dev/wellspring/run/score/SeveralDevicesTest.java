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
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.run.Cancellation;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.Metrics;
import dev.wellspring.run.ModuleSelection;
import dev.wellspring.run.Progress;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.documents.ListedDocuments;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Documents shared out among devices come back in their order, with the scores of one device.
class SeveralDevicesTest {
    private static final int MAX_TOKENS = 18;

    private static final GoldenCase GOLDEN = GoldenCase.load("llama");
    private static final ListedDocuments DOCUMENTS =
            ListedDocuments.beginnings(GOLDEN, MAX_TOKENS, MAX_TOKENS - 2, MAX_TOKENS - 4, MAX_TOKENS - 6);

    @TempDir
    Path folder;

    @Test
    void shardsAreThoseOfOneDevice() throws IOException {
        var one = new Shards(Integer.MAX_VALUE);
        score("one", 1, one);
        var three = new Shards(Integer.MAX_VALUE);
        score("three", 3, three);
        assertThat(one.whole.size()).as("shards").isGreaterThan(2);
        assertSame(one, three);
    }

    @Test
    void aKilledRunGoesOnWithAnotherNumberOfDevices() throws IOException {
        var undisturbed = new Shards(Integer.MAX_VALUE);
        score("undisturbed", 1, undisturbed);
        var killed = new Shards(1);
        assertThatThrownBy(() -> score("killed", 3, killed)).hasMessage("the disk is full");
        assertThat(killed.whole.keySet()).containsExactly(0);
        assertThat(killed.open).as("shards left open").isZero();
        killed.fails = Integer.MAX_VALUE;
        score("killed", 2, killed);
        assertSame(undisturbed, killed);
    }

    private static void assertSame(Shards expected, Shards actual) {
        assertThat(actual.whole.keySet()).isEqualTo(expected.whole.keySet());
        expected.whole.forEach((shard, documents) ->
                assertThat(actual.whole.get(shard)).usingRecursiveComparison().isEqualTo(documents));
    }

    private void score(String name, int devices, Shards shards) throws IOException {
        var settings = new ScoreSettings(
                CurvatureStrategy.IDENTITY,
                new Damping.Relative(0.1),
                new RankChoice.Full(),
                new ModuleSelection("mlp"),
                false,
                false,
                MAX_TOKENS,
                DType.FLOAT32,
                new MemoryBudget(MemoryBudget.BASE + (4L << 20)),
                150);
        List<LinearAlgebra> backends = new ArrayList<>();
        for (int device = 0; device < devices; device++) {
            backends.add(new ReferenceLinearAlgebra());
        }
        try (Checkpoint checkpoint = Checkpoint.open(GOLDEN.model())) {
            var context = new RunContext(
                    backends, Progress.silent(), Metrics.inMemory(), new Cancellation(), Duration.ofSeconds(30), "1.0");
            var inputs = new ScoreRun.Inputs(checkpoint, folder, "factors", queries(), "queries", DOCUMENTS);
            new ScoreRun(context, settings).run(inputs, folder.resolve(name), (_, _, _, _) -> shards);
        } finally {
            backends.forEach(LinearAlgebra::close);
        }
    }

    private static List<QueryInput> queries() {
        List<QueryInput> queries = new ArrayList<>();
        GOLDEN.queries().forEach((id, sequence) -> {
            int[] tokens = Arrays.copyOf(sequence.tokens(), Math.min(MAX_TOKENS, sequence.tokens().length));
            queries.add(new QueryInput(
                    id,
                    "factual",
                    "",
                    "",
                    "",
                    Arrays.copyOf(tokens, 3),
                    Arrays.copyOfRange(tokens, 3, tokens.length),
                    "{}"));
        });
        return queries;
    }

    /// Shards in memory.
    private static final class Shards implements ScoreShards {
        private final TreeMap<Integer, List<ScoredDocument>> whole = new TreeMap<>();
        private int fails;
        private int open;

        /// @param fails the shard that cannot be written
        Shards(int fails) {
            this.fails = fails;
        }

        @Override
        public int wholeShards() {
            return whole.size();
        }

        @Override
        public long wholeChunks() {
            return whole.values().stream().mapToLong(List::size).sum();
        }

        @Override
        public ScoreSink open(int shard) {
            open++;
            List<ScoredDocument> written = new ArrayList<>();
            return new ScoreSink() {
                @Override
                public void write(
                        ScoredDocument document,
                        double @Nullable [][] tokenScores,
                        double @Nullable [][] moduleScores) {
                    written.add(document);
                }

                @Override
                public void commit() {
                    if (shard == fails) {
                        throw new IllegalStateException("the disk is full");
                    }
                    whole.put(shard, written);
                }

                @Override
                public void close() {
                    open--;
                }
            };
        }
    }
}
