package dev.wellspring.run.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.golden.GoldenCase;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.Decoder;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.Sequence;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.run.Cancellation;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.Metrics;
import dev.wellspring.run.ModuleSelection;
import dev.wellspring.run.Progress;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.Stages;
import dev.wellspring.run.documents.DocumentChunk;
import dev.wellspring.run.documents.ListedDocuments;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A budget that holds the sums of a few modules only: more passes over the documents, the same bytes.
class MemoryIsBoundedTest {
    /// Batches of 17 rows, the longest chunk, as long as twice as many do not fit.
    private static final int LONGEST = 17;

    private static final GoldenCase GOLDEN = GoldenCase.load("llama");

    @TempDir
    Path folder;

    @Test
    void manyPassesGiveTheBytesOfOne() throws IOException {
        List<String> few = fit(folder.resolve("roomy"), roomy());
        List<String> many = fit(folder.resolve("tight"), tight());
        assertThat(few).containsExactly("coverage", "covariance", "eigenbasis", "lambda");
        assertThat(many).contains("covariance 1/2", "covariance 2/2", "lambda 1/4", "lambda 4/4");
        try (Stream<Path> files = Files.list(folder.resolve("roomy"))) {
            for (Path file :
                    files.filter(file -> !file.endsWith("history.jsonl")).toList()) {
                assertThat(folder.resolve("tight").resolve(file.getFileName())).hasSameBinaryContentAs(file);
            }
        }
    }

    @Test
    void budgetThatHoldsNoModuleIsRefusedBeforeAnythingIsWritten() {
        Path out = folder.resolve("out");
        assertThatThrownBy(() -> fit(out, MemoryBudget.BASE + (1 << 10)))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("--memory: expected at least");
        assertThat(out).doesNotExist();
    }

    /// The least that holds the activations in two fifths of it.
    private static long tight() throws IOException {
        return MemoryBudget.BASE + Math.ceilDiv(activationBytes(LONGEST) * 5, 2) + 2;
    }

    /// The most before the batches grow.
    private static long roomy() throws IOException {
        return MemoryBudget.BASE + activationBytes(32) * 5 / 2 - 2;
    }

    private static long activationBytes(int rows) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(GOLDEN.model())) {
            return Decoder.activationBytes(DecoderConfig.read(checkpoint.config()), DType.FLOAT32, rows);
        }
    }

    /// Returns the names of the stages and passes.
    private static List<String> fit(Path out, long memory) throws IOException {
        var settings = new FitSettings(
                CurvatureStrategy.EKFAC,
                LabelChoice.SAMPLED,
                new ModuleSelection("mlp"),
                -1,
                LONGEST + 1,
                7,
                DType.FLOAT32,
                new MemoryBudget(memory),
                200);
        var stages = new Stages();
        try (LinearAlgebra algebra = new ReferenceLinearAlgebra();
                Checkpoint checkpoint = Checkpoint.open(GOLDEN.model())) {
            var context = new RunContext(
                    algebra, stages, Metrics.inMemory(), new Cancellation(), Duration.ofSeconds(30), "1.0");
            new FitRun(context, settings).run(checkpoint, new ListedDocuments(chunks()), out);
        }
        return stages.names;
    }

    private static List<DocumentChunk> chunks() {
        List<DocumentChunk> chunks = new ArrayList<>();
        GOLDEN.documents().forEach((id, document) -> chunks.add(beginning(id, document)));
        return chunks;
    }

    private static DocumentChunk beginning(String id, Sequence document) {
        int length = Math.min(document.tokens().length, LONGEST + 1);
        return new DocumentChunk(id, 0, null, Arrays.copyOf(document.tokens(), length), "", "{}");
    }

    /// Remembers which stages began.
    private static final class Stages implements Progress {
        private final List<String> names = new ArrayList<>();

        @Override
        public void start(String stage, long totalUnits, String unit) {
            names.add(stage);
        }

        @Override
        public void advance(long units, long tokens) {}

        @Override
        public void note(String line) {}

        @Override
        public void finish() {}
    }
}
