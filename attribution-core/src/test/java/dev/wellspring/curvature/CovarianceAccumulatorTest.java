package dev.wellspring.curvature;

import static dev.wellspring.curvature.SeededRows.DOWN;
import static dev.wellspring.curvature.SeededRows.GATE;
import static dev.wellspring.curvature.SeededRows.MODULES;
import static dev.wellspring.curvature.SeededRows.UP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.checkpoint.CheckpointException;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CovarianceAccumulatorTest {
    private static final SeededRows ROWS = new SeededRows(4, 1, 7, 3);

    private final LinearAlgebra algebra = new ReferenceLinearAlgebra();

    @TempDir
    Path folder;

    @Test
    void sumsTheOuterProductsOfAllRows() {
        try (var covariances = new CovarianceAccumulator(algebra, MODULES, DType.FLOAT64)) {
            ROWS.replay(algebra, DType.FLOAT64, covariances, 0, 1);
            ROWS.replay(algebra, DType.FLOAT64, covariances, 2, 3);
            for (LinearModule module : MODULES) {
                double[][] a = new double[module.activationSize()][module.activationSize()];
                double[][] s = new double[module.outputs()][module.outputs()];
                for (int document = 0; document < 4; document++) {
                    addOuterProducts(ROWS.activations(module, document), a);
                    addOuterProducts(ROWS.gradients(module, document), s);
                }
                assertThat(HostArrays.download(algebra, covariances.activationSum(module)))
                        .containsExactly(SeededRows.flat(a), within(1e-13));
                assertThat(HostArrays.download(algebra, covariances.gradientSum(module)))
                        .containsExactly(SeededRows.flat(s), within(1e-13));
                assertThat(covariances.rows(module)).isEqualTo(15);
            }
        }
    }

    @Test
    void modulesThatReadTheSameInputShareItsSum() {
        try (var covariances = new CovarianceAccumulator(algebra, MODULES, DType.FLOAT64)) {
            assertThat(covariances.activationSum(UP)).isSameAs(covariances.activationSum(GATE));
            assertThat(covariances.activationSum(DOWN)).isNotSameAs(covariances.activationSum(GATE));
        }
    }

    @Test
    void holdsAsManyBytesAsAnnounced() {
        long elements = 6 * 6 + 10 * 10 + 9 * 9 + 9 * 9 + 7 * 7;
        assertThat(CovarianceAccumulator.byteSize(MODULES, DType.FLOAT64)).isEqualTo(elements * Double.BYTES);
    }

    @Test
    void goesOnFromSavedSumsWithTheSameBits() throws IOException {
        Path checkpoint = folder.resolve("covariances.safetensors");
        Path straight = folder.resolve("straight.safetensors");
        Path resumed = folder.resolve("resumed.safetensors");
        try (var covariances = new CovarianceAccumulator(algebra, MODULES, DType.FLOAT64)) {
            ROWS.replay(algebra, DType.FLOAT32, covariances, 0, 1);
            covariances.save(checkpoint);
            ROWS.replay(algebra, DType.FLOAT32, covariances, 2, 3);
            covariances.save(straight);
        }
        try (var covariances = new CovarianceAccumulator(algebra, MODULES, DType.FLOAT64)) {
            ROWS.replay(algebra, DType.FLOAT32, covariances, 3);
            covariances.restore(checkpoint);
            ROWS.replay(algebra, DType.FLOAT32, covariances, 2, 3);
            covariances.save(resumed);
        }
        assertThat(Files.mismatch(straight, resumed)).isEqualTo(-1);
        assertThat(Files.mismatch(checkpoint, resumed)).isNotEqualTo(-1);
    }

    @Test
    void sumsOfOtherModulesAreRefused() throws IOException {
        Path checkpoint = folder.resolve("covariances.safetensors");
        try (var covariances = new CovarianceAccumulator(algebra, List.of(GATE, UP), DType.FLOAT64)) {
            covariances.save(checkpoint);
        }
        try (var covariances = new CovarianceAccumulator(algebra, MODULES, DType.FLOAT64)) {
            assertThatThrownBy(() -> covariances.restore(checkpoint))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContainingAll(checkpoint.toString(), "activation/mlp.hidden");
        }
    }

    @Test
    void anUntrackedModuleIsRefused() {
        try (var covariances = new CovarianceAccumulator(algebra, List.of(GATE, UP), DType.FLOAT64)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ROWS.replay(algebra, DType.FLOAT64, covariances, 0))
                    .withMessageContaining("mlp.down");
        }
    }

    @Test
    void modulesThatShareAnInputOfTwoWidthsAreRefused() {
        var wider = new LinearModule("mlp.wide", 0, LinearModule.Part.MLP, 8, 9, false, "mlp.input");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CovarianceAccumulator(algebra, List.of(GATE, wider), DType.FLOAT64))
                .withMessage("modules: expected mlp.wide to read 6 inputs like mlp.gate, got 8");
    }

    private static void addOuterProducts(double[][] rows, double[][] sum) {
        for (double[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                for (int j = 0; j < row.length; j++) {
                    sum[i][j] += row[i] * row[j];
                }
            }
        }
    }
}
