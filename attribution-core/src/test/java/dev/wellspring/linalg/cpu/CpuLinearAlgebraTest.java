package dev.wellspring.linalg.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.LinearAlgebraContract;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.linalg.host.Matrix;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuLinearAlgebraTest extends LinearAlgebraContract {
    @Override
    protected LinearAlgebra create() {
        return new CpuLinearAlgebra(RowParallel.serial());
    }

    @Test
    void theDescriptionNamesTheLibraryAndItsKernels() {
        assertThat(algebra().description())
                .startsWith("OpenBLAS 0.3.31 ")
                .endsWith(Vectors.FLOATS.vectorBitSize() + "-bit vector instructions");
    }

    @Test
    void bfloat16IsKeptOnlyWhereItIsMultiplied() {
        boolean multiplied = algebra().description().contains("; bfloat16 by oneDNN; ");
        assertThat(algebra().operandType(DType.BFLOAT16)).isEqualTo(multiplied ? DType.BFLOAT16 : DType.FLOAT32);
        assertThat(algebra().operandType(DType.FLOAT32)).isEqualTo(DType.FLOAT32);
        assertThat(algebra().operandType(DType.FLOAT64)).isEqualTo(DType.FLOAT64);
    }

    @Test
    void gradientNormsAreOneOperation() {
        try (var work = new Workspace(algebra())) {
            Tensor rows = work.allocate(DType.FLOAT32, 20, 8);
            Tensor norms = work.allocate(DType.FLOAT64, 1, 1);
            Segments segments = new Segments(new int[] {0, 20}, work.allocate(DType.INT32, 2));
            assertThat(algebra().addGradientNorms(rows, rows, segments, norms)).isTrue();
        }
    }

    /// Of a sum of 30,000 products only the whole is rounded.
    @Test
    void deepProductsIntoBfloat16AreRoundedOnce() {
        long depth = 30_000;
        try (var work = new Workspace(algebra())) {
            Tensor a = random(work, depth, 1);
            Tensor b = random(work, depth, 2);
            Tensor c = work.allocate(DType.BFLOAT16, 40, 40);
            algebra().gemm(1, a.transposed(), b, 0, c);
            Tensor wide = work.allocate(DType.FLOAT64, depth, 40);
            Tensor other = work.allocate(DType.FLOAT64, depth, 40);
            algebra().copy(a, wide);
            algebra().copy(b, other);
            Tensor expected = work.allocate(DType.FLOAT64, 40, 40);
            algebra().gemm(1, wide.transposed(), other, 0, expected);
            double[] exact = download(expected);
            double[] found = download(c);
            for (int i = 0; i < exact.length; i++) {
                assertThat(found[i]).isCloseTo(exact[i], within(0x1p-8 * Math.abs(exact[i]) + 1e-3));
            }
        }
    }

    private Tensor random(Workspace work, long rows, long seed) {
        var random = new SplittableRandom(seed);
        float[] values = new float[(int) rows * 40];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble();
        }
        Tensor tensor = work.allocate(DType.BFLOAT16, rows, 40);
        algebra().upload(MemorySegment.ofArray(values), DType.FLOAT32, tensor);
        return tensor;
    }

    private double[] download(Tensor tensor) {
        double[] values = new double[Math.toIntExact(tensor.elementCount())];
        algebra().download(tensor, MemorySegment.ofArray(values), DType.FLOAT64);
        return values;
    }

    /// Random directions with singular values that fall slowly, then hardly: the error is that of dropping all
    /// but the largest, and the batch gives the bits of its members.
    @ParameterizedTest
    @CsvSource({"700, 300, 20", "300, 700, 20", "400, 400, 5"})
    void leadingDirectionsOfALargeFloat32MatrixAreTheBest(int m, int n, int rank) {
        int p = 60;
        try (var work = new Workspace(algebra())) {
            double[] squares = new double[p];
            Tensor left = work.allocate(DType.FLOAT64, m, p);
            Tensor right = work.allocate(DType.FLOAT64, n, p);
            orthonormal(left, 1);
            orthonormal(right, 2);
            double[] values = new double[m * p];
            algebra().download(left, MemorySegment.ofArray(values), DType.FLOAT64);
            for (int i = 0; i < values.length; i++) {
                double sigma = i % p < 30 ? Math.pow(0.8, i % p) : Math.pow(0.8, 30) * 0.99;
                squares[i % p] = sigma * sigma;
                values[i] *= sigma;
            }
            algebra().upload(MemorySegment.ofArray(values), DType.FLOAT64, left);
            Tensor a = work.allocate(DType.FLOAT32, 3, m, n);
            for (int i = 0; i < 3; i++) {
                algebra().gemm(i + 1, left, right.transposed(), 0, a.select(0, i));
            }
            Tensor u = work.allocate(DType.FLOAT32, 3, m, rank);
            Tensor v = work.allocate(DType.FLOAT32, 3, n, rank);
            algebra().batchedTruncatedSvd(a, u, v);
            Tensor oneU = work.allocate(DType.FLOAT32, m, rank);
            Tensor oneV = work.allocate(DType.FLOAT32, n, rank);
            for (int i = 0; i < 3; i++) {
                algebra().truncatedSvd(a.select(0, i), oneU, oneV);
                assertThat(floats(u.select(0, i))).containsExactly(floats(oneU));
                assertThat(floats(v.select(0, i))).containsExactly(floats(oneV));
                Tensor rest = a.select(0, i);
                algebra().gemm(-1, oneU, oneV.transposed(), 1, rest);
                Tensor error = work.allocate(DType.FLOAT64, 1);
                algebra().dot(rest, rest, 0, error);
                double best = Arrays.stream(squares).skip(rank).sum() * (i + 1) * (i + 1);
                double all = Arrays.stream(squares).sum() * (i + 1) * (i + 1);
                assertThat(doubles(error)[0]).isCloseTo(best, within(1e-6 * all));
            }
        }
    }

    private void orthonormal(Tensor columns, long seed) {
        var random = new SplittableRandom(seed);
        double[] values = new double[Math.toIntExact(columns.elementCount())];
        Arrays.setAll(values, _ -> random.nextGaussian());
        MemorySegment memory = columns.segment();
        MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_DOUBLE, 0, values.length);
        try (Tensor reflectors = algebra().allocate(DType.FLOAT64, columns.size(1))) {
            new OpenBlas().orthonormalise(Matrix.of(columns), reflectors.segment());
        }
    }

    private float[] floats(Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.elementCount())];
        algebra().download(tensor, MemorySegment.ofArray(values), DType.FLOAT32);
        return values;
    }

    private double[] doubles(Tensor tensor) {
        double[] values = new double[Math.toIntExact(tensor.elementCount())];
        algebra().download(tensor, MemorySegment.ofArray(values), DType.FLOAT64);
        return values;
    }
}
