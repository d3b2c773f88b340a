package dev.wellspring.linalg.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.linalg.cuda.Gpu.Float32Products;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Singular vectors of FLOAT32 matrices whose squares FLOAT32 does not hold, and with TF32 products.
class DeviceSubspacesTest {
    private static final int RANK = 4;

    /// Of the matrices of one batch, which do not depend on one another.
    private static final double[] SCALES = {1, 1e-25, 0, 1e25, 1e-33, 1e33};

    /// Singular values to a matrix's scale; the last two are left out.
    private static final double[] SIGMA = {1, 0.8, 0.3, 0.1, 1e-3, 1e-4};

    private final SplittableRandom random = new SplittableRandom(3);

    /// The scale of a matrix costs no precision, nor do rounded products more than their rounding: TF32 rounds
    /// a factor by up to 2⁻¹¹ of it, so that an element of A·V is off by twice that at most, and by less the
    /// more numbers it is the sum of. Directions are made orthonormal in FLOAT64.
    @ParameterizedTest
    @CsvSource({"EXACT, 96, 80, 2e-6", "EXACT, 80, 96, 2e-6", "TF32, 96, 80, 0x1p-10", "TF32, 80, 96, 0x1p-10"})
    void neitherScaleNorRoundedProductsCostPrecision(Float32Products products, int m, int n, double tolerance) {
        try (LinearAlgebra algebra = CudaUnderTest.open(products)) {
            for (Found found : decompose(algebra, m, n, SIGMA)) {
                found.expect(tolerance);
            }
        }
    }

    /// A matrix of the wanted rank is found whole: what remains is rounding, and shows which one. Of the emulated
    /// device's, since cuBLAS is free to round less.
    @ParameterizedTest
    @CsvSource({"EXACT, 0, 1e-6", "TF32, 2e-5, 1e-3"})
    void whatRemainsOfAMatrixOfLowRankIsTheRoundingOfProducts(Float32Products products, double least, double most) {
        double[] sigma = Arrays.copyOf(SIGMA, RANK);
        Gpu gpu = CudaUnderTest.emulated(EmulatedCuda.USUAL, products);
        try (LinearAlgebra algebra = new CudaLinearAlgebra(gpu, new ReferenceLinearAlgebra())) {
            for (Found found : decompose(algebra, 96, 80, sigma)) {
                if (found.scale > 0) {
                    assertThat(found.remainder() / found.scale).isBetween(least, most);
                }
            }
        }
    }

    private Found[] decompose(LinearAlgebra algebra, int m, int n, double[] sigma) {
        int batch = SCALES.length;
        double[] matrices = new double[batch * m * n];
        for (int b = 0; b < batch; b++) {
            add(matrices, b * m * n, m, n, sigma, SCALES[b]);
        }
        try (Workspace memory = new Workspace(algebra)) {
            Tensor a = memory.allocate(DType.FLOAT32, batch, m, n);
            Tensor u = memory.allocate(DType.FLOAT32, batch, m, RANK);
            Tensor v = memory.allocate(DType.FLOAT32, batch, n, RANK);
            algebra.upload(MemorySegment.ofArray(matrices), DType.FLOAT64, a);
            algebra.batchedTruncatedSvd(a, u, v);
            double[] left = read(algebra, u);
            double[] right = read(algebra, v);
            Found[] found = new Found[batch];
            Arrays.setAll(
                    found, b -> new Found(SCALES[b], sigma, part(matrices, b), part(left, b), part(right, b), m, n));
            return found;
        }
    }

    private static double[] part(double[] all, int b) {
        int each = all.length / SCALES.length;
        return Arrays.copyOfRange(all, b * each, (b + 1) * each);
    }

    /// Adds scale·Σ σ_k·p_k·q_kᵀ with orthonormal p and q.
    private void add(double[] matrices, int offset, int m, int n, double[] sigma, double scale) {
        double[][] p = orthonormal(sigma.length, m);
        double[][] q = orthonormal(sigma.length, n);
        for (int k = 0; k < sigma.length; k++) {
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    matrices[offset + i * n + j] += scale * sigma[k] * p[k][i] * q[k][j];
                }
            }
        }
    }

    private double[][] orthonormal(int count, int n) {
        double[][] vectors = new double[count][];
        for (int k = 0; k < count; k++) {
            double[] vector = random.doubles(n, -1, 1).toArray();
            for (int earlier = 0; earlier < k; earlier++) {
                double[] other = vectors[earlier];
                double along = dot(vector, other);
                Arrays.setAll(vector, i -> vector[i] - along * other[i]);
            }
            double length = Math.sqrt(dot(vector, vector));
            Arrays.setAll(vector, i -> vector[i] / length);
            vectors[k] = vector;
        }
        return vectors;
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    private static double[] read(LinearAlgebra algebra, Tensor tensor) {
        double[] numbers = new double[Math.toIntExact(tensor.elementCount())];
        algebra.download(tensor, MemorySegment.ofArray(numbers), DType.FLOAT64);
        return numbers;
    }

    /// U and V of one matrix A.
    private record Found(double scale, double[] sigma, double[] a, double[] u, double[] v, int m, int n) {
        /// All but what is left out is there, U's columns are singular values long, and V's are orthonormal.
        ///
        /// @param tolerance to the matrix's scale
        void expect(double tolerance) {
            assertThat(u).doesNotContain(Double.NaN);
            assertThat(v).doesNotContain(Double.NaN);
            if (scale == 0) {
                assertThat(remainder()).isZero();
                return;
            }
            double leftOut = Math.hypot(sigma[RANK], sigma[RANK + 1]);
            assertThat(remainder() / scale).isCloseTo(leftOut, within(tolerance));
            for (int i = 0; i < RANK; i++) {
                assertThat(Math.sqrt(product(u, i, i)) / scale).isCloseTo(sigma[i], within(tolerance));
                for (int j = 0; j < RANK; j++) {
                    assertThat(product(v, i, j)).isCloseTo(i == j ? 1 : 0, within(2e-6));
                }
            }
        }

        /// ‖A − U·Vᵀ‖
        double remainder() {
            double sum = 0;
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    double error = a[i * n + j];
                    for (int k = 0; k < RANK; k++) {
                        error -= u[i * RANK + k] * v[j * RANK + k];
                    }
                    sum += error * error;
                }
            }
            return Math.sqrt(sum);
        }

        private static double product(double[] columns, int i, int j) {
            double sum = 0;
            for (int row = 0; row < columns.length; row += RANK) {
                sum += columns[row + i] * columns[row + j];
            }
            return sum;
        }
    }
}
