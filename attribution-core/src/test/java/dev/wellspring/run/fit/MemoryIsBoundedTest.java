package dev.wellspring.run.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.curvature.Eigenbasis;
import dev.wellspring.golden.GoldenCase;
import dev.wellspring.linalg.ComposedAttention;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.Decoder;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.run.Cancellation;
import dev.wellspring.run.CancelledException;
import dev.wellspring.run.Listener;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.Metrics;
import dev.wellspring.run.ModuleSelection;
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

/// A budget that holds the sums of a few modules only: more passes over the documents, the same bytes.
class MemoryIsBoundedTest {
    /// Batches of 17 rows, the longest chunk, as long as twice as many do not fit.
    private static final int LONGEST = 17;

    /// The outputs of the widest linear map.
    private static final int WIDEST = 72;

    /// Enough for their sums to take more than the largest eigendecomposition, so that they do not fit beside it.
    private static final String MODULES = ".*[.](mlp[.].*|o_proj)";

    private static final GoldenCase GOLDEN = GoldenCase.load("llama");

    @TempDir
    Path folder;

    @Test
    void manyPassesGiveTheBytesOfOne() throws IOException {
        List<String> few = fit(folder.resolve("roomy"), roomy());
        List<String> many = fit(folder.resolve("tight"), tight());
        assertThat(few).containsExactly("coverage", "covariance", "eigenbasis", "lambda");
        assertThat(many).contains("covariance 1/2", "covariance 2/2", "lambda 1/2", "lambda 2/2");
        SameFiles.assertSame(folder.resolve("roomy"), folder.resolve("tight"));
    }

    @Test
    void aRunGoesOnUnderAnotherBudget() throws IOException {
        fit(folder.resolve("undisturbed"), roomy());
        for (String last : List.of("covariance 2/2", "lambda 2/2")) {
            Path out = folder.resolve(last.replace('/', '-'));
            var cancellation = new Cancellation();
            assertThatThrownBy(() -> fit(out, tight(), cancellation, last)).isInstanceOf(CancelledException.class);
            fit(out, roomy());
            SameFiles.assertSame(folder.resolve("undisturbed"), out);
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

    /// The least in which the largest eigendecomposition finds room beside a batch and its widened rows.
    private static long tight() throws IOException {
        return MemoryBudget.BASE
                + activationBytes(LONGEST)
                + (long) LONGEST * WIDEST * Double.BYTES
                + Eigenbasis.byteSize(WIDEST);
    }

    /// The most before the batches grow.
    private static long roomy() throws IOException {
        return MemoryBudget.BASE + activationBytes(32) * 5 / 2 - 2;
    }

    private static long activationBytes(int rows) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(GOLDEN.model())) {
            return Decoder.workingBytes(
                    DecoderConfig.read(checkpoint.config()),
                    DType.FLOAT32,
                    rows,
                    LONGEST,
                    ComposedAttention::byteSize,
                    Decoder.HOST_LOGIT_BYTES);
        }
    }

    @Test
    void budgetThatHoldsTheSumsButNoEigendecompositionIsRefused() throws IOException {
        long tooLittle = tight() - 1;
        assertThatThrownBy(() -> fit(folder.resolve("out"), tooLittle))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("largest eigendecomposition");
    }

    /// Returns the names of the stages and passes.
    private static List<String> fit(Path out, long memory) throws IOException {
        return fit(out, memory, new Cancellation(), "");
    }

    /// @param last the stage or pass during which the run is asked to stop
    private static List<String> fit(Path out, long memory, Cancellation cancellation, String last) throws IOException {
        var settings = new FitSettings(
                CurvatureStrategy.EKFAC,
                LabelChoice.SAMPLED,
                new ModuleSelection(MODULES),
                -1,
                LONGEST + 1,
                7,
                DType.FLOAT32,
                new MemoryBudget(memory),
                200);
        var listener = new Listener(cancellation, last);
        try (LinearAlgebra algebra = new ReferenceLinearAlgebra();
                Checkpoint checkpoint = Checkpoint.open(GOLDEN.model())) {
            var context =
                    new RunContext(algebra, listener, Metrics.inMemory(), cancellation, Duration.ofSeconds(30), "1.0");
            new FitRun(context, settings).run(checkpoint, ListedDocuments.beginnings(GOLDEN, LONGEST + 1), out);
        }
        return listener.stages();
    }
}
