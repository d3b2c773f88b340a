package dev.wellspring.linalg;

import static dev.wellspring.linalg.Contract.assertRefuses;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Element-wise arithmetic and reductions. Tolerance: 2·u·(terms + 4), with u the roundoff of the widest
/// operand, and the rounding of the result on top.
public interface ElementsContract extends Contract {
    /// Types of the inputs and of the output.
    enum Pair {
        SINGLE(DType.FLOAT32, DType.FLOAT32),
        DOUBLE(DType.FLOAT64, DType.FLOAT64),
        BFLOAT(DType.BFLOAT16, DType.BFLOAT16),
        SINGLE_INTO_DOUBLE(DType.FLOAT32, DType.FLOAT64),
        BFLOAT_INTO_SINGLE(DType.BFLOAT16, DType.FLOAT32);

        private final DType in;
        private final DType out;

        Pair(DType in, DType out) {
            this.in = in;
            this.out = out;
        }

        double tolerance(long terms) {
            return 2 * Lab.arithmetic(in, out) * (terms + 4);
        }
    }

    @ParameterizedTest
    @EnumSource(Pair.class)
    default void addAddsElementsOrOneRowToAll(Pair types) {
        for (int n : SIZES) {
            Tensor x = lab().random(types.in, 3, n);
            Tensor row = lab().random(types.in, n);
            Tensor y = lab().state(types.out, 3, n);
            double[] xs = lab().read(x);
            double[] rows = lab().read(row);
            double[] expected = lab().read(y);
            algebra().add(-0.5, x, y);
            Arrays.setAll(expected, i -> expected[i] - 0.5 * xs[i]);
            lab().assertHolds(y, expected, types.tolerance(1));

            double[] before = lab().read(y);
            Arrays.setAll(expected, i -> before[i] + 2 * rows[i % n]);
            algebra().add(2, row, y);
            lab().assertHolds(y, expected, types.tolerance(1));
        }
    }

    @ParameterizedTest
    @EnumSource(Pair.class)
    default void scaleMultipliesAlsoInPlace(Pair types) {
        for (int n : SIZES) {
            Tensor x = lab().random(types.in, 2, 3, n);
            Tensor y = lab().blank(types.out, 2, 3, n);
            double[] expected = lab().read(x);
            algebra().scale(-0.75, x, y);
            Arrays.setAll(expected, i -> -0.75 * expected[i]);
            lab().assertHolds(y, expected, types.tolerance(1));
            double[] before = lab().read(y);
            algebra().scale(2, y, y);
            lab().assertSame(y, Arrays.stream(before).map(v -> 2 * v).toArray());
        }
    }

    @ParameterizedTest
    @EnumSource(Pair.class)
    default void addSquaredAccumulatesSquares(Pair types) {
        for (int n : SIZES) {
            Tensor x = lab().random(types.in, 3, n);
            Tensor y = lab().state(types.out, 3, n);
            double[] xs = lab().read(x);
            double[] expected = lab().read(y);
            Arrays.setAll(expected, i -> expected[i] + 0.25 * xs[i] * xs[i]);
            algebra().addSquared(0.25, x, y);
            lab().assertHolds(y, expected, types.tolerance(2));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Pair.class, mode = EnumSource.Mode.EXCLUDE, names = "BFLOAT") // rounds sums once or each time
    default void addSquaredAddsSeveralOneAfterTheOther(Pair types) {
        for (int n : SIZES) {
            Tensor several = lab().random(types.in, 3, 2, n);
            Tensor together = lab().state(types.out, 2, n);
            Tensor apart = lab().blank(types.out, 2, n);
            algebra().copy(together, apart);
            algebra().addSquared(0.25, several, together);
            for (int i = 0; i < 3; i++) {
                algebra().addSquared(0.25, several.select(0, i), apart);
            }
            lab().assertHolds(together, lab().read(apart), types.tolerance(6));
        }
        Tensor none = lab().blank(types.in, 0, 2, 3);
        Tensor kept = lab().random(types.out, 2, 3);
        algebra().addSquared(1, none, kept);
    }

    @Test
    default void addSquaredIntoDoubleLosesNothing() {
        Tensor x = lab().of(DType.FLOAT32, new double[] {0x1p-10}, 1);
        Tensor y = lab().blank(DType.FLOAT64, 1);
        lab().write(new double[] {0x1p30}, y);
        algebra().addSquared(1, x, y);
        lab().assertSame(y, new double[] {0x1p30 + 0x1p-20});
    }

    @ParameterizedTest
    @EnumSource(Pair.class)
    default void divideDampedDividesByLambdaPlusDamping(Pair types) {
        for (int n : SIZES) {
            double[] positive =
                    Arrays.stream(lab().numbers(3 * n)).map(Math::abs).toArray();
            Tensor x = lab().state(types.in, 3, n);
            Tensor lambda = lab().of(types.out, positive, 3, n);
            Tensor y = lab().blank(types.out, 3, n);
            double[] lambdas = lab().read(lambda);
            double[] expected = lab().read(x);
            Arrays.setAll(expected, i -> expected[i] / (lambdas[i] + 0.5));
            algebra().divideDamped(x, lambda, 0.5, y);
            lab().assertHolds(y, expected, types.tolerance(4));
            algebra().divideDamped(x, lambda, 0.5, x);
            lab().assertHolds(x, expected, types.tolerance(4));
        }
    }

    @ParameterizedTest
    @EnumSource(Pair.class)
    default void segmentSumAddsUpEachDocumentsRows(Pair types) {
        Segments segments = lab().segments(3, 0, 1, 7, 0);
        for (int n : SIZES) {
            for (double beta : new double[] {0, 0.5}) {
                Tensor x = lab().random(types.in, 11, n);
                Tensor out = beta == 0 ? lab().blank(types.out, 5, n) : lab().state(types.out, 5, n);
                double[] xs = lab().read(x);
                double[] expected = scaledOld(beta, out);
                for (int s = 0; s < 5; s++) {
                    for (int row = segments.start(s); row < segments.end(s); row++) {
                        for (int j = 0; j < n; j++) {
                            expected[s * n + j] += xs[row * n + j];
                        }
                    }
                }
                algebra().segmentSum(x, segments, beta, out);
                lab().assertHolds(out, expected, types.tolerance(7));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Pair.class)
    default void rowDotIsOneInnerProductPerRowAndQuery(Pair types) {
        for (int r : SIZES) {
            for (double beta : new double[] {0, -1}) {
                Tensor x = lab().random(types.in, 4, 3, r);
                Tensor y = lab().random(types.in, 4, 3, r);
                Tensor out = beta == 0 ? lab().blank(types.out, 4, 3) : lab().state(types.out, 4, 3);
                double[] xs = lab().read(x);
                double[] ys = lab().read(y);
                double[] expected = scaledOld(beta, out);
                for (int i = 0; i < 12 * r; i++) {
                    expected[i / r] += xs[i] * ys[i];
                }
                algebra().rowDot(x, y, beta, out);
                lab().assertHolds(out, expected, types.tolerance(r));
            }
        }
    }

    /// Of which several take part in one row.
    @ParameterizedTest
    @EnumSource(Pair.class)
    default void rowDotOfLongRowsIsTheSame(Pair types) {
        int r = (1 << 16) + 5;
        for (double beta : new double[] {0, -1}) {
            Tensor x = lab().random(types.in, 1, 2, r);
            Tensor y = lab().random(types.in, 1, 2, r);
            Tensor out = beta == 0 ? lab().blank(types.out, 1, 2) : lab().state(types.out, 1, 2);
            double[] xs = lab().read(x);
            double[] ys = lab().read(y);
            double[] expected = scaledOld(beta, out);
            for (int i = 0; i < 2 * r; i++) {
                expected[i / r] += xs[i] * ys[i];
            }
            algebra().rowDot(x, y, beta, out);
            lab().assertHolds(out, expected, types.tolerance(r));
        }
    }

    @ParameterizedTest
    @EnumSource(Pair.class)
    default void dotIsTheInnerProductOfAllElements(Pair types) {
        for (int n : new int[] {0, 1, 7, 8, 9, 15, 16, 17, 63, 64, 65, 1000}) {
            for (double beta : new double[] {0, 2}) {
                Tensor x = lab().random(types.in, 3, n);
                Tensor y = lab().random(types.in, 3, n);
                Tensor out = beta == 0 ? lab().blank(types.out, 1) : lab().state(types.out, 1);
                double[] xs = lab().read(x);
                double[] ys = lab().read(y);
                double[] expected = scaledOld(beta, out);
                for (int i = 0; i < xs.length; i++) {
                    expected[0] += xs[i] * ys[i];
                }
                algebra().dot(x, y, beta, out);
                lab().assertHolds(out, expected, types.tolerance(3L * n));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Pair.class)
    default void gatherTakesRowsByTheirNumber(Pair types) {
        Tensor indices = lab().integers(4, 0, 4, 2);
        for (int n : SIZES) {
            for (double beta : new double[] {0, 1}) {
                Tensor table = lab().random(types.in, 5, n);
                Tensor out = beta == 0 ? lab().blank(types.out, 4, n) : lab().state(types.out, 4, n);
                double[] rows = lab().read(table);
                double[] expected = scaledOld(beta, out);
                int[] wanted = {4, 0, 4, 2};
                for (int i = 0; i < 4 * n; i++) {
                    expected[i] += rows[wanted[i / n] * n + i % n];
                }
                algebra().gather(table, indices, beta, out);
                lab().assertHolds(out, expected, types.tolerance(1));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Pair.class)
    default void scatterAddAddsUpRowsOfOneNumber(Pair types) {
        int[] wanted = {4, 0, 4, 2, 4};
        Tensor indices = lab().integers(wanted);
        for (int n : SIZES) {
            Tensor x = lab().random(types.in, 5, n);
            Tensor table = lab().state(types.out, 6, n);
            double[] rows = lab().read(x);
            double[] expected = lab().read(table);
            for (int i = 0; i < 5 * n; i++) {
                expected[wanted[i / n] * n + i % n] += -0.5 * rows[i];
            }
            algebra().scatterAdd(-0.5, x, indices, table);
            lab().assertHolds(table, expected, types.tolerance(3) + (types.out == DType.BFLOAT16 ? 3 * 0x1p-8 : 0));
        }
    }

    /// Gradients are ∂/∂table of what gather makes: with ones for weights, how often each row is taken.
    @Test
    default void scatterAddIsTheBackwardPassOfGather() {
        Tensor indices = lab().integers(2, 1, 2);
        Tensor dy = lab().random(DType.FLOAT64, 3, 7);
        Tensor table = lab().state(DType.FLOAT64, 4, 7);
        Tensor gradient = zeros(DType.FLOAT64, 4, 7);
        algebra().scatterAdd(1, dy, indices, gradient);
        double[] factors = lab().read(dy);
        Tensor y = lab().blank(DType.FLOAT64, 3, 7);
        lab().assertGradient(gradient, table, () -> {
            algebra().gather(table, indices, 0, y);
            return lab().weighted(y, factors);
        });
    }

    /// Against the algorithm as its paper prints it, over three steps.
    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"FLOAT32", "FLOAT64"})
    default void adamMovesWeightsAsItsPaperSays(DType type) {
        double rate = 0.01;
        for (int n : SIZES) {
            Tensor mean = zeros(type, 2, n);
            Tensor square = zeros(type, 2, n);
            Tensor weight = lab().state(type, 2, n);
            double[] m = new double[2 * n];
            double[] v = new double[2 * n];
            double[] w = lab().read(weight);
            for (int t = 1; t <= 3; t++) {
                Tensor gradient = lab().random(type, 2, n);
                double[] g = lab().read(gradient);
                for (int i = 0; i < w.length; i++) {
                    m[i] = 0.9 * m[i] + 0.1 * 0.5 * g[i];
                    v[i] = 0.99 * v[i] + 0.01 * 0.25 * g[i] * g[i];
                    double meanHat = m[i] / (1 - Math.pow(0.9, t));
                    double squareHat = v[i] / (1 - Math.pow(0.99, t));
                    w[i] -= rate * 0.1 * w[i] + rate * meanHat / (Math.sqrt(squareHat) + 1e-8);
                }
                algebra().adam(new AdamStep(t, rate, 0.5, 0.9, 0.99, 1e-8, 0.1), gradient, mean, square, weight);
            }
            double tolerance = 40 * Lab.arithmetic(type);
            lab().assertHolds(mean, m, tolerance);
            lab().assertHolds(square, v, tolerance);
            lab().assertHolds(weight, w, tolerance);
        }
    }

    @Test
    default void elementOperationsRefuseWrongShapes() {
        Tensor x = lab().random(DType.FLOAT32, 3, 4);
        Tensor other = lab().blank(DType.FLOAT32, 4, 3);
        Tensor cube = lab().random(DType.FLOAT32, 3, 2, 4);
        LinearAlgebra algebra = algebra();
        assertRefuses(() -> algebra.add(1, x, other), "x", "[4, 3]", "got [3, 4]");
        assertRefuses(() -> algebra.add(1, lab().random(DType.FLOAT32, 4), other), "x", "[3]", "got [4]");
        assertRefuses(() -> algebra.scale(1, x, other), "y", "[3, 4]", "got [4, 3]");
        assertRefuses(() -> algebra.addSquared(1, x, other), "y", "[3, 4]", "got [4, 3]");
        assertRefuses(() -> algebra.addSquared(1, cube, other), "y", "[2, 4]", "got [4, 3]");
        assertRefuses(() -> algebra.divideDamped(x, other, 1, x), "lambda", "[3, 4]", "got [4, 3]");
        assertRefuses(() -> algebra.segmentSum(x, lab().segments(2), 0, other), "x", "[2, -1]", "got [3, 4]");
        assertRefuses(() -> algebra.segmentSum(x, lab().segments(2, 1), 0, other), "out", "[2, 4]", "got [4, 3]");
        assertRefuses(() -> algebra.rowDot(cube, cube, 0, other), "out", "[3, 2]", "got [4, 3]");
        assertRefuses(() -> algebra.dot(x, x, 0, other), "out", "one element", "got shape [4, 3]");
        assertRefuses(() -> algebra.gather(x, x.select(0, 0), 0, other), "indices", "INT32", "got FLOAT32");
        assertRefuses(() -> algebra.gather(x, lab().integers(1), 0, other), "out", "[1, 4]", "got [4, 3]");
        assertRefuses(() -> algebra.scatterAdd(1, x, lab().integers(1), other), "indices", "[3]", "got [1]");
        assertRefuses(() -> algebra.scatterAdd(1, x, lab().integers(1, 0, 1), other), "table", "[-1, 4]", "got [4, 3]");
        var step = new AdamStep(1, 1, 1, 0.9, 0.99, 1e-8, 0);
        assertRefuses(() -> algebra.adam(step, x, other, x, x), "mean", "[3, 4]", "got [4, 3]");
        assertRefuses(() -> algebra.adam(step, x, x, other, x), "square", "[3, 4]", "got [4, 3]");
        assertRefuses(() -> algebra.adam(step, x, x, x, other), "weight", "[3, 4]", "got [4, 3]");
        assertRefuses(() -> algebra.scale(1, x.transposed(), other), "x", "stride 1", "got stride 9");
    }

    private Tensor zeros(DType type, long... shape) {
        Tensor tensor = lab().blank(type, shape);
        algebra().fill(tensor, 0);
        return tensor;
    }

    private double[] scaledOld(double beta, Tensor out) {
        double[] old = lab().read(out);
        Arrays.setAll(old, i -> beta == 0 ? 0 : beta * old[i]);
        return old;
    }

    @Test
    default void indicesOutsideOfATableAreRefusedAtTheNextDownloadAtTheLatest() {
        LinearAlgebra algebra = algebra();
        Tensor table = lab().state(DType.FLOAT32, 3, 4);
        Tensor rows = lab().state(DType.FLOAT32, 3, 4);
        Tensor outside = lab().integers(1, 3, 1);
        Tensor below = lab().integers(1, 2, -1);
        assertRefuses(
                () -> read(() -> algebra.scatterAdd(1, rows, outside, table), table), "indices[1]", "0 to 2", "3");
        assertRefuses(() -> read(() -> algebra.gather(table, below, 0, rows), rows), "indices[2]", "0 to 2", "-1");
        algebra.gather(table, lab().integers(1, 2, 0), 0, rows);
        lab().read(rows);
    }

    private void read(Runnable operation, Tensor result) {
        operation.run();
        lab().read(result);
    }
}
