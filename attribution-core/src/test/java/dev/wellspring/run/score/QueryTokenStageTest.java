package dev.wellspring.run.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.curvature.Damping;
import dev.wellspring.curvature.FactorFiles;
import dev.wellspring.golden.GoldenCase;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.Decoder;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.Sequence;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.run.Cancellation;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.Metrics;
import dev.wellspring.run.ModuleSelection;
import dev.wellspring.run.Progress;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.RunFolder;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.Stages;
import dev.wellspring.run.documents.DocumentChunk;
import dev.wellspring.run.documents.ListedDocuments;
import dev.wellspring.run.documents.Sharding;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// With the gradients as they are, which need no factors, and short documents, enough for two shards.
@SuppressWarnings("NullAway.Init") // load() runs before any test
class QueryTokenStageTest {
    private static final int DOCUMENTS = 1060;

    @TempDir
    Path folder;

    private LinearAlgebra algebra;
    private Decoder decoder;
    private List<LinearModule> modules;
    private List<QueryInput> queries;
    private List<DocumentChunk> documents;
    private List<TailDocument> tails;

    @BeforeEach
    void load() throws IOException {
        algebra = new ReferenceLinearAlgebra();
        GoldenCase golden = GoldenCase.load("llama");
        try (Checkpoint checkpoint = Checkpoint.open(golden.model())) {
            decoder = Decoder.load(checkpoint, algebra, DType.FLOAT64, 64);
        }
        List<String> names = golden.modules("mlp");
        modules = decoder.modules().stream()
                .filter(module -> names.contains(module.name()))
                .toList();
        queries = new ArrayList<>();
        golden.queries().forEach((id, sequence) -> queries.add(query(id, sequence)));
        int[] tokens = golden.documents().values().iterator().next().tokens();
        documents = new ArrayList<>();
        for (int d = 0; d < DOCUMENTS; d++) {
            int start = d % (tokens.length - 3);
            int[] few = Arrays.copyOfRange(tokens, start, start + 3);
            documents.add(new DocumentChunk("d" + d, 0, null, few, 0, "", "{}"));
        }
        tails = IntStream.range(0, DOCUMENTS)
                .filter(d -> d % 2 == 1)
                .mapToObj(d -> new TailDocument(d, "d" + d, 0, new int[] {d % queries.size()}))
                .toList();
    }

    private static QueryInput query(String id, Sequence sequence) {
        int prompt = sequence.lossStart() + 1;
        int[] tokens = sequence.tokens();
        return new QueryInput(
                id,
                "factual",
                "",
                "",
                "",
                Arrays.copyOf(tokens, prompt),
                Arrays.copyOfRange(tokens, prompt, tokens.length),
                "{}");
    }

    @AfterEach
    void release() {
        decoder.close();
        algebra.close();
    }

    @Test
    void afterAKillItGoesOnBehindTheLastWholeShard() {
        var undisturbed = new Kept(Integer.MAX_VALUE);
        run(undisturbed, "undisturbed", plan(4L << 30), documents);
        assertThat(undisturbed.shards.keySet()).containsExactly(0, 1);
        assertThat(undisturbed.of.values().stream().flatMap(List::stream)).containsExactlyElementsOf(tails);

        var killed = new Kept(1);
        assertThatThrownBy(() -> run(killed, "killed", plan(4L << 30), documents))
                .hasMessageContaining("the disk is full");
        assertThat(killed.shards.keySet()).containsExactly(0);
        killed.fails = Integer.MAX_VALUE;
        killed.written = 0;
        run(killed, "killed", plan(4L << 30), documents);
        assertThat(killed.written).as("shards written after the kill").isEqualTo(1);
        assertThat(killed.scores()).isDeepEqualTo(undisturbed.scores());

        run(killed, "killed", plan(4L << 30), documents);
        assertThat(killed.written).as("when all is there").isEqualTo(1);
    }

    @Test
    void modulesThatDoNotFitTogetherGoOneAfterTheOther() {
        var together = new Kept(Integer.MAX_VALUE);
        run(together, "together", plan(4L << 30), documents);
        long memory = MemoryBudget.BASE + (64L << 20);
        while (plan(memory).queryTokenPasses(queries).size() < 2) {
            memory -= 1 << 12;
        }
        var apart = new Kept(Integer.MAX_VALUE);
        run(apart, "apart", plan(memory), documents);
        double[][][] expected = together.scores();
        double[][][] found = apart.scores();
        for (int d = 0; d < expected.length; d++) {
            assertThat(found[d][0]).containsExactly(expected[d][0], within(1e-12));
        }
        assertThat(Arrays.stream(expected[5][0]).map(Math::abs).max().orElse(0)).isPositive();
    }

    @Test
    void otherDocumentsThanTheRunsAreRefused() {
        List<DocumentChunk> others = new ArrayList<>(documents);
        others.remove(3);
        assertThatThrownBy(() -> run(new Kept(Integer.MAX_VALUE), "others", plan(4L << 30), others))
                .isInstanceOf(RunRefusedException.class)
                .hasMessage("--documents: expected d3 part 0 as number 3 of the run, found d4 part 0; give those that"
                        + " the run was made of");
    }

    private ScorePlan plan(long memory) {
        var settings = new ScoreSettings(
                CurvatureStrategy.IDENTITY,
                new Damping.Relative(0.1),
                new RankChoice.Full(),
                new ModuleSelection("mlp"),
                false,
                false,
                16,
                DType.FLOAT64,
                new MemoryBudget(memory),
                1000);
        return new ScorePlan(modules, queries.size(), 1000, 16, settings, new Sharding(64, 20, 1000, -1), 0);
    }

    private void run(Kept shards, String name, ScorePlan plan, List<DocumentChunk> source) {
        var context = new RunContext(
                algebra, Progress.silent(), Metrics.inMemory(), new Cancellation(), Duration.ofSeconds(30), "1.0");
        try (RunFolder run =
                RunFolder.open(folder.resolve(name), Manifest.of(ScoreRun.KIND, "1.0", Map.of(), Map.of()))) {
            var stage = new QueryTokenStage(
                    context, decoder, new ListedDocuments(source), queries, plan, new FactorFiles(folder), shards, run);
            Stages.run(stage, context, run);
        }
    }

    /// Shards in memory.
    private final class Kept implements QueryTokenShards {
        private final TreeMap<Integer, double[][][]> shards = new TreeMap<>();
        private final TreeMap<Integer, List<TailDocument>> of = new TreeMap<>();
        private int fails;
        private int written;

        /// @param fails the shard that cannot be written
        Kept(int fails) {
            this.fails = fails;
        }

        @Override
        public int ends() {
            return 9;
        }

        @Override
        public List<TailDocument> documents() {
            return tails;
        }

        @Override
        public boolean isWhole(int shard) {
            return shards.containsKey(shard);
        }

        @Override
        public void write(int shard, List<TailDocument> documents, double[][][] scores) throws IOException {
            if (shard == fails) {
                throw new IOException("the disk is full");
            }
            shards.put(shard, scores);
            of.put(shard, List.copyOf(documents));
            written++;
        }

        double[][][] scores() {
            return shards.values().stream().flatMap(Arrays::stream).toArray(double[][][]::new);
        }

        @Override
        public void close() {}
    }
}
