package dev.wellspring.linalg;

import static dev.wellspring.linalg.Contract.assertRefuses;
import static dev.wellspring.linalg.Contract.assertRepeats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Eigenvectors and singular vectors, judged by residuals: single vectors are only determined up to sign, and less
/// than that where values coincide. Some widely used builds fail from n = 256 on, so the sizes reach 1,000.
public interface DecompositionContract extends Contract {
    // ---- eigh ----

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7, 8, 9, 17, 64, 300, 512, 1000})
    default void eighDecomposesASymmetricMatrix(int n) {
        double[] a = lab().numbers(n * n);
        mirrorLowerTriangle(a, n);
        expectEigh(a, n);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 17, 64, 300})
    default void eighDecomposesACovarianceOfFewRows(int n) {
        double[] a = gram(lab().numbers(n / 2 * n), n / 2, n);
        double[] w = expectEigh(a, n);
        double largest = w[n - 1];
        assertThat(Arrays.stream(w, 0, n - n / 2))
                .allSatisfy(value -> assertThat(value).isCloseTo(0, within(1e-12 * largest)));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-300, 1e-12, 1e12, 1e300})
    default void eighKeepsItsPrecisionAtAnyScale(double scale) {
        double[] a = gram(lab().numbers(20 * 33), 20, 33);
        expectEigh(Arrays.stream(a).map(x -> scale * x).toArray(), 33);
    }

    @Test
    default void eighFindsRepeatedEigenvalues() {
        int n = 65;
        double[] q = orthonormal(n, n);
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                for (int k = 0; k < n; k++) {
                    a[i * n + j] += (k % 3 - 1) * q[k * n + i] * q[k * n + j];
                }
            }
        }
        mirrorLowerTriangle(a, n);
        double[] w = expectEigh(a, n);
        for (int k = 0; k < n; k++) {
            assertThat(w[k]).isCloseTo(k < 22 ? -1 : k < 44 ? 0 : 1, within(1e-12));
        }
    }

    @Test
    default void eighOfADiagonalMatrixSortsIt() {
        double[] a = new double[25];
        double[] diagonal = {3, -1, 0, 7, -1};
        for (int i = 0; i < 5; i++) {
            a[i * 6] = diagonal[i];
        }
        assertThat(expectEigh(a, 5)).containsExactly(new double[] {-1, -1, 0, 3, 7}, within(1e-14));
        assertThat(expectEigh(new double[25], 5)).containsExactly(new double[5], within(0.0));
    }

    @Test
    default void eighReadsTheLowerTriangleOnly() {
        int n = 17;
        double[] a = gram(lab().numbers(20 * n), 20, n);
        double[] expected = expectEigh(a, n);
        for (int i = 0; i < n; i++) {
            Arrays.fill(a, i * n + i + 1, (i + 1) * n, Double.NaN);
        }
        Tensor values = lab().blank(DType.FLOAT64, n);
        algebra().eigh(lab().of(DType.FLOAT64, a, n, n), values, lab().blank(DType.FLOAT64, n, n));
        lab().assertSame(values, expected);
    }

    @Test
    default void decompositionsRepeatToTheBit() {
        Tensor a = lab().of(DType.FLOAT64, gram(lab().numbers(65 * 65), 65, 65), 65, 65);
        Tensor values = lab().blank(DType.FLOAT64, 65);
        Tensor vectors = lab().blank(DType.FLOAT64, 65, 65);
        assertRepeats(() -> {
            algebra().eigh(a, values, vectors);
            return lab().read(vectors);
        });
        Tensor u = lab().blank(DType.FLOAT64, 65, 8);
        Tensor v = lab().blank(DType.FLOAT64, 65, 8);
        assertRepeats(() -> {
            algebra().truncatedSvd(a, u, v);
            return lab().read(v);
        });
    }

    /// Residual ‖AV − V·diag(w)‖ ≤ 1e-12·‖A‖ and ‖VᵀV − I‖ ≤ 1e-12·√n (Frobenius), w rising.
    ///
    /// @return w
    private double[] expectEigh(double[] symmetric, int n) {
        Tensor a = lab().of(DType.FLOAT64, symmetric, n, n);
        Tensor values = lab().blank(DType.FLOAT64, n);
        Tensor vectors = lab().blank(DType.FLOAT64, n, n);
        algebra().eigh(a, values, vectors);
        double[] w = lab().read(values);
        double[] v = lab().read(vectors);
        assertThat(w).isSorted();

        Tensor product = lab().blank(DType.FLOAT64, n, n);
        algebra().gemm(1, a, vectors, 0, product);
        double[] residual = lab().read(product);
        for (int i = 0; i < n * n; i++) {
            residual[i] -= v[i] * w[i % n];
        }
        assertThat(norm(residual)).isLessThanOrEqualTo(1e-12 * norm(symmetric));

        algebra().gemm(1, vectors.transposed(), vectors, 0, product);
        assertOrthonormal(lab().read(product), n, 1e-12 * Math.sqrt(n));
        return w;
    }

    // ---- truncatedSvd ----

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1",
        "1, 7, 1",
        "7, 1, 1",
        "5, 3, 2",
        "3, 5, 3",
        "8, 8, 8",
        "17, 9, 4",
        "9, 17, 4",
        "64, 16, 16",
        "16, 64, 16",
        "65, 63, 10",
        "63, 65, 63",
        "150, 200, 32",
        "200, 150, 32",
        "4, 0, 0",
        "5, 6, 0"
    })
    default void truncatedSvdIsTheBestApproximation(int m, int n, int r) {
        int p = Math.min(m, n);
        double[] sigma = new double[p];
        Arrays.setAll(sigma, j -> Math.pow(0.7, j));
        expectSvd(DType.FLOAT64, sigma, m, n, r, 1e-13);
        expectSvd(DType.FLOAT32, sigma, m, n, r, 1e-6);
    }

    @ParameterizedTest
    @CsvSource({"20, 12, 8", "12, 20, 8", "16, 16, 16"})
    default void truncatedSvdTakesMatricesOfLowRank(int m, int n, int r) {
        double[] sigma = new double[Math.min(m, n)];
        sigma[0] = 3;
        sigma[1] = 3;
        sigma[2] = 1e-3;
        expectSvd(DType.FLOAT64, sigma, m, n, r, 1e-13);
    }

    /// Of a matrix that has many more, down to a thousandth of the largest; singular values that fall slowly.
    @ParameterizedTest
    @CsvSource({"130, 110, 0.4", "110, 130, 0.4", "110, 130, 0.9"})
    default void truncatedSvdFindsTheLeadingDirectionsOfFloat32(int m, int n, double ratio) {
        double[] sigma = new double[Math.min(m, n)];
        Arrays.setAll(sigma, j -> Math.pow(ratio, j));
        expectSvd(DType.FLOAT32, sigma, m, n, 8, 1e-5);
    }

    @Test
    default void truncatedSvdOfAZeroMatrixIsZero() {
        Tensor a = lab().of(DType.FLOAT64, new double[12], 3, 4);
        Tensor u = lab().blank(DType.FLOAT64, 3, 2);
        Tensor v = lab().blank(DType.FLOAT64, 4, 2);
        algebra().truncatedSvd(a, u, v);
        assertThat(lab().read(u)).usingComparatorWithPrecision(0.0).containsOnly(0);
        assertThat(lab().read(v)).doesNotContain(Double.NaN);
    }

    @Test
    default void truncatedSvdKeepsItsPrecisionAtAnyScale() {
        double[] sigma = {1e-20, 1e-21, 1e-25};
        expectSvd(DType.FLOAT64, sigma, 9, 3, 3, 1e-33);
        double[] large = {1e150, 1e149, 1e138};
        expectSvd(DType.FLOAT64, large, 3, 9, 2, 1e137);
    }

    /// A = P·diag(σ)·Qᵀ with known σ. The error must be that of dropping σ_r and the following, U's columns must be
    /// orthogonal and σ long, V's orthonormal as far as σ is not zero.
    private void expectSvd(DType type, double[] sigma, int m, int n, int r, double tolerance) {
        double[] left = orthonormal(sigma.length, m);
        double[] right = orthonormal(sigma.length, n);
        double[] product = new double[m * n];
        for (int k = 0; k < sigma.length; k++) {
            for (int i = 0; i < m * n; i++) {
                product[i] += sigma[k] * left[k * m + i / n] * right[k * n + i % n];
            }
        }
        Tensor a = lab().of(type, product, m, n);
        Tensor u = lab().blank(type, m, r);
        Tensor v = lab().blank(type, n, r);
        algebra().truncatedSvd(a, u, v);

        double[] us = lab().read(u);
        double[] vs = lab().read(v);
        double[] error = lab().read(a);
        for (int i = 0; i < m * n; i++) {
            for (int k = 0; k < r; k++) {
                error[i] -= us[i / n * r + k] * vs[i % n * r + k];
            }
        }
        assertThat(norm(error)).isCloseTo(norm(Arrays.copyOfRange(sigma, r, sigma.length)), within(tolerance));

        double[] lengths = gram(us, m, r);
        double[] directions = gram(vs, n, r);
        for (int i = 0; i < r; i++) {
            assertThat(Math.sqrt(lengths[i * r + i])).isCloseTo(sigma[i], within(tolerance));
            for (int j = 0; j < r; j++) {
                double cosine = directions[i * r + j];
                boolean determined = sigma[i] > 0 && sigma[j] > 0;
                assertThat(!determined || Math.abs(cosine - (i == j ? 1 : 0)) <= 64 * Lab.roundoff(type) + 1e-13)
                        .as("vectors %d and %d: %s", i, j, cosine)
                        .isTrue();
            }
        }
    }

    @Test
    default void decompositionsRefuseWrongShapesAndTypes() {
        Tensor a = lab().random(DType.FLOAT64, 3, 3);
        Tensor wide = lab().random(DType.FLOAT64, 3, 4);
        Tensor narrow = lab().random(DType.FLOAT32, 3, 3);
        Tensor three = lab().blank(DType.FLOAT64, 3);
        LinearAlgebra algebra = algebra();
        assertRefuses(() -> algebra.eigh(wide, three, a), "a", "[3, 3]", "got [3, 4]");
        assertRefuses(() -> algebra.eigh(narrow, three, a), "a", "FLOAT64", "got FLOAT32");
        assertRefuses(() -> algebra.eigh(a, three, wide), "vectors", "[3, 3]", "got [3, 4]");
        assertRefuses(() -> algebra.truncatedSvd(wide, a, a), "v", "[4, 3]", "got [3, 3]");
        Tensor u = lab().blank(DType.FLOAT64, 3, 4);
        Tensor v = lab().blank(DType.FLOAT64, 4, 4);
        assertRefuses(() -> algebra.truncatedSvd(wide, u, v), "u", "at most 3", "got 4");
    }

    // ---- helpers ----

    private static void mirrorLowerTriangle(double[] a, int n) {
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                a[j * n + i] = a[i * n + j];
            }
        }
    }

    /// XᵀX of X (rows, n).
    private static double[] gram(double[] x, int rows, int n) {
        double[] sum = new double[n * n];
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    sum[i * n + j] += x[row * n + i] * x[row * n + j];
                }
            }
        }
        return sum;
    }

    /// `count` orthonormal vectors of `n` numbers, one after the other (Gram–Schmidt, twice).
    private double[] orthonormal(int count, int n) {
        double[] vectors = lab().numbers(count * n);
        for (int k = 0; k < count; k++) {
            for (int earlier = 0; earlier < 2 * k; earlier++) {
                double along = 0;
                for (int i = 0; i < n; i++) {
                    along += vectors[k * n + i] * vectors[earlier % k * n + i];
                }
                for (int i = 0; i < n; i++) {
                    vectors[k * n + i] -= along * vectors[earlier % k * n + i];
                }
            }
            double length = norm(Arrays.copyOfRange(vectors, k * n, (k + 1) * n));
            for (int i = 0; i < n; i++) {
                vectors[k * n + i] /= length;
            }
        }
        return vectors;
    }

    private static void assertOrthonormal(double[] gram, int n, double tolerance) {
        double[] difference = gram.clone();
        for (int i = 0; i < n; i++) {
            difference[i * n + i] -= 1;
        }
        assertThat(norm(difference)).isLessThanOrEqualTo(tolerance);
    }

    /// Frobenius, safe from overflow.
    private static double norm(double[] values) {
        double largest = Arrays.stream(values).map(Math::abs).max().orElse(0);
        if (largest == 0 || !Double.isFinite(largest)) {
            return largest;
        }
        double sum = 0;
        for (double value : values) {
            sum += (value / largest) * (value / largest);
        }
        return largest * Math.sqrt(sum);
    }
}
