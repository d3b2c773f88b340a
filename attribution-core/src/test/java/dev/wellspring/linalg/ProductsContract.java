package dev.wellspring.linalg;

import static dev.wellspring.linalg.Contract.assertRefuses;
import static dev.wellspring.linalg.Contract.assertRepeats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// gemm, batchedGemm, rankUpdate, and what is made of them.
///
/// Tolerance: terms lie between −1 and 1, so a sum of k of them in arithmetic with roundoff u is off by about u·k;
/// 2·u·(k + 8) is allowed, and the rounding of the result on top. Products of narrow inputs may be formed in FLOAT32
/// even when C is FLOAT64.
public interface ProductsContract extends Contract {
    /// Types of A, B and C. Bfloat16 inputs must work everywhere, even where no model is computed in it.
    enum Types {
        SINGLE(DType.FLOAT32, DType.FLOAT32, DType.FLOAT32),
        DOUBLE(DType.FLOAT64, DType.FLOAT64, DType.FLOAT64),
        BFLOAT(DType.BFLOAT16, DType.BFLOAT16, DType.BFLOAT16),
        SINGLE_INTO_DOUBLE(DType.FLOAT32, DType.FLOAT32, DType.FLOAT64),
        BFLOAT_INTO_SINGLE(DType.BFLOAT16, DType.BFLOAT16, DType.FLOAT32),
        BFLOAT_INTO_DOUBLE(DType.BFLOAT16, DType.BFLOAT16, DType.FLOAT64),
        SINGLE_BY_BFLOAT(DType.FLOAT32, DType.BFLOAT16, DType.FLOAT32),
        BFLOAT_BY_DOUBLE(DType.BFLOAT16, DType.FLOAT64, DType.FLOAT64),
        DOUBLE_INTO_SINGLE(DType.FLOAT64, DType.FLOAT64, DType.FLOAT32);

        private final DType a;
        private final DType b;
        private final DType c;

        Types(DType a, DType b, DType c) {
            this.a = a;
            this.b = b;
            this.c = c;
        }

        double tolerance(long terms) {
            return 2 * Lab.arithmetic(a, b) * (terms + 8);
        }
    }

    @ParameterizedTest
    @EnumSource(Types.class)
    default void gemmAddsUpRowsTimesColumnsAtEverySize(Types types) {
        for (int size : SIZES) {
            expectGemm(types, size, 5, 3, false, false, 1, 0);
            expectGemm(types, 3, size, 5, false, false, 1, 0);
            expectGemm(types, 5, 3, size, false, false, 1, 0);
            expectGemm(types, size, size, size, false, false, 1, 0);
        }
        expectGemm(types, 2, 1000, 3, false, false, 1, 0);
    }

    /// Few results of sums so long that backends may cut them.
    @ParameterizedTest
    @EnumSource(Types.class)
    default void gemmAddsUpLongSums(Types types) {
        expectGemm(types, 33, 33_000, 40, false, false, 1, 0);
        expectGemm(types, 4, 1_100_000, 8, false, true, -0.5, 0.25);
    }

    /// As large as those of a model, for which backends may have other kernels: every layout, sums of some hundred
    /// and of more than a thousand terms, rows of B that begin at the same places of a cache or not.
    @ParameterizedTest
    @EnumSource(
            value = Types.class,
            names = {"SINGLE", "BFLOAT_INTO_SINGLE"})
    default void gemmTakesLargeInputs(Types types) {
        expectGemm(types, 70, 300, 150, false, false, 1, 0);
        expectGemm(types, 130, 1100, 139, false, false, 0.5, 0.25);
        expectGemm(types, 40, 1100, 251, false, false, 1, 1);
        expectGemm(types, 64, 400, 139, true, false, 1, 0);
        expectGemm(types, 65, 300, 150, false, true, -0.5, 0.25);
        expectGemm(types, 65, 300, 150, true, true, 1, 0);
    }

    @ParameterizedTest
    @EnumSource(Types.class)
    default void gemmTakesTransposedInputs(Types types) {
        for (int size : new int[] {1, 8, 17}) {
            expectGemm(types, size, 9, size + 1, true, false, 1, 0);
            expectGemm(types, size, 9, size + 1, false, true, 1, 0);
            expectGemm(types, size, 9, size + 1, true, true, 1, 0);
        }
    }

    /// Where it is not done, nothing is.
    @ParameterizedTest
    @EnumSource(Types.class)
    default void addSquaredProductsAddsTheSquaresOfProducts(Types types) {
        for (int size : SIZES) {
            expectSquares(types, size, 5, 3, false);
            expectSquares(types, 3, 511, size, true);
            expectSquares(types, size, size, size, true);
        }
        expectSquares(types, 600, 30, 700, true);
    }

    @ParameterizedTest
    @EnumSource(Types.class)
    default void gemmWeighsTheProductAndTheOldValue(Types types) {
        for (double alpha : new double[] {1, 0, -0.5}) {
            for (double beta : new double[] {1, 0.25, -2}) {
                expectGemm(types, 4, 9, 17, false, true, alpha, beta);
            }
        }
    }

    @Test
    default void gemmOfAnEmptyInnerAxisOnlyScalesTheOldValue() {
        Tensor c = lab().state(DType.FLOAT32, 3, 4);
        double[] old = lab().read(c);
        Tensor a = lab().random(DType.FLOAT32, 3, 0);
        Tensor b = lab().random(DType.FLOAT32, 0, 4);
        algebra().gemm(1, a, b, 0.5, c);
        lab().assertSame(c, Arrays.stream(old).map(x -> 0.5 * x).toArray());
        algebra().fill(c, Double.NaN);
        algebra().gemm(1, a, b, 0, c);
        lab().assertSame(c, new double[12]);
    }

    @Test
    default void gemmAddsNarrowProductsToADoubleInDouble() {
        Tensor a = lab().of(DType.FLOAT32, new double[] {0x1p-10}, 1, 1);
        Tensor c = lab().blank(DType.FLOAT64, 1, 1);
        lab().write(new double[] {0x1p30}, c);
        algebra().gemm(1, a, a, 1, c);
        lab().assertSame(c, new double[] {0x1p30 + 0x1p-20});
        algebra().rankUpdate(1, a, 1, c);
        lab().assertSame(c, new double[] {0x1p30 + 0x1p-19});
    }

    @Test
    default void gemmKeepsTheColumnsNextToItsOutput() {
        Tensor wide = lab().state(DType.FLOAT32, 6, 20);
        double[] old = lab().read(wide);
        algebra()
                .gemm(
                        1,
                        lab().random(DType.FLOAT32, 4, 5),
                        lab().random(DType.FLOAT32, 5, 7),
                        0,
                        wide.slice(0, 1, 5).columns(6, 13));
        double[] now = lab().read(wide);
        for (int i = 0; i < old.length; i++) {
            boolean inside = i / 20 >= 1 && i / 20 < 5 && i % 20 >= 6 && i % 20 < 13;
            if (!inside && now[i] != old[i]) {
                throw new AssertionError("element " + i + ": expected " + old[i] + ", got " + now[i]);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Types.class)
    default void aRowOfAProductDoesNotDependOnTheOtherRows(Types types) {
        Tensor a = lab().random(types.a, 17, 65);
        Tensor b = lab().random(types.b, 65, 33);
        Tensor together = lab().blank(types.c, 17, 33);
        algebra().gemm(1, a, b, 0, together);
        for (int row = 0; row < 17; row += 4) {
            Tensor alone = lab().blank(types.c, 1, 33);
            algebra().gemm(1, a.rows(row, row + 1), b, 0, alone);
            assertSameInCompany(alone, lab().read(together.rows(row, row + 1)), types.tolerance(65));
        }
    }

    @ParameterizedTest
    @EnumSource(Types.class)
    default void productsRepeatToTheBit(Types types) {
        Tensor a = lab().random(types.a, 33, 129);
        Tensor b = lab().random(types.b, 129, 65);
        Tensor c = lab().blank(types.c, 33, 65);
        assertRepeats(() -> {
            algebra().gemm(1, a, b, 0, c);
            return lab().read(c);
        });
        Tensor square = lab().blank(types.c, 129, 129);
        assertRepeats(() -> {
            algebra().rankUpdate(1, a, 0, square);
            return lab().read(square);
        });
    }

    @ParameterizedTest
    @EnumSource(Types.class)
    default void batchedGemmIsOneGemmPerElement(Types types) {
        for (int batch : new int[] {0, 1, 3}) {
            for (int size : new int[] {0, 1, 7, 8, 17, 65}) {
                expectBatchedGemm(
                        types,
                        lab().random(types.a, batch, 4, size),
                        lab().random(types.b, batch, size, 5),
                        lab().state(types.c, batch, 4, 5));
                expectBatchedGemm(
                        types,
                        lab().random(types.a, batch, size, 4).transposed(),
                        lab().random(types.b, batch, 5, size).transposed(),
                        lab().state(types.c, batch, 4, 5));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Types.class)
    default void batchedGemmTakesHeadsOfPackedRows(Types types) {
        Tensor queries =
                lab().random(types.a, 9, 6, 8).split(1, 3, 2).select(2, 1).swapped(0, 1);
        Tensor keys = lab().random(types.b, 9, 3, 8).swapped(0, 1);
        expectBatchedGemm(types, queries, keys.transposed(), lab().state(types.c, 3, 9, 9));
        Tensor out = lab().state(types.c, 9, 3, 8).swapped(0, 1);
        expectBatchedGemm(types, lab().random(types.a, 3, 9, 9).transposed(), keys, out);
    }

    @ParameterizedTest
    @EnumSource(Types.class)
    default void batchedGemmRepeatsAnOperandOfStrideZero(Types types) {
        Tensor a = lab().random(types.a, 4, 9);
        Tensor b = lab().random(types.b, 9, 5);
        expectBatchedGemm(types, a.repeated(3), lab().random(types.b, 3, 9, 5), lab().state(types.c, 3, 4, 5));
        expectBatchedGemm(types, lab().random(types.a, 3, 4, 9), b.repeated(3), lab().state(types.c, 3, 4, 5));
    }

    @ParameterizedTest
    @EnumSource(Types.class)
    default void rankUpdateAddsUpOuterProductsOfRows(Types types) {
        for (int size : SIZES) {
            expectRankUpdate(types, size, 9, 1, 0);
            expectRankUpdate(types, 9, size, 1, 0);
        }
        expectRankUpdate(types, 1000, 3, 1, 0);
        expectRankUpdate(types, 300, 521, 1, 1);
        expectRankUpdate(types, 5, 17, -0.5, 1);
        expectRankUpdate(types, 5, 17, 2, 0.25);
    }

    /// More rows and columns than backends take at once.
    @Test
    default void rankUpdateOfALargeMatrixHoldsInEveryPart() {
        int rows = 2100;
        int n = 801;
        Tensor x = lab().random(DType.FLOAT32, rows, n);
        Tensor c = lab().blank(DType.FLOAT64, n, n);
        algebra().rankUpdate(1, x, 0, c);
        double[] values = lab().read(x);
        for (int row : new int[] {0, 255, 400, 402, 767, 800}) {
            double[] expected = product(1, column(values, n, row), values, 0, new double[n], 1, rows, n);
            double tolerance = 2 * Lab.arithmetic(DType.FLOAT32, DType.FLOAT32) * rows * Math.sqrt(rows);
            lab().assertHolds(c.rows(row, row + 1), expected, tolerance);
            lab().assertHolds(c.columns(row, row + 1), expected, tolerance);
        }
    }

    private static double[] column(double[] values, int n, int column) {
        double[] taken = new double[values.length / n];
        for (int row = 0; row < taken.length; row++) {
            taken[row] = values[row * n + column];
        }
        return taken;
    }

    @Test
    default void rankUpdateMayBeCutIntoCalls() {
        Tensor x = lab().random(DType.FLOAT32, 40, 17);
        Tensor whole = lab().blank(DType.FLOAT64, 17, 17);
        Tensor parts = lab().blank(DType.FLOAT64, 17, 17);
        algebra().rankUpdate(1, x, 0, whole);
        algebra().rankUpdate(1, x.rows(0, 13), 0, parts);
        algebra().rankUpdate(1, x.rows(13, 40), 1, parts);
        assertSameInCompany(parts, lab().read(whole), Types.SINGLE_INTO_DOUBLE.tolerance(40));
    }

    /// Documents around the tiles that their products may be cut into. Where it is not done, nothing is.
    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"FLOAT32", "BFLOAT16"})
    default void addGradientNormsAddsThoseOfEveryDocument(DType type) {
        int in = 97;
        int out = 80;
        Segments segments = lab().segments(1, 130, 0, 2, 600);
        Tensor a = lab().random(type, segments.rows(), in);
        Tensor g = lab().random(type, segments.rows(), out);
        Tensor norms = lab().state(DType.FLOAT64, segments.count(), 1);
        double[] expected = lab().read(norms);
        boolean done = algebra().addGradientNorms(a, g, segments, norms);
        double[] found = lab().read(norms);
        for (int d = 0; d < segments.count(); d++) {
            double norm =
                    done ? squaredNorm(segments.start(d), segments.end(d), lab().read(a), in, lab().read(g), out) : 0;
            assertThat(found[d]).isCloseTo(expected[d] + norm, within(1e-5 * norm));
        }
    }

    /// ‖Σ_t g_t a_tᵀ‖² over rows `from` (inclusive) to `to` (exclusive).
    static double squaredNorm(int from, int to, double[] a, int in, double[] g, int out) {
        double norm = 0;
        for (int i = 0; i < out; i++) {
            for (int j = 0; j < in; j++) {
                double sum = 0;
                for (int t = from; t < to; t++) {
                    sum += g[t * out + i] * a[t * in + j];
                }
                norm += sum * sum;
            }
        }
        return norm;
    }

    @Test
    default void productsRefuseWrongShapes() {
        Tensor a = lab().random(DType.FLOAT32, 3, 4);
        Tensor b = lab().random(DType.FLOAT32, 4, 5);
        Tensor c = lab().blank(DType.FLOAT32, 3, 5);
        LinearAlgebra algebra = algebra();
        assertRefuses(() -> algebra.gemm(1, a, a, 0, c), "b", "[4, -1]", "got [3, 4]");
        assertRefuses(() -> algebra.gemm(1, a, b, 0, a), "c", "[3, 5]", "got [3, 4]");
        assertRefuses(() -> algebra.gemm(1, a.select(0, 1), b, 0, c), "a", "[-1, -1]", "got [4]");
        assertRefuses(() -> algebra.gemm(1, a, b, 0, lab().blank(DType.INT32, 3, 5)), "c", "FLOAT32", "got INT32");
        assertRefuses(() -> algebra.rankUpdate(1, a, 0, c), "c", "[4, 4]", "got [3, 5]");
        assertRefuses(
                () -> algebra.batchedGemm(1, a.repeated(2), b.repeated(3), 0, c.repeated(2)),
                "b",
                "[2, 4, -1]",
                "got [3, 4, 5]");
    }

    private void expectGemm(Types types, int m, int k, int n, boolean turnA, boolean turnB, double alpha, double beta) {
        Tensor a = turnA ? lab().random(types.a, k, m).transposed() : lab().random(types.a, m, k);
        Tensor b = turnB ? lab().random(types.b, n, k).transposed() : lab().random(types.b, k, n);
        Tensor c = beta == 0 ? lab().blank(types.c, m, n) : lab().state(types.c, m, n);
        double[] expected = product(alpha, lab().read(a), lab().read(b), beta, lab().read(c), m, k, n);
        algebra().gemm(alpha, a, b, beta, c);
        lab().assertHolds(c, expected, types.tolerance(k));
    }

    private void expectSquares(Types types, int m, int k, int n, boolean turnA) {
        int count = 3;
        Tensor a = turnA ? lab().random(types.a, count, k, m).transposed() : lab().random(types.a, count, m, k);
        Tensor b = lab().random(types.b, count, k, n);
        Tensor c = lab().state(types.c, m, n);
        double[] expected = lab().read(c);
        double[] none = new double[m * n];
        double tolerance = 0;
        if (algebra().addSquaredProducts(a, b, c)) {
            for (int d = 0; d < count; d++) {
                double[] one = product(1, lab().read(a.select(0, d)), lab().read(b.select(0, d)), 0, none, m, k, n);
                Arrays.setAll(expected, i -> expected[i] + one[i] * one[i]);
                double largest = Arrays.stream(one).map(Math::abs).max().orElse(0);
                tolerance += (2 * largest + 1) * types.tolerance(k);
            }
        }
        lab().assertHolds(c, expected, tolerance);
    }

    private void expectBatchedGemm(Types types, Tensor a, Tensor b, Tensor c) {
        int m = a.length(1);
        int k = a.length(2);
        int n = b.length(2);
        double[][] expected = new double[c.length(0)][];
        for (int batch = 0; batch < expected.length; batch++) {
            expected[batch] = product(
                    -0.5,
                    lab().read(a.select(0, batch)),
                    lab().read(b.select(0, batch)),
                    0.25,
                    lab().read(c.select(0, batch)),
                    m,
                    k,
                    n);
        }
        algebra().batchedGemm(-0.5, a, b, 0.25, c);
        for (int batch = 0; batch < expected.length; batch++) {
            lab().assertHolds(c.select(0, batch), expected[batch], types.tolerance(k));
        }
        algebra().fill(c, Double.NaN);
        algebra().batchedGemm(0, a, b, 0, c);
        for (int batch = 0; batch < expected.length; batch++) {
            lab().assertHolds(c.select(0, batch), new double[m * n], 0);
        }
    }

    /// Half an update is a whole one once it is mirrored, to the bit.
    @ParameterizedTest
    @EnumSource(Types.class)
    default void lowerRankUpdatesAreRankUpdatesWhenMirrored(Types types) {
        for (int n : new int[] {1, 7, 65, 130, 521, 801}) {
            Tensor first = lab().random(types.a, 40, n);
            Tensor second = lab().random(types.a, 9, n);
            Tensor whole = lab().blank(types.c, n, n);
            algebra().rankUpdate(0.5, first, 0, whole);
            algebra().rankUpdate(0.5, second, 1, whole);
            Tensor half = lab().blank(types.c, n, n);
            algebra().lowerRankUpdate(0.5, first, 0, half);
            algebra().lowerRankUpdate(0.5, second, 1, half);
            algebra().mirror(half);
            lab().assertSame(half, lab().read(whole));
        }
    }

    private void expectRankUpdate(Types types, int rows, int n, double alpha, double beta) {
        expectRankUpdate(types, lab().random(types.a, rows, n), alpha, beta);
        expectRankUpdate(types, lab().random(types.a, n, rows).transposed(), alpha, beta);
    }

    private void expectRankUpdate(Types types, Tensor x, double alpha, double beta) {
        int rows = x.length(0);
        int n = x.length(1);
        Tensor c = lab().blank(types.c, n, n);
        if (beta != 0) {
            double[] symmetric = lab().numbers(n * n);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < i; j++) {
                    symmetric[i * n + j] = symmetric[j * n + i];
                }
            }
            lab().write(symmetric, c);
        }
        double[] values = lab().read(x);
        double[] turned = lab().read(x.transposed());
        double[] expected = product(alpha, turned, values, beta, lab().read(c), n, rows, n);
        algebra().rankUpdate(alpha, x, beta, c);
        // Squares have one sign: partial sums grow up to their number, and their roundings walk randomly.
        double tolerance = 2 * Lab.arithmetic(types.a, types.a) * (rows + 8) * Math.max(1, Math.sqrt(rows));
        lab().assertHolds(c, expected, tolerance);
        lab().assertSame(c.transposed(), lab().read(c));
    }

    private static double[] product(
            double alpha, double[] a, double[] b, double beta, double[] c, int m, int k, int n) {
        double[] result = new double[m * n];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int l = 0; l < k; l++) {
                    sum += a[i * k + l] * b[l * n + j];
                }
                result[i * n + j] = alpha * sum + (beta == 0 ? 0 : beta * c[i * n + j]);
            }
        }
        return result;
    }
}
