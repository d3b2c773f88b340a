package dev.wellspring.run.fit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.curvature.HostArrays;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.HeadGradients;
import dev.wellspring.run.Progress;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptHeadGradientsTest {
    @TempDir
    Path folder;

    private final LinearAlgebra algebra = new ReferenceLinearAlgebra();
    private final List<String> notes = new ArrayList<>();
    private final Progress progress = new Progress() {
        @Override
        public void start(String stage, long total, String unit) {}

        @Override
        public void advance(long units, long tokens) {}

        @Override
        public void note(String message) {
            notes.add(message);
        }

        @Override
        public void finish() {}
    };

    @AfterEach
    void close() {
        algebra.close();
    }

    @Test
    void whatWasKeptIsFoundAgainAndNothingElse() throws IOException {
        Path file = folder.resolve("kept");
        try (var kept = new KeptHeadGradients(() -> file, progress);
                Tensor first = tensor(1, 2, 3, 4, 5, 6);
                Tensor second = tensor(7, 8)) {
            assertThat(kept.of(0, algebra, true).take(first)).isFalse();
            kept.of(0, algebra, true).keep(first);
            kept.of(5, algebra, true).keep(second);
            kept.of(9, algebra, false).keep(second);
            assertThat(taken(kept.of(5, algebra, false), 2)).containsExactly(7, 8);
            assertThat(taken(kept.of(0, algebra, false), 6)).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(kept.of(9, algebra, false).take(second)).isFalse();
            assertThat(file).hasSize(8 * Float.BYTES);
        }
        assertThat(file).doesNotExist();
        assertThat(notes).isEmpty();
    }

    @Test
    void withoutAnythingToKeepThereIsNoFile() throws IOException {
        try (var kept = new KeptHeadGradients(
                        () -> {
                            throw new AssertionError("asked for");
                        },
                        progress);
                Tensor some = tensor(1)) {
            assertThat(kept.of(0, algebra, false).take(some)).isFalse();
            kept.of(0, algebra, false).keep(some);
        }
        assertThat(notes).isEmpty();
    }

    @Test
    void aDiskThatRefusesIsSaidOnceAndDoesNotStopARun() throws IOException {
        Path file = folder.resolve("missing").resolve("kept");
        try (var kept = new KeptHeadGradients(() -> file, progress);
                Tensor some = tensor(1, 2)) {
            kept.of(0, algebra, true).keep(some);
            kept.of(1, algebra, true).keep(some);
            assertThat(kept.of(0, algebra, true).take(some)).isFalse();
        }
        assertThat(notes).hasSize(1).first().asString().contains("cannot be written", "computed in every pass");
    }

    @Test
    void aFileThatLosesItsEndIsNotReadAsIfItHadOne() throws IOException {
        Path file = folder.resolve("kept");
        try (var kept = new KeptHeadGradients(() -> file, progress);
                Tensor some = tensor(1, 2)) {
            kept.of(0, algebra, true).keep(some);
            Files.write(file, new byte[3]);
            assertThat(kept.of(0, algebra, true).take(some)).isFalse();
        }
        assertThat(notes).hasSize(1).first().asString().contains("cannot be read");
    }

    private Tensor tensor(double... values) {
        Tensor tensor = algebra.allocate(DType.FLOAT32, 1, values.length);
        HostArrays.upload(algebra, values, tensor);
        return tensor;
    }

    private double[] taken(HeadGradients gradients, int count) {
        try (Tensor tensor = algebra.allocate(DType.FLOAT32, 1, count)) {
            assertThat(gradients.take(tensor)).isTrue();
            return HostArrays.download(algebra, tensor);
        }
    }
}
