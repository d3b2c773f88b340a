package dev.wellspring.linalg;

import static dev.wellspring.linalg.Contract.assertRefuses;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.util.Arrays;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Norms, activations, gated units, rotary embeddings. Gradients are compared with finite differences in FLOAT64; the
/// narrower types then with FLOAT64 on the same numbers.
///
/// Tolerance: 8·u per element for what has no sums; for norms 4·u·(n + 8), times the largest 1/√(… + ε), by which a
/// rounding error of x − mean grows.
public interface LayersContract extends Contract {
    double EPSILON = 1e-5;

    // ---- norms ----

    @ParameterizedTest
    @EnumSource(NormKind.class)
    default void normForwardCentresScalesWeighsAndShifts(NormKind kind) {
        for (DType type : lab().computed()) {
            for (int n : new int[] {1, 7, 8, 9, 15, 16, 17, 63, 64, 65, 1000}) {
                Tensor x = lab().random(type, 3, n);
                expectNorm(kind, x, lab().random(type, n), lab().random(type, n), type);
                expectNorm(kind, x, lab().random(DType.FLOAT32, n), null, type);
                expectNorm(kind, x, null, null, type);
                expectNorm(kind, lab().random(type, 2, 3, n), lab().random(type, 3, n), null, type);
                expectNorm(kind, lab().random(type, 2, 3, n), lab().random(type, n), null, type);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(NormKind.class)
    default void normForwardTakesNarrowInputsAndNoRows(NormKind kind) {
        expectNorm(kind, lab().random(DType.FLOAT32, 4, 17), null, null, DType.FLOAT64);
        expectNorm(kind, lab().random(DType.FLOAT32, 0, 17), null, null, DType.FLOAT32);
    }

    private void expectNorm(NormKind kind, Tensor x, @Nullable Tensor weight, @Nullable Tensor bias, DType outputType) {
        int n = x.length(x.rank() - 1);
        long[] statisticsShape = x.shape();
        statisticsShape[x.rank() - 1] = 2;
        Tensor y = lab().blank(outputType, x.shape());
        Tensor statistics = lab().blank(statisticsType(x.type()), statisticsShape);
        double[] expected = lab().read(x);
        double[] moments = new double[Math.toIntExact(statistics.elementCount())];
        double[] weights = weight == null ? new double[] {1} : lab().read(weight);
        double[] biases = bias == null ? new double[n] : lab().read(bias);
        double largest = 1;
        for (int row = 0; row < moments.length / 2; row++) {
            double[] values = Arrays.copyOfRange(expected, row * n, (row + 1) * n);
            double mean = kind == NormKind.RMS_NORM ? 0 : Arrays.stream(values).sum() / n;
            double square =
                    Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / n;
            double inverse = 1 / Math.sqrt(square + EPSILON);
            largest = Math.max(largest, inverse);
            moments[2 * row] = mean;
            moments[2 * row + 1] = inverse;
            for (int j = 0; j < n; j++) {
                int i = row * n + j;
                expected[i] = (expected[i] - mean) * inverse * weights[i % weights.length] + biases[j];
            }
        }
        algebra().normForward(kind, EPSILON, x, weight, bias, y, statistics);
        double tolerance = 4 * Lab.arithmetic(x.type()) * (n + 8) * largest;
        lab().assertHolds(y, expected, tolerance);
        lab().assertHolds(statistics, moments, tolerance);
    }

    @ParameterizedTest
    @EnumSource(NormKind.class)
    default void normBackwardIsTheGradientOfTheForwardPass(NormKind kind) {
        for (int n : new int[] {5, 7, 17}) {
            expectNormGradient(kind, lab().state(DType.FLOAT64, 3, n), lab().random(DType.FLOAT64, n));
            expectNormGradient(kind, lab().state(DType.FLOAT64, 3, n), null);
            expectNormGradient(kind, lab().state(DType.FLOAT64, 2, 3, n), lab().random(DType.FLOAT64, 3, n));
        }
    }

    private void expectNormGradient(NormKind kind, Tensor x, @Nullable Tensor weight) {
        long[] statisticsShape = x.shape();
        statisticsShape[x.rank() - 1] = 2;
        Tensor y = lab().blank(DType.FLOAT64, x.shape());
        Tensor statistics = lab().blank(DType.FLOAT64, statisticsShape);
        Tensor dy = lab().random(DType.FLOAT64, x.shape());
        Tensor dx = lab().blank(DType.FLOAT64, x.shape());
        double[] factors = lab().read(dy);
        algebra().normForward(kind, EPSILON, x, weight, null, y, statistics);
        algebra().normBackward(kind, dy, x, weight, statistics, 0, dx);
        lab().assertGradient(dx, x, () -> {
            algebra().normForward(kind, EPSILON, x, weight, null, y, statistics);
            return lab().weighted(y, factors);
        });
    }

    @ParameterizedTest
    @EnumSource(NormKind.class)
    default void normBackwardAddsToTheOldValueAndWorksInPlace(NormKind kind) {
        for (DType type : lab().computed()) {
            for (int n : new int[] {1, 8, 65}) {
                Tensor x = lab().random(type, 5, n);
                Tensor weight = lab().random(type, n);
                Tensor statistics = lab().blank(statisticsType(type), 5, 2);
                algebra().normForward(kind, EPSILON, x, weight, null, lab().blank(type, 5, n), statistics);
                double largest = Arrays.stream(lab().read(statistics)).max().orElse(1);
                double tolerance = 8 * Lab.arithmetic(type) * (n + 8) * Math.max(1, largest) * Math.max(1, largest);

                Tensor dy = lab().state(type, 5, n);
                Tensor wide = lab().blank(DType.FLOAT64, 5, n);
                algebra().normBackward(kind, wide(dy), wide(x), wide(weight), wide(statistics), 0, wide);
                double[] gradient = lab().read(wide);
                Tensor dx = lab().state(type, 5, n);
                double[] old = lab().read(dx);
                algebra().normBackward(kind, dy, x, weight, statistics, 0.5, dx);
                double[] sum = new double[old.length];
                Arrays.setAll(sum, i -> 0.5 * old[i] + gradient[i]);
                lab().assertHolds(dx, sum, tolerance);
                algebra().normBackward(kind, dy, x, weight, statistics, 0, dy);
                lab().assertHolds(dy, gradient, tolerance);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(NormKind.class)
    default void normWeightBackwardIsTheGradientOfWeightAndBias(NormKind kind) {
        for (int n : new int[] {1, 7, 64, 65}) {
            expectNormWeightGradient(kind, new long[] {3, n}, lab().state(DType.FLOAT64, n), true);
            expectNormWeightGradient(kind, new long[] {3, n}, lab().state(DType.FLOAT64, n), false);
            expectNormWeightGradient(kind, new long[] {3, 2, n}, lab().state(DType.FLOAT64, n), false);
            expectNormWeightGradient(kind, new long[] {3, 2, n}, lab().state(DType.FLOAT64, 2, n), false);
        }
    }

    private void expectNormWeightGradient(NormKind kind, long[] shape, Tensor weight, boolean biased) {
        Tensor x = lab().random(DType.FLOAT64, shape);
        Tensor dy = lab().random(DType.FLOAT64, shape);
        Tensor bias = biased ? lab().state(DType.FLOAT64, shape[shape.length - 1]) : null;
        Tensor y = lab().blank(DType.FLOAT64, shape);
        long[] statisticsShape = shape.clone();
        statisticsShape[shape.length - 1] = 2;
        Tensor statistics = lab().blank(DType.FLOAT64, statisticsShape);
        double[] factors = lab().read(dy);
        algebra().normForward(kind, EPSILON, x, weight, bias, y, statistics);
        Tensor dweight = lab().blank(DType.FLOAT64, weight.shape());
        algebra().fill(dweight, 0);
        Tensor dbias = bias == null ? null : lab().blank(DType.FLOAT64, bias.shape());
        if (dbias != null) {
            algebra().fill(dbias, 0);
        }
        algebra().normWeightBackward(dy, x, statistics, dweight, dbias);
        DoubleSupplier loss = () -> {
            algebra().normForward(kind, EPSILON, x, weight, bias, y, statistics);
            return lab().weighted(y, factors);
        };
        lab().assertGradient(dweight, weight, loss);
        if (dbias != null && bias != null) {
            lab().assertGradient(dbias, bias, loss);
        }
        double[] once = lab().read(dweight);
        algebra().normWeightBackward(dy, x, statistics, dweight, dbias);
        lab().assertHolds(dweight, Arrays.stream(once).map(v -> 2 * v).toArray(), 1e-12);
    }

    @Test
    default void aRowsNormDoesNotDependOnTheOtherRows() {
        Tensor x = lab().random(DType.FLOAT32, 9, 65);
        Tensor together = lab().blank(DType.FLOAT32, 9, 65);
        Tensor alone = lab().blank(DType.FLOAT32, 1, 65);
        algebra().normForward(NormKind.LAYER_NORM, EPSILON, x, null, null, together, lab().blank(DType.FLOAT32, 9, 2));
        algebra()
                .normForward(
                        NormKind.LAYER_NORM,
                        EPSILON,
                        x.rows(4, 5),
                        null,
                        null,
                        alone,
                        lab().blank(DType.FLOAT32, 1, 2));
        double[] expected = lab().read(together.rows(4, 5));
        assertSameInCompany(alone, expected, 0x1p-24 * 4 * 73);
    }

    // ---- activations ----

    /// The nearest float64 to values computed with 40 digits (mpmath).
    @Test
    default void activationsTakeTheirKnownValues() {
        double[] at = {-3, -1, -0.1, 0, 0.5, 2, 7};
        expectActivation(
                Activation.SILU,
                at,
                -0.14227761953270035,
                -0.2689414213699951,
                -0.047502081252106004,
                0,
                0.3112296656009273,
                1.7615941559557649,
                6.993622641639195);
        expectActivation(
                Activation.GELU,
                at,
                -0.0040496940948902835,
                -0.15865525393145705,
                -0.0460172162722971,
                0,
                0.34573123063700656,
                1.9544997361036416,
                6.999999999991041);
        expectActivation(
                Activation.GELU_TANH,
                at,
                -0.003637392081773019,
                -0.1588080093917233,
                -0.04601724895456484,
                0,
                0.34571400982514394,
                1.954597694087775,
                6.999999999999997);
        expectActivation(Activation.RELU, at, 0, 0, 0, 0, 0.5, 2, 7);
    }

    private void expectActivation(Activation f, double[] at, double... expected) {
        Tensor y = lab().blank(DType.FLOAT64, at.length);
        algebra().activationForward(f, lab().of(DType.FLOAT64, at, at.length), y);
        lab().assertHolds(y, expected, 1e-15);
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    default void activationsWorkInEveryTypeAtEverySizeAndInPlace(Activation f) {
        for (DType type : lab().computed()) {
            for (int n : SIZES) {
                Tensor x = lab().state(type, 3, n);
                algebra().scale(4, x, x);
                Tensor wide = lab().blank(DType.FLOAT64, 3, n);
                algebra().activationForward(f, wide(x), wide);
                Tensor y = lab().blank(type, 3, n);
                algebra().activationForward(f, x, y);
                lab().assertHolds(y, lab().read(wide), 32 * Lab.arithmetic(type));
                Tensor dy = lab().state(type, 3, n);
                Tensor dx = lab().blank(type, 3, n);
                algebra().activationBackward(f, x, dy, dx);
                algebra().activationBackward(f, wide(x), wide(dy), wide);
                lab().assertHolds(dx, lab().read(wide), 32 * Lab.arithmetic(type));
                algebra().activationBackward(f, x, dy, dy);
                lab().assertSame(dy, lab().read(dx));
                algebra().activationForward(f, x, x);
                lab().assertSame(x, lab().read(y));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    default void activationBackwardIsTheGradientOfTheForwardPass(Activation f) {
        Tensor x = awayFromTheKink(3, 17);
        Tensor y = lab().blank(DType.FLOAT64, 3, 17);
        Tensor dy = lab().random(DType.FLOAT64, 3, 17);
        Tensor dx = lab().blank(DType.FLOAT64, 3, 17);
        double[] factors = lab().read(dy);
        algebra().activationBackward(f, x, dy, dx);
        lab().assertGradient(dx, x, () -> {
            algebra().activationForward(f, x, y);
            return lab().weighted(y, factors);
        });
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    default void gatedUnitsMultiplyTheActivatedGateWithTheOther(Activation f) {
        for (DType type : lab().computed()) {
            for (int n : SIZES) {
                Tensor gate = lab().random(type, 3, n);
                Tensor up = lab().random(type, 3, n);
                Tensor wide = lab().blank(DType.FLOAT64, 3, n);
                algebra().activationForward(f, wide(gate), wide);
                double[] expected = lab().read(wide);
                double[] ups = lab().read(up);
                Arrays.setAll(expected, i -> expected[i] * ups[i]);
                Tensor y = lab().blank(type, 3, n);
                algebra().gatedForward(f, gate, up, y);
                lab().assertHolds(y, expected, 32 * Lab.arithmetic(type));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    default void gatedBackwardIsTheGradientOfTheForwardPass(Activation f) {
        Tensor gate = awayFromTheKink(2, 9);
        Tensor up = lab().state(DType.FLOAT64, 2, 9);
        Tensor y = lab().blank(DType.FLOAT64, 2, 9);
        Tensor dy = lab().random(DType.FLOAT64, 2, 9);
        Tensor dgate = lab().blank(DType.FLOAT64, 2, 9);
        Tensor dup = lab().blank(DType.FLOAT64, 2, 9);
        double[] factors = lab().read(dy);
        algebra().gatedBackward(f, gate, up, dy, dgate, dup);
        lab().assertGradient(dgate, gate, () -> {
            algebra().gatedForward(f, gate, up, y);
            return lab().weighted(y, factors);
        });
        lab().assertGradient(dup, up, () -> {
            algebra().gatedForward(f, gate, up, y);
            return lab().weighted(y, factors);
        });
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    default void gatedBackwardWorksInEveryTypeAndInPlace(Activation f) {
        for (DType type : lab().computed()) {
            for (int n : SIZES) {
                Tensor gate = lab().state(type, 3, n);
                Tensor up = lab().state(type, 3, n);
                Tensor dy = lab().random(type, 3, n);
                Tensor wideGate = lab().blank(DType.FLOAT64, 3, n);
                Tensor wideUp = lab().blank(DType.FLOAT64, 3, n);
                algebra().gatedBackward(f, wide(gate), wide(up), wide(dy), wideGate, wideUp);
                algebra().gatedBackward(f, gate, up, dy, gate, up);
                lab().assertHolds(gate, lab().read(wideGate), 32 * Lab.arithmetic(type));
                lab().assertHolds(up, lab().read(wideUp), 32 * Lab.arithmetic(type));
            }
        }
    }

    // ---- rotary ----

    @Test
    default void rotaryTurnsPairsByTheRowsAngleAndBack() {
        for (DType type : lab().computed()) {
            for (int m : new int[] {1, 4, 8, 9}) {
                for (boolean interleaved : new boolean[] {false, true}) {
                    expectRotary(type, m, 2 * m, interleaved);
                    expectRotary(type, m, 2 * m + 3, interleaved);
                }
            }
        }
    }

    private void expectRotary(DType type, int m, int d, boolean interleaved) {
        int[] position = {0, 1, 2, 0, 4};
        Tensor x = lab().state(type, 5, 3, d);
        double[] angles = lab().numbers(5 * m);
        Tensor cosines =
                lab().of(DType.FLOAT32, Arrays.stream(angles).map(Math::cos).toArray(), 5, m);
        Tensor sines =
                lab().of(DType.FLOAT32, Arrays.stream(angles).map(Math::sin).toArray(), 5, m);
        double[] cos = lab().read(cosines);
        double[] sin = lab().read(sines);
        double[] old = lab().read(x);
        double[] expected = old.clone();
        for (int head = 0; head < 15; head++) {
            for (int j = 0; j < m; j++) {
                int first = head * d + (interleaved ? 2 * j : j);
                int second = first + (interleaved ? 1 : m);
                double c = cos[position[head / 3] * m + j];
                double s = sin[position[head / 3] * m + j];
                expected[first] = old[first] * c - old[second] * s;
                expected[second] = old[second] * c + old[first] * s;
            }
        }
        Tensor positions = lab().integers(position);
        algebra().rotary(x, cosines, sines, positions, interleaved, false);
        lab().assertHolds(x, expected, 8 * Lab.arithmetic(type));
        algebra().rotary(x, cosines, sines, positions, interleaved, true);
        lab().assertHolds(x, old, 8 * (Lab.roundoff(type) + Lab.roundoff(DType.FLOAT32)));
    }

    @Test
    default void layersRefuseWrongShapes() {
        Tensor x = lab().random(DType.FLOAT32, 3, 4);
        Tensor y = lab().blank(DType.FLOAT32, 3, 4);
        Tensor other = lab().blank(DType.FLOAT32, 4, 3);
        Tensor statistics = lab().blank(DType.FLOAT32, 3, 2);
        LinearAlgebra algebra = algebra();
        NormKind kind = NormKind.RMS_NORM;
        assertRefuses(
                () -> algebra.normForward(kind, 0, x, null, null, other, statistics), "y", "[3, 4]", "got [4, 3]");
        assertRefuses(() -> algebra.normForward(kind, 0, x, null, null, y, y), "statistics", "[3, 2]", "got [3, 4]");
        assertRefuses(() -> algebra.normForward(kind, 0, x, y, null, y, statistics), "weight", "[4]", "got [3, 4]");
        assertRefuses(() -> algebra.normBackward(kind, other, x, null, statistics, 0, y), "dy", "[3, 4]", "got [4, 3]");
        assertRefuses(() -> algebra.activationForward(Activation.SILU, x, other), "y", "[3, 4]", "got [4, 3]");
        assertRefuses(() -> algebra.activationBackward(Activation.SILU, x, x, other), "dx", "[3, 4]", "got [4, 3]");
        assertRefuses(() -> algebra.gatedForward(Activation.SILU, x, other, y), "up", "[3, 4]", "got [4, 3]");
        assertRefuses(() -> algebra.gatedBackward(Activation.SILU, x, x, x, y, other), "dup", "[3, 4]", "got [4, 3]");
        Tensor heads = lab().state(DType.FLOAT32, 3, 2, 6);
        assertRefuses(
                () -> algebra.rotary(heads, x, x, lab().integers(0, 1, 2), false, false),
                "cosines",
                "at most 3",
                "got 4");
        assertRefuses(
                () -> algebra.rotary(heads, statistics, statistics, lab().integers(0, 1), false, false),
                "positions",
                "[3]",
                "got [2]");
        assertThat(lab().read(y)).containsOnly(Double.NaN);
    }

    // ---- helpers ----

    /// The same numbers as FLOAT64.
    private Tensor wide(Tensor tensor) {
        return lab().of(DType.FLOAT64, lab().read(tensor), tensor.shape());
    }

    /// Numbers between 0.1 and 1.1 in size, where max(x, 0) has a derivative.
    private Tensor awayFromTheKink(int rows, int n) {
        Tensor tensor = lab().blank(DType.FLOAT64, rows, n);
        double[] values = lab().numbers(rows * n);
        lab().write(Arrays.stream(values).map(v -> v + Math.copySign(0.1, v)).toArray(), tensor);
        return tensor;
    }

    private static DType statisticsType(DType type) {
        return type == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
    }
}
