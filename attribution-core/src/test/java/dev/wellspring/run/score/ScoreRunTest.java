package dev.wellspring.run.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.curvature.Damping;
import dev.wellspring.golden.GoldenCase;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.run.Cancellation;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.Metrics;
import dev.wellspring.run.ModuleSelection;
import dev.wellspring.run.Progress;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.documents.ListedDocuments;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreRunTest {
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

    private static ScoreSettings settings() {
        return new ScoreSettings(
                CurvatureStrategy.IDENTITY,
                new Damping.Relative(0.1),
                new RankChoice.Full(),
                new ModuleSelection("mlp"),
                false,
                false,
                16,
                DType.FLOAT32,
                new MemoryBudget(4L << 30),
                1000);
    }
}
