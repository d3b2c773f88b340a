package dev.wellspring.curvature;

import static dev.wellspring.curvature.SeededRows.GATE;
import static dev.wellspring.curvature.SeededRows.MODULES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.LinearModule;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LambdaAccumulatorTest {
    private static final SeededRows ROWS = new SeededRows(4, 1, 7, 3);
    private static final BatchCapacity CAPACITY = new BatchCapacity(15, 4);

    private final LinearAlgebra algebra = new ReferenceLinearAlgebra();

    @TempDir
    Path folder;

    @Test
    void squaresComeAfterTheSumOverADocumentsRows() {
        try (var lambda = LambdaAccumulator.inParameterBasis(algebra, MODULES, CAPACITY, DType.FLOAT64)) {
            ROWS.replay(algebra, DType.FLOAT64, lambda, 0, 1);
            ROWS.replay(algebra, DType.FLOAT64, lambda, 2, 3);
            for (LinearModule module : MODULES) {
                double[] expected = new double[Math.toIntExact(module.parameters())];
                for (int document = 0; document < 4; document++) {
                    double[] gradient = SeededRows.flat(ROWS.gradient(module, document));
                    for (int i = 0; i < gradient.length; i++) {
                        expected[i] += gradient[i] * gradient[i];
                    }
                }
                assertThat(HostArrays.download(algebra, lambda.sum(module))).containsExactly(expected, within(1e-11));
                assertThat(lambda.sequences(module)).isEqualTo(4);
            }
        }
    }

    @Test
    void productsFormedTogetherGiveTheSumsOfOneAtATime() {
        var rows = new SeededRows(2, 3, 3, 3, 3, 1, 1, 2);
        var capacity = new BatchCapacity(18, 8);
        long parameters = GATE.parameters();
        try (var apart = LambdaAccumulator.inParameterBasis(algebra, MODULES, capacity, DType.FLOAT64);
                var together = LambdaAccumulator.inParameterBasis(
                        algebra, MODULES, capacity, DType.FLOAT64, 3 * parameters * Double.BYTES)) {
            assertThat(LambdaAccumulator.productsAtOnce(GATE, capacity, 3 * parameters))
                    .isEqualTo(3);
            rows.replay(algebra, DType.FLOAT64, apart, 0, 1, 2, 3, 4, 5, 6, 7);
            rows.replay(algebra, DType.FLOAT64, together, 0, 1, 2, 3, 4, 5, 6, 7);
            for (LinearModule module : MODULES) {
                double[] expected = HostArrays.download(algebra, apart.sum(module));
                assertThat(HostArrays.download(algebra, together.sum(module))).containsExactly(expected, within(1e-12));
                assertThat(together.sequences(module)).isEqualTo(8);
            }
        }
    }

    @Test
    void gradientsAreRotatedIntoTheEigenbasis() throws IOException {
        FactorFiles files = fitted();
        try (var bases = ModuleBases.load(algebra, files, MODULES, DType.FLOAT64);
                var lambda = LambdaAccumulator.inEigenbasis(algebra, MODULES, bases, CAPACITY, DType.FLOAT64);
                var work = new Workspace(algebra)) {
            ROWS.replay(algebra, DType.FLOAT64, lambda, 2);
            for (LinearModule module : MODULES) {
                Tensor x = work.allocate(DType.FLOAT64, module.outputs(), module.activationSize());
                Tensor rotated = work.allocate(DType.FLOAT64, module.outputs(), module.activationSize());
                HostArrays.upload(algebra, SeededRows.flat(ROWS.gradient(module, 2)), rotated);
                algebra.gemm(1, rotated, bases.activation(module), 0, x);
                algebra.gemm(1, bases.gradient(module).transposed(), x, 0, rotated);
                algebra.fill(x, 0);
                algebra.addSquared(1, rotated, x);
                assertThat(HostArrays.download(algebra, lambda.sum(module)))
                        .containsExactly(HostArrays.download(algebra, x), within(1e-11));
            }
        }
    }

    /// A rotation keeps the sum of squares.
    @Test
    void theSumOfLambdaDoesNotDependOnTheBasis() throws IOException {
        FactorFiles files = fitted();
        try (var bases = ModuleBases.load(algebra, files, MODULES, DType.FLOAT64);
                var rotated = LambdaAccumulator.inEigenbasis(algebra, MODULES, bases, CAPACITY, DType.FLOAT64);
                var plain = LambdaAccumulator.inParameterBasis(algebra, MODULES, CAPACITY, DType.FLOAT64)) {
            ROWS.replayAll(algebra, DType.FLOAT64, rotated);
            ROWS.replayAll(algebra, DType.FLOAT64, plain);
            for (LinearModule module : MODULES) {
                double expected = total(plain.sum(module));
                assertThat(total(rotated.sum(module))).isCloseTo(expected, within(1e-12 * expected));
            }
        }
    }

    @Test
    void goesOnFromSavedSumsWithTheSameBits() throws IOException {
        Path checkpoint = folder.resolve("lambda.safetensors");
        Path straight = folder.resolve("straight.safetensors");
        Path resumed = folder.resolve("resumed.safetensors");
        try (var bases = ModuleBases.load(algebra, fitted(), MODULES, DType.FLOAT32)) {
            try (var lambda = LambdaAccumulator.inEigenbasis(algebra, MODULES, bases, CAPACITY, DType.FLOAT32)) {
                ROWS.replay(algebra, DType.FLOAT32, lambda, 0, 1);
                lambda.save(checkpoint);
                ROWS.replay(algebra, DType.FLOAT32, lambda, 2, 3);
                lambda.save(straight);
            }
            try (var lambda = LambdaAccumulator.inEigenbasis(algebra, MODULES, bases, CAPACITY, DType.FLOAT32)) {
                ROWS.replay(algebra, DType.FLOAT32, lambda, 3);
                lambda.restore(checkpoint);
                ROWS.replay(algebra, DType.FLOAT32, lambda, 2, 3);
                lambda.save(resumed);
            }
        }
        assertThat(Files.mismatch(straight, resumed)).isEqualTo(-1);
        assertThat(Files.mismatch(checkpoint, resumed)).isNotEqualTo(-1);
    }

    @Test
    void sumsOfTwoAccumulatorsAddUp() throws IOException {
        var files = fitted();
        try (var bases = ModuleBases.load(algebra, files, MODULES, DType.FLOAT64);
                var all = LambdaAccumulator.inEigenbasis(algebra, MODULES, bases, CAPACITY, DType.FLOAT64);
                var first = LambdaAccumulator.inEigenbasis(algebra, MODULES, bases, CAPACITY, DType.FLOAT64);
                var second = LambdaAccumulator.inEigenbasis(algebra, MODULES, bases, CAPACITY, DType.FLOAT64)) {
            ROWS.replay(algebra, DType.FLOAT64, all, 0, 1);
            ROWS.replay(algebra, DType.FLOAT64, first, 0);
            ROWS.replay(algebra, DType.FLOAT64, second, 1);
            first.add(second);
            for (LinearModule module : MODULES) {
                assertThat(HostArrays.download(algebra, first.sum(module)))
                        .containsExactly(HostArrays.download(algebra, all.sum(module)), within(1e-12));
                assertThat(first.sequences(module)).isEqualTo(2);
            }
        }
    }

    @Test
    void aBatchBeyondTheCapacityIsRefused() {
        try (var lambda =
                LambdaAccumulator.inParameterBasis(algebra, MODULES, new BatchCapacity(10, 2), DType.FLOAT64)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ROWS.replay(algebra, DType.FLOAT64, lambda, 0, 2))
                    .withMessage("batch: expected at most 10 rows and 2 documents, got 11 and 2");
        }
    }

    @Test
    void holdsAsManyBytesAsAnnounced() {
        long parameters = GATE.parameters() * 2 + 7 * 10;
        long filledUp = 2 * 9 * 8 + 7 * 16; // rotated rows are of multiples of eight numbers
        assertThat(LambdaAccumulator.byteSize(MODULES, false, CAPACITY, DType.FLOAT32, 0))
                .isEqualTo(8 * parameters + 4 * 7 * 10);
        assertThat(LambdaAccumulator.byteSize(MODULES, true, CAPACITY, DType.FLOAT32, 0))
                .isEqualTo(8 * filledUp + 4 * 7 * 16 + 4 * 15 * (16 + 9));
        assertThat(LambdaAccumulator.byteSize(MODULES, false, CAPACITY, DType.FLOAT32, 3 * 4 * 7 * 10))
                .isEqualTo(8 * parameters + 3 * 4 * 7 * 10);
    }

    private FactorFiles fitted() throws IOException {
        return FittedFactors.ekfac(algebra, ROWS, folder, DType.FLOAT64);
    }

    private double total(Tensor tensor) {
        double total = 0;
        for (double value : HostArrays.download(algebra, tensor)) {
            total += value;
        }
        return total;
    }
}
