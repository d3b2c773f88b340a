package dev.wellspring.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimedOperationsTest {
    private final Metrics metrics = Metrics.inMemory();

    @TempDir
    private Path folder;

    @Test
    void operationsAreCountedInTheStageThatRuns() throws IOException {
        try (var algebra = TimedOperations.of(new ReferenceLinearAlgebra(), metrics);
                Tensor a = algebra.allocate(DType.FLOAT64, 2, 3);
                Tensor b = algebra.allocate(DType.FLOAT64, 3, 4);
                Tensor c = algebra.allocate(DType.FLOAT64, 2, 4);
                Tensor square = algebra.allocate(DType.FLOAT64, 3, 3)) {
            try (var _ = metrics.stage("covariance")) {
                algebra.lowerRankUpdate(1, a, 0, square);
                algebra.gemm(1, a, b, 0, c);
                algebra.gemm(1, a, b, 0, c);
            }
            try (var _ = metrics.stage("scores")) {
                algebra.fill(c, 1);
            }
        }
        JsonNode json = json();
        JsonNode gemm = json.at("/covariance/operations/gemm");
        assertThat(gemm.get("calls").asLong()).isEqualTo(2);
        assertThat(gemm.get("gflop").asDouble()).isEqualTo(2 * 2.0 * 2 * 3 * 4 / 1e9);
        assertThat(json.at("/covariance/operations/lowerRankUpdate/gflop").asDouble())
                .isEqualTo(2.0 * 3 * 4 / 1e9);
        assertThat(json.at("/scores/operations").size()).isOne();
        assertThat(json.at("/scores/operations/fill").has("gflop")).isFalse();
    }

    @Test
    void severalDecompositionsAreOneCall() throws IOException {
        try (var algebra = TimedOperations.of(new ReferenceLinearAlgebra(), metrics);
                Tensor a = algebra.allocate(DType.FLOAT64, 3, 3);
                Tensor values = algebra.allocate(DType.FLOAT64, 3);
                Tensor vectors = algebra.allocate(DType.FLOAT64, 3, 3);
                var _ = metrics.stage("eigenbasis")) {
            algebra.eigh(List.of(a, a), List.of(values, values), List.of(vectors, vectors));
        }
        JsonNode eigh = json().at("/eigenbasis/operations/eigh");
        assertThat(eigh.get("calls").asLong()).isOne();
        assertThat(eigh.get("gflop").asDouble()).isEqualTo(2 * 14.0 / 3 * 27 / 1e9);
    }

    @Test
    void whatABackendRefusesComesOutAsItWas() {
        try (LinearAlgebra algebra = TimedOperations.of(new ReferenceLinearAlgebra(), metrics);
                Tensor a = algebra.allocate(DType.FLOAT64, 2, 3)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> algebra.gemm(1, a, a, 0, a))
                    .withMessageContaining("got [2, 3]");
            assertThat(algebra.name()).isEqualTo("reference");
            assertThat(metrics.summary()).isEmpty();
        }
    }

    private JsonNode json() throws IOException {
        Path file = folder.resolve("metrics.json");
        metrics.writeJson(file);
        return new ObjectMapper().readTree(Files.readString(file));
    }
}
