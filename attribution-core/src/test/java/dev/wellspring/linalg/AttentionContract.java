package dev.wellspring.linalg;

import static dev.wellspring.linalg.Contract.assertRefuses;
import static dev.wellspring.linalg.Contract.assertRepeats;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Causal softmax and attention. Tolerance: scores of size s carry an error of u·(d + s), which the
/// exponential turns into a relative one of the probabilities; 4·u·(d + T + 32) is allowed for outputs near 1.
public interface AttentionContract extends Contract {
    /// The cases every operation here is tried in.
    enum Masking {
        PLAIN(0, 0),
        WINDOW(3, 0),
        WINDOW_OF_ONE(1, 0),
        WIDE_WINDOW(150, 0),
        SOFT_CAP(0, 1.5),
        WINDOW_AND_SOFT_CAP(4, 2);

        private final int window;
        private final double softCap;

        Masking(int window, double softCap) {
            this.window = window;
            this.softCap = softCap;
        }

        AttentionShape shape() {
            return new AttentionShape(0.7, window, softCap);
        }
    }

    // ---- softmax ----

    @ParameterizedTest
    @EnumSource(Masking.class)
    default void causalSoftmaxLooksBackOnly(Masking masking) {
        for (DType type : lab().computed()) {
            for (int rows : SIZES) {
                Tensor scores = lab().state(type, 2, rows, rows);
                algebra().scale(3, scores, scores);
                double[] expected = probabilities(lab().read(scores), rows, masking.shape());
                algebra().causalSoftmax(scores, masking.shape());
                lab().assertHolds(scores, expected, 4 * Lab.arithmetic(type) * (rows + 32));
                expectZerosWhereNothingIsSeen(scores, rows, masking.shape());
            }
        }
    }

    @Test
    default void causalSoftmaxDoesNotOverflow() {
        Tensor scores = lab().blank(DType.FLOAT32, 1, 2, 2);
        lab().write(new double[] {30_000, Double.NaN, 20_000, 20_000}, scores);
        algebra().causalSoftmax(scores, new AttentionShape(1, 0, 0));
        lab().assertSame(scores, new double[] {1, 0, 0.5, 0.5});
    }

    @ParameterizedTest
    @EnumSource(Masking.class)
    default void causalSoftmaxBackwardIsTheGradientOfTheForwardPass(Masking masking) {
        int rows = 6;
        Tensor scores = lab().state(DType.FLOAT64, 2, rows, rows);
        Tensor p = lab().blank(DType.FLOAT64, 2, rows, rows);
        Tensor gradients = lab().state(DType.FLOAT64, 2, rows, rows);
        double[] factors = lab().read(gradients);
        DoubleSupplier loss = () -> {
            algebra().copy(scores, p);
            algebra().causalSoftmax(p, masking.shape());
            return lab().weighted(p, factors);
        };
        algebra().copy(scores, p);
        algebra().causalSoftmax(p, masking.shape());
        algebra().causalSoftmaxBackward(p, scores, masking.shape(), gradients);
        expectZerosWhereNothingIsSeen(gradients, rows, masking.shape());
        lab().assertGradient(gradients, scores, loss);
    }

    @ParameterizedTest
    @EnumSource(Masking.class)
    default void causalSoftmaxBackwardWorksInEveryTypeAtEverySize(Masking masking) {
        for (DType type : lab().computed()) {
            for (int rows : SIZES) {
                Tensor scores = lab().random(type, 2, rows, rows);
                Tensor p = lab().state(type, 2, rows, rows);
                algebra().copy(scores, p);
                algebra().causalSoftmax(p, masking.shape());
                Tensor gradients = lab().state(type, 2, rows, rows);
                Tensor wide = lab().blank(DType.FLOAT64, 2, rows, rows);
                algebra().copy(gradients, wide);
                algebra().causalSoftmaxBackward(wide(p), wide(scores), masking.shape(), wide);
                @Nullable Tensor needed = masking.shape().softCap() == 0 ? null : scores;
                algebra().causalSoftmaxBackward(p, needed, masking.shape(), gradients);
                lab().assertHolds(gradients, lab().read(wide), 4 * Lab.arithmetic(type) * (rows + 32));
            }
        }
    }

    // ---- attention ----

    @ParameterizedTest
    @EnumSource(Masking.class)
    default void attentionMixesTheValuesARowMaySee(Masking masking) {
        for (DType type : lab().computed()) {
            expectAttention(type, masking.shape(), 4, 4, 8, 5, 0, 1, 9);
            expectAttention(type, masking.shape(), 6, 2, 7, 17, 3);
            expectAttention(type, masking.shape(), 3, 1, 16, 8, 7);
            expectAttention(type, masking.shape(), 2, 2, 1, 65);
            expectAttention(type, masking.shape(), 2, 1, 4);
            expectAttention(type, masking.shape(), 4, 2, 3, 300, 130);
        }
    }

    private void expectAttention(DType type, AttentionShape shape, int heads, int shared, int d, int... lengths) {
        Segments segments = lab().segments(lengths);
        int rows = segments.rows();
        Tensor q = lab().state(type, rows, heads, d);
        algebra().scale(2, q, q);
        Tensor k = lab().random(type, rows, shared, d);
        Tensor v = lab().random(type, rows, shared, d);
        Tensor out = lab().blank(type, rows, heads, d);
        algebra().attentionForward(q, k, v, segments, shape, out);
        double tolerance = attentionRounding(type) * (d + segments.longest() + 32);
        for (int head = 0; head < heads; head++) {
            int group = head / (heads / shared);
            for (int s = 0; s < segments.count(); s++) {
                double[] expected = attend(
                        lab().read(document(q, segments, s).select(1, head)),
                        lab().read(document(k, segments, s).select(1, group)),
                        lab().read(document(v, segments, s).select(1, group)),
                        segments.length(s),
                        d,
                        shape);
                lab().assertHolds(document(out, segments, s).select(1, head), expected, tolerance);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Masking.class)
    default void attentionBackwardIsTheGradientOfTheForwardPass(Masking masking) {
        for (int shared : new int[] {1, 2, 4}) {
            Segments segments = lab().segments(5, 0, 1, 4);
            Tensor q = lab().state(DType.FLOAT64, 10, 4, 3);
            Tensor k = lab().state(DType.FLOAT64, 10, shared, 3);
            Tensor v = lab().state(DType.FLOAT64, 10, shared, 3);
            Tensor out = lab().blank(DType.FLOAT64, 10, 4, 3);
            Tensor dout = lab().random(DType.FLOAT64, 10, 4, 3);
            Tensor dq = lab().blank(DType.FLOAT64, 10, 4, 3);
            Tensor dk = lab().blank(DType.FLOAT64, 10, shared, 3);
            Tensor dv = lab().blank(DType.FLOAT64, 10, shared, 3);
            double[] factors = lab().read(dout);
            DoubleSupplier loss = () -> {
                algebra().attentionForward(q, k, v, segments, masking.shape(), out);
                return lab().weighted(out, factors);
            };
            algebra().attentionBackward(q, k, v, segments, masking.shape(), dout, dq, dk, dv);
            lab().assertGradient(dq, q, loss);
            lab().assertGradient(dk, k, loss);
            lab().assertGradient(dv, v, loss);
        }
    }

    @ParameterizedTest
    @EnumSource(Masking.class)
    default void attentionBackwardWorksInEveryTypeOnPartsOfOneFusedTensor(Masking masking) {
        for (DType type : lab().computed()) {
            Segments segments = lab().segments(17, 8, 0, 1);
            Tensor fused = lab().random(type, 26, 10, 9);
            Tensor dfused = lab().blank(type, 26, 10, 9);
            Tensor dout = lab().random(type, 26, 6, 9);
            Tensor wide = lab().blank(DType.FLOAT64, 26, 10, 9);
            backward(wide(fused), segments, masking.shape(), wide(dout), wide);
            backward(fused, segments, masking.shape(), dout, dfused);
            lab().assertHolds(dfused, lab().read(wide), 4 * attentionRounding(type) * (9 + 17 + 32));
            assertRepeats(() -> {
                backward(fused, segments, masking.shape(), dout, dfused);
                return lab().read(dfused);
            });
        }
    }

    /// Long enough for backends that take rows in blocks.
    @ParameterizedTest
    @EnumSource(Masking.class)
    default void attentionBackwardOfALongDocumentIsThatOfItsFormula(Masking masking) {
        int rows = 290;
        for (DType type : lab().computed()) {
            Segments segments = lab().segments(3, rows);
            Tensor q = lab().random(type, 3 + rows, 4, 3);
            Tensor k = lab().random(type, 3 + rows, 2, 3);
            Tensor v = lab().random(type, 3 + rows, 2, 3);
            Tensor dout = lab().random(type, 3 + rows, 4, 3);
            Tensor dq = lab().blank(type, 3 + rows, 4, 3);
            Tensor dk = lab().blank(type, 3 + rows, 2, 3);
            Tensor dv = lab().blank(type, 3 + rows, 2, 3);
            algebra().attentionBackward(q, k, v, segments, masking.shape(), dout, dq, dk, dv);
            double tolerance = 4 * attentionRounding(type) * (3 + rows + 32);
            for (int shared = 0; shared < 2; shared++) {
                double[] dkeys = new double[rows * 3];
                double[] dvalues = new double[rows * 3];
                for (int head = 2 * shared; head < 2 * shared + 2; head++) {
                    double[] dqueries = attendBackward(
                            lab().read(document(q, segments, 1).select(1, head)),
                            lab().read(document(k, segments, 1).select(1, shared)),
                            lab().read(document(v, segments, 1).select(1, shared)),
                            lab().read(document(dout, segments, 1).select(1, head)),
                            rows,
                            3,
                            masking.shape(),
                            dkeys,
                            dvalues);
                    lab().assertHolds(document(dq, segments, 1).select(1, head), dqueries, tolerance);
                }
                lab().assertHolds(document(dk, segments, 1).select(1, shared), dkeys, 2 * tolerance);
                lab().assertHolds(document(dv, segments, 1).select(1, shared), dvalues, 2 * tolerance);
            }
        }
    }

    /// Six query, two key and two value heads side by side.
    private void backward(Tensor fused, Segments segments, AttentionShape shape, Tensor dout, Tensor dfused) {
        algebra()
                .attentionBackward(
                        fused.slice(1, 0, 6),
                        fused.slice(1, 6, 8),
                        fused.slice(1, 8, 10),
                        segments,
                        shape,
                        dout,
                        dfused.slice(1, 0, 6),
                        dfused.slice(1, 6, 8),
                        dfused.slice(1, 8, 10));
    }

    @ParameterizedTest
    @EnumSource(Masking.class)
    default void gradientsMayBeWiderThanWhatTheyComeFrom(Masking masking) {
        Segments segments = lab().segments(6, 3);
        Tensor q = lab().random(DType.FLOAT32, 9, 4, 5);
        Tensor k = lab().random(DType.FLOAT32, 9, 2, 5);
        Tensor v = lab().random(DType.FLOAT32, 9, 2, 5);
        Tensor dout = lab().random(DType.FLOAT32, 9, 4, 5);
        Tensor[] exact = blanks(DType.FLOAT64);
        algebra()
                .attentionBackward(
                        wide(q), wide(k), wide(v), segments, masking.shape(), wide(dout), exact[0], exact[1], exact[2]);
        for (int widened = 0; widened < 3; widened++) {
            Tensor[] gradients = blanks(DType.FLOAT32);
            gradients[widened] = blanks(DType.FLOAT64)[widened];
            algebra()
                    .attentionBackward(
                            q, k, v, segments, masking.shape(), dout, gradients[0], gradients[1], gradients[2]);
            for (int i = 0; i < 3; i++) {
                lab().assertHolds(gradients[i], lab().read(exact[i]), 4 * 0x1p-24 * (5 + 6 + 32));
            }
        }
    }

    /// Of queries, keys and values.
    private Tensor[] blanks(DType type) {
        return new Tensor[] {lab().blank(type, 9, 4, 5), lab().blank(type, 9, 2, 5), lab().blank(type, 9, 2, 5)};
    }

    @Test
    default void headsWithoutNumbersAreAllowed() {
        AttentionShape shape = new AttentionShape(1, 0, 2);
        Segments segments = lab().segments(2, 3);
        for (DType type : lab().computed()) {
            Tensor q = lab().blank(type, 5, 4, 0);
            Tensor k = lab().blank(type, 5, 2, 0);
            algebra().attentionForward(q, k, k, segments, shape, lab().blank(type, 5, 4, 0));
            algebra()
                    .attentionBackward(
                            q,
                            k,
                            k,
                            segments,
                            shape,
                            q,
                            lab().blank(type, 5, 4, 0),
                            lab().blank(type, 5, 2, 0),
                            lab().blank(type, 5, 2, 0));
        }
    }

    @Test
    default void aDocumentsAttentionDoesNotDependOnTheOtherDocuments() {
        AttentionShape shape = new AttentionShape(0.5, 0, 0);
        Tensor q = lab().random(DType.FLOAT32, 20, 4, 8);
        Tensor k = lab().random(DType.FLOAT32, 20, 2, 8);
        Tensor v = lab().random(DType.FLOAT32, 20, 2, 8);
        Tensor together = lab().blank(DType.FLOAT32, 20, 4, 8);
        Tensor alone = lab().blank(DType.FLOAT32, 9, 4, 8);
        algebra().attentionForward(q, k, v, lab().segments(7, 9, 4), shape, together);
        algebra().attentionForward(q.rows(7, 16), k.rows(7, 16), v.rows(7, 16), lab().segments(9), shape, alone);
        double[] expected = lab().read(together.rows(7, 16));
        assertSameInCompany(alone, expected, 4 * 0x1p-24 * (8 + 9 + 32));
    }

    @Test
    default void attentionRefusesWrongShapes() {
        AttentionShape shape = new AttentionShape(1, 0, 0);
        Segments segments = lab().segments(3);
        Tensor q = lab().random(DType.FLOAT32, 3, 4, 5);
        Tensor k = lab().random(DType.FLOAT32, 3, 2, 5);
        Tensor three = lab().random(DType.FLOAT32, 3, 3, 5);
        Tensor out = lab().blank(DType.FLOAT32, 3, 4, 5);
        LinearAlgebra algebra = algebra();
        assertRefuses(
                () -> algebra.attentionForward(q, k, k, lab().segments(2), shape, out),
                "q",
                "[2, -1, -1]",
                "got [3, 4, 5]");
        assertRefuses(
                () -> algebra.attentionForward(q, k, three, segments, shape, out), "v", "[3, 2, 5]", "got [3, 3, 5]");
        assertRefuses(
                () -> algebra.attentionForward(q, three, three, segments, shape, out),
                "q",
                "multiple of the 3",
                "got 4");
        assertRefuses(() -> algebra.attentionForward(q, k, k, segments, shape, k), "out", "[3, 4, 5]", "got [3, 2, 5]");
        assertRefuses(
                () -> algebra.attentionBackward(q, k, k, segments, shape, q, out, out, k),
                "dk",
                "[3, 2, 5]",
                "got [3, 4, 5]");
        assertRefuses(() -> algebra.causalSoftmax(q, shape), "scores", "[3, 4, 4]", "got [3, 4, 5]");
        Tensor square = lab().random(DType.FLOAT32, 1, 2, 2);
        assertRefuses(
                () -> algebra.causalSoftmaxBackward(square, null, new AttentionShape(1, 0, 2), square),
                "scores",
                "soft cap of 2.0",
                "got null");
    }

    // ---- the same in plain words ----

    private static boolean sees(int i, int j, AttentionShape shape) {
        return j <= i && (shape.window() == 0 || i - j < shape.window());
    }

    private static double[] probabilities(double[] scores, int rows, AttentionShape shape) {
        double[] p = new double[scores.length];
        for (int line = 0; line < scores.length; line += Math.max(rows, 1)) {
            int i = line / rows % rows;
            double sum = 0;
            for (int j = 0; j < rows; j++) {
                double s = scores[line + j];
                double z = shape.softCap() == 0 ? s : shape.softCap() * Math.tanh(s / shape.softCap());
                p[line + j] = sees(i, j, shape) ? Math.exp(z) : 0;
                sum += p[line + j];
            }
            for (int j = 0; j < rows; j++) {
                p[line + j] /= sum;
            }
        }
        return p;
    }

    private static double[] attend(double[] q, double[] k, double[] v, int rows, int d, AttentionShape shape) {
        double[] scores = new double[rows * rows];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < rows; j++) {
                for (int x = 0; x < d; x++) {
                    scores[i * rows + j] += shape.scale() * q[i * d + x] * k[j * d + x];
                }
            }
        }
        double[] p = probabilities(scores, rows, shape);
        double[] out = new double[rows * d];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < rows; j++) {
                for (int x = 0; x < d; x++) {
                    out[i * d + x] += p[i * rows + j] * v[j * d + x];
                }
            }
        }
        return out;
    }

    /// Returns dq, and adds to dk and dv.
    private static double[] attendBackward(
            double[] q,
            double[] k,
            double[] v,
            double[] dout,
            int rows,
            int d,
            AttentionShape shape,
            double[] dk,
            double[] dv) {
        double[] scores = new double[rows * rows];
        double[] dp = new double[rows * rows];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < rows; j++) {
                for (int x = 0; x < d; x++) {
                    scores[i * rows + j] += shape.scale() * q[i * d + x] * k[j * d + x];
                    dp[i * rows + j] += dout[i * d + x] * v[j * d + x];
                }
            }
        }
        double[] p = probabilities(scores, rows, shape);
        double[] dq = new double[rows * d];
        for (int i = 0; i < rows; i++) {
            double mean = 0;
            for (int j = 0; j < rows; j++) {
                mean += p[i * rows + j] * dp[i * rows + j];
            }
            for (int j = 0; j < rows; j++) {
                int at = i * rows + j;
                double capped = shape.softCap() == 0 ? 0 : Math.tanh(scores[at] / shape.softCap());
                double ds = shape.scale() * p[at] * (dp[at] - mean) * (1 - capped * capped);
                for (int x = 0; x < d; x++) {
                    dq[i * d + x] += ds * k[j * d + x];
                    dk[j * d + x] += ds * q[i * d + x];
                    dv[j * d + x] += p[at] * dout[i * d + x];
                }
            }
        }
        return dq;
    }

    private void expectZerosWhereNothingIsSeen(Tensor tensor, int rows, AttentionShape shape) {
        double[] values = lab().read(tensor);
        for (int i = 0; i < values.length; i++) {
            if (!sees(i / rows % rows, i % rows, shape) && values[i] != 0) {
                throw new AssertionError("element " + i + " of " + tensor + ": expected 0, got " + values[i]);
            }
        }
    }

    private static Tensor document(Tensor packed, Segments segments, int s) {
        return packed.rows(segments.start(s), segments.end(s));
    }

    private Tensor wide(Tensor tensor) {
        return lab().of(DType.FLOAT64, lab().read(tensor), tensor.shape());
    }
}
