package dev.wellspring.curvature;

import static dev.wellspring.curvature.SeededRows.DOWN;
import static dev.wellspring.curvature.SeededRows.GATE;
import static dev.wellspring.curvature.SeededRows.MODULES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.checkpoint.CheckpointException;
import dev.wellspring.model.checkpoint.SafetensorsWriter;
import dev.wellspring.model.checkpoint.TensorStorage;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreconditionerTest {
    private static final SeededRows ROWS = new SeededRows(4, 1, 7, 3, 5, 2);
    private static final Damping TENTH = new Damping.Relative(0.1);

    private final LinearAlgebra algebra = new ReferenceLinearAlgebra();
    private final Workspace work = new Workspace(algebra);

    @TempDir
    Path folder;

    @AfterEach
    void releaseMemory() {
        work.close();
    }

    @Test
    void identityLeavesGradientsAsTheyAre() throws IOException {
        Tensor g = gradient();
        Tensor p = preconditioned(CurvatureStrategy.IDENTITY, new FactorFiles(folder), TENTH, g);
        assertThat(HostArrays.download(algebra, p)).isEqualTo(HostArrays.download(algebra, g));
    }

    @Test
    void diagonalDividesEveryParameterByItsMeanSquareAndTheDamping() throws IOException {
        FactorFiles files = FittedFactors.diagonal(algebra, ROWS, folder);
        Tensor g = gradient();
        Tensor p = preconditioned(CurvatureStrategy.DIAGONAL, files, TENTH, g);
        double[] lambda = read(files, FactorKind.LAMBDA_MATRIX);
        double mean = 0;
        for (double value : lambda) {
            mean += value / 6 / lambda.length;
        }
        double[] expected = HostArrays.download(algebra, g);
        for (int i = 0; i < expected.length; i++) {
            expected[i] /= lambda[i] / 6 + 0.1 * mean;
        }
        assertThat(HostArrays.download(algebra, p)).containsExactly(expected, within(1e-14));
    }

    /// K-FAC solves S P A + λP = G.
    @Test
    void kfacSolvesTheKroneckerSystem() throws IOException {
        FactorFiles files = FittedFactors.ekfac(algebra, ROWS, folder, DType.FLOAT64);
        double damping = 0.37;
        Tensor g = gradient();
        Tensor p = preconditioned(CurvatureStrategy.KFAC, files, new Damping.Absolute(damping), g)
                .select(0, 0);
        Tensor s = mean(files, FactorKind.GRADIENT_COVARIANCE, FactorKind.GRADIENT_COUNT);
        Tensor a = mean(files, FactorKind.ACTIVATION_COVARIANCE, FactorKind.ACTIVATION_COUNT);
        Tensor sp = work.allocate(DType.FLOAT64, p.shape());
        Tensor left = work.allocate(DType.FLOAT64, p.shape());
        algebra.gemm(1, s, p, 0, sp);
        algebra.gemm(1, sp, a, 0, left);
        algebra.add(damping, p, left);
        assertThat(HostArrays.download(algebra, left)).containsExactly(HostArrays.download(algebra, g), within(1e-12));
    }

    /// EK-FAC in its own basis: (Q_Sᵀ P Q_A)·(Λ+λ) = Q_Sᵀ G Q_A, element by element.
    @Test
    void ekfacDividesInTheEigenbasis() throws IOException {
        FactorFiles files = FittedFactors.ekfac(algebra, ROWS, folder, DType.FLOAT64);
        Tensor g = gradient();
        Tensor p = preconditioned(CurvatureStrategy.EKFAC, files, new Damping.Absolute(0.37), g);
        double[] lambda = read(files, FactorKind.LAMBDA_MATRIX);
        double[] rotatedG = rotated(files, g.select(0, 0));
        double[] rotatedP = rotated(files, p.select(0, 0));
        for (int i = 0; i < lambda.length; i++) {
            rotatedP[i] *= lambda[i] / 6 + 0.37;
        }
        assertThat(rotatedP).containsExactly(rotatedG, within(1e-12));
    }

    @Test
    void dampingIsAShareOfTheMeanOfLambda() throws IOException {
        FactorFiles files = FittedFactors.ekfac(algebra, ROWS, folder, DType.FLOAT64);
        double mean = 0;
        double[] lambda = read(files, FactorKind.LAMBDA_MATRIX);
        for (double value : lambda) {
            mean += value / 6 / lambda.length;
        }
        try (var preconditioner =
                Preconditioner.load(algebra, files, DOWN, CurvatureStrategy.EKFAC, TENTH, DType.FLOAT32)) {
            assertThat(preconditioner.damping()).isCloseTo(0.1 * mean, within(1e-12 * mean));
        }
    }

    @Test
    void gradientsMayBeReplacedInPlace() throws IOException {
        FactorFiles files = FittedFactors.ekfac(algebra, ROWS, folder, DType.FLOAT64);
        Tensor g = gradient();
        double[] expected = HostArrays.download(algebra, preconditioned(CurvatureStrategy.EKFAC, files, TENTH, g));
        try (var preconditioner =
                Preconditioner.load(algebra, files, DOWN, CurvatureStrategy.EKFAC, TENTH, DType.FLOAT64)) {
            preconditioner.apply(g, g);
        }
        assertThat(HostArrays.download(algebra, g)).isEqualTo(expected);
    }

    @Test
    void eigenvaluesThatRoundingLeftBelowZeroCountAsZero() throws IOException {
        FactorFiles files = FittedFactors.ekfac(algebra, ROWS, folder, DType.FLOAT64);
        double[] lambdaS = {-1e-3, 0, 1, 2, 3, 4, 5};
        Tensor values = work.allocate(DType.FLOAT64, 7);
        HostArrays.upload(algebra, lambdaS, values);
        try (var writer = SafetensorsWriter.create(
                files.file(FactorKind.GRADIENT_EIGENVALUES),
                Map.of(),
                List.of(TensorStorage.slot(DOWN.name(), DType.FLOAT64, 7)))) {
            TensorStorage.write(algebra, values, writer, DOWN.name(), DType.FLOAT64);
            writer.finish();
        }
        double[] lambdaA = read(files, FactorKind.ACTIVATION_EIGENVALUES);
        Tensor g = gradient();
        Tensor p = preconditioned(CurvatureStrategy.KFAC, files, new Damping.Absolute(1e-6), g);
        double[] rotatedG = rotated(files, g.select(0, 0));
        double[] rotatedP = rotated(files, p.select(0, 0));
        for (int i = 0; i < rotatedG.length; i++) {
            double expected = rotatedG[i] / (Math.max(lambdaS[i / 10], 0) * lambdaA[i % 10] + 1e-6);
            assertThat(rotatedP[i]).isCloseTo(expected, within(1e-7 + 1e-9 * Math.abs(expected)));
        }
    }

    @Test
    void aModuleWithoutGradientNeedsAnAbsoluteDamping() throws IOException {
        var files = new FactorFiles(folder);
        try (var lambda =
                LambdaAccumulator.inParameterBasis(algebra, MODULES, new BatchCapacity(10, 2), DType.FLOAT64)) {
            ROWS.replay(
                    algebra,
                    DType.FLOAT64,
                    (module, a, g, segments) -> {
                        algebra.fill(g, 0);
                        lambda.accept(module, a, g, segments);
                    },
                    0);
            files.writeLambda(algebra, lambda, DType.FLOAT64);
        }
        assertThatThrownBy(() ->
                        Preconditioner.load(algebra, files, GATE, CurvatureStrategy.DIAGONAL, TENTH, DType.FLOAT64))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(
                        folder + ": module mlp.gate: expected a damping above 0, found 0.0; Λ is zero or not finite,"
                                + " so give an absolute damping or fit on more documents");
    }

    private Tensor gradient() {
        Tensor g = work.allocate(DType.FLOAT64, 1, DOWN.outputs(), DOWN.activationSize());
        HostArrays.upload(algebra, SeededRows.flat(ROWS.gradient(DOWN, 2)), g);
        return g;
    }

    private Tensor preconditioned(CurvatureStrategy strategy, FactorFiles files, Damping damping, Tensor g)
            throws IOException {
        Tensor p = work.allocate(DType.FLOAT64, g.shape());
        try (var preconditioner = Preconditioner.load(algebra, files, DOWN, strategy, damping, DType.FLOAT64)) {
            preconditioner.apply(g, p);
        }
        return p;
    }

    private double[] read(FactorFiles files, FactorKind kind) throws IOException {
        Tensor tensor = work.allocate(DType.FLOAT64, kind.shape(DOWN));
        files.read(algebra, kind, DOWN, tensor);
        return HostArrays.download(algebra, tensor);
    }

    private Tensor mean(FactorFiles files, FactorKind sum, FactorKind count) throws IOException {
        Tensor mean = work.allocate(DType.FLOAT64, sum.shape(DOWN));
        files.read(algebra, sum, DOWN, mean);
        algebra.scale(1.0 / files.readCount(count, DOWN), mean, mean);
        return mean;
    }

    private double[] rotated(FactorFiles files, Tensor matrix) throws IOException {
        Tensor qA = work.allocate(DType.FLOAT64, 10, 10);
        Tensor qS = work.allocate(DType.FLOAT64, 7, 7);
        files.read(algebra, FactorKind.ACTIVATION_EIGENVECTORS, DOWN, qA);
        files.read(algebra, FactorKind.GRADIENT_EIGENVECTORS, DOWN, qS);
        Tensor x = work.allocate(DType.FLOAT64, matrix.shape());
        Tensor y = work.allocate(DType.FLOAT64, matrix.shape());
        algebra.gemm(1, matrix, qA, 0, x);
        algebra.gemm(1, qS.transposed(), x, 0, y);
        return HostArrays.download(algebra, y);
    }
}
