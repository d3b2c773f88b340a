package dev.wellspring.linalg.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.wellspring.linalg.Activation;
import dev.wellspring.linalg.AttentionShape;
import dev.wellspring.linalg.Bfloat16;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.NormKind;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the contract suite, which runs small operands through these kernels too, does not ask: large operands,
/// special numbers, and the same bits however rows are spread and whatever rows are beside each other.
class VectorKernelsTest {
    /// Uneven ranges, the last one first.
    private static final RowParallel IN_PIECES = (count, body) -> {
        body.accept(count / 3, count);
        body.accept(1, count / 3);
        body.accept(0, 1);
    };

    private static final int[] WIDTHS = {1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 1000};

    private final LinearAlgebra algebra = new CpuLinearAlgebra(RowParallel.serial());
    private final LinearAlgebra twin = CpuLinearAlgebra.withoutVectors(RowParallel.serial());
    private final Workspace work = new Workspace(algebra);

    @AfterEach
    void close() {
        work.close();
        algebra.close();
        twin.close();
    }

    // ---- the same bits ----

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "BFLOAT16"})
    void howRowsAreSpreadChangesNoBit(DType type) {
        try (var pieces = new CpuLinearAlgebra(IN_PIECES)) {
            List<double[]> expected = everything(algebra, type, 300, 203);
            List<double[]> spread = everything(pieces, type, 300, 203);
            for (int k = 0; k < expected.size(); k++) {
                assertThat(Arrays.equals(spread.get(k), expected.get(k)))
                        .as("the same bits in result %d", k)
                        .isTrue();
            }
        }
    }

    /// The first calls are interpreted, the last ones are machine code.
    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "BFLOAT16"})
    void compilationChangesNoBit(DType type) {
        List<double[]> expected = everything(algebra, type, 8, 67);
        for (int call = 0; call < 300; call++) {
            List<double[]> again = everything(algebra, type, 8, 67);
            for (int k = 0; k < expected.size(); k++) {
                if (!Arrays.equals(again.get(k), expected.get(k))) {
                    throw new AssertionError(
                            "result " + k + " of call " + call + ": expected the bits of the first call");
                }
            }
        }
    }

    /// A row of 300 in another place of memory, alone, is the same row.
    @Test
    void whatLiesBesideARowChangesNoBit() {
        int n = 203;
        Tensor x = random(1, 300, n);
        Tensor alone = work.allocate(DType.FLOAT32, 1, n + 3).columns(3, n + 3);
        algebra.copy(x.rows(77, 78), alone);
        expectSameRow(x, alone, (in, out) -> algebra.activationForward(Activation.GELU, in, out));
        expectSameRow(x, alone, (in, out) -> algebra.activationBackward(Activation.GELU_TANH, in, in, out));
        expectSameRow(x, alone, (in, out) -> norm(algebra, in, out));
        expectSameRow(x, alone, (in, out) -> {
            algebra.copy(in, out);
            Tensor weights = work.allocate(DType.FLOAT64, in.size(0));
            algebra.fill(weights, 0.5);
            Tensor labels = work.allocate(DType.INT32, in.size(0));
            algebra.crossEntropy(out, labels, weights, 0, work.allocate(DType.FLOAT64, in.size(0)));
        });
    }

    private void expectSameRow(Tensor x, Tensor alone, BiConsumer<Tensor, Tensor> operation) {
        Tensor together = work.allocate(DType.FLOAT32, x.shape());
        Tensor single = work.allocate(DType.FLOAT32, alone.shape());
        operation.accept(x, together);
        operation.accept(alone, single);
        assertThat(numbers(single)).containsExactly(numbers(together.rows(77, 78)));
    }

    private void norm(LinearAlgebra algebra, Tensor x, Tensor y) {
        Tensor statistics = work.allocate(DType.FLOAT32, x.size(0), 2);
        algebra.normForward(NormKind.LAYER_NORM, 1e-5, x, null, null, y, statistics);
        algebra.normBackward(NormKind.LAYER_NORM, x, x, null, statistics, 1, y);
    }

    /// The results of all operations that have a kernel, on the same numbers for the same sizes.
    private static List<double[]> everything(LinearAlgebra algebra, DType type, int rows, int n) {
        List<double[]> results = new ArrayList<>();
        try (var work = new Workspace(algebra)) {
            Tensor x = random(work, type, 1, rows, n);
            Tensor other = random(work, type, 2, rows, n);
            Tensor y = work.allocate(type, rows, n);
            Tensor z = work.allocate(type, rows, n);
            Tensor wide = work.allocate(DType.FLOAT64, rows, n);
            Tensor bfloats = work.allocate(DType.BFLOAT16, rows, n);
            Tensor statistics = work.allocate(DType.FLOAT64, rows, 2);
            for (Activation f : Activation.values()) {
                algebra.activationForward(f, x, y);
                results.add(numbers(y));
                algebra.activationBackward(f, x, other, y);
                results.add(numbers(y));
                algebra.gatedForward(f, x, other, y);
                results.add(numbers(y));
                algebra.gatedBackward(f, x, other, x, y, z);
                results.add(numbers(y));
                results.add(numbers(z));
            }
            for (NormKind kind : NormKind.values()) {
                algebra.normForward(kind, 1e-5, x, other.select(0, 0), other.select(0, 1), y, statistics);
                results.add(numbers(y));
                results.add(numbers(statistics));
                algebra.normBackward(kind, other, x, other.select(0, 0), statistics, 0, y);
                results.add(numbers(y));
                algebra.normBackward(kind, other, x, null, statistics, 0.5, y);
                results.add(numbers(y));
            }
            algebra.add(0.3, x, y);
            algebra.add(0.7, x.select(0, 3), y);
            algebra.addSquared(0.3, x, y);
            results.add(numbers(y));
            algebra.add(0.3, x, wide);
            algebra.addSquared(0.3, x, wide);
            results.add(numbers(wide));
            algebra.divideDamped(x, wide, 2, y);
            results.add(numbers(y));
            algebra.divideDamped(x, y, 2, z);
            algebra.scale(0.3, z, z);
            results.add(numbers(z));
            algebra.copy(x, bfloats);
            algebra.copy(bfloats, y);
            results.add(numbers(y));
            algebra.copy(x, wide);
            algebra.copy(wide, y);
            results.add(numbers(y));
            sums(algebra, work, x, other, results);
            attention(algebra, work, rows, results);
            losses(algebra, work, x, results);
        }
        return results;
    }

    private static void sums(LinearAlgebra algebra, Workspace work, Tensor x, Tensor y, List<double[]> results) {
        int rows = x.length(0);
        int n = x.length(1);
        int[] offsets = {0, rows / 3, rows / 3, rows};
        Tensor onBackend = work.allocate(DType.INT32, 4);
        algebra.upload(MemorySegment.ofArray(offsets), DType.INT32, onBackend);
        for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
            Tensor sum = work.allocate(type, 1);
            algebra.dot(x, y, 0, sum);
            algebra.dot(x.columns(1, n), y.columns(1, n), 2, sum);
            results.add(numbers(sum));
            Tensor segments = work.allocate(type, 3, n);
            algebra.segmentSum(x, new Segments(offsets, onBackend), 0, segments);
            algebra.segmentSum(x, new Segments(offsets, onBackend), 0.5, segments);
            results.add(numbers(segments));
            Tensor dots = work.allocate(type, rows / 4, 4);
            algebra.rowDot(x.split(0, rows / 4, 4), y.split(0, rows / 4, 4), 0, dots);
            results.add(numbers(dots));
        }
        int[] indices = new int[rows];
        Arrays.setAll(indices, i -> (7 * i) % rows);
        Tensor wanted = work.allocate(DType.INT32, rows);
        algebra.upload(MemorySegment.ofArray(indices), DType.INT32, wanted);
        Tensor gathered = work.allocate(x.type(), rows, n);
        algebra.gather(x, wanted, 0, gathered);
        algebra.gather(y, wanted, 1, gathered);
        results.add(numbers(gathered));
        long m = n / 4;
        Tensor heads = work.allocate(x.type(), rows, 2, 2 * m);
        algebra.copy(x.columns(0, 4 * m).split(1, 2, 2 * m), heads);
        Tensor angles = random(work, DType.FLOAT32, 5, rows, m);
        algebra.rotary(heads, angles, angles, wanted, false, true);
        results.add(numbers(heads));
    }

    private static void attention(LinearAlgebra algebra, Workspace work, int rows, List<double[]> results) {
        int size = rows / 2;
        for (int window : new int[] {0, 17}) {
            var shape = new AttentionShape(1, window, 0);
            Tensor p = random(work, DType.FLOAT32, 3, 3, size, size);
            algebra.causalSoftmax(p, shape);
            results.add(numbers(p));
            Tensor gradients = random(work, DType.FLOAT32, 4, 3, size, size);
            algebra.causalSoftmaxBackward(p, null, shape, gradients);
            results.add(numbers(gradients));
        }
    }

    private static void losses(LinearAlgebra algebra, Workspace work, Tensor x, List<double[]> results) {
        Tensor weights = work.allocate(DType.FLOAT64, x.size(0));
        algebra.fill(weights, 0.7);
        Tensor losses = work.allocate(DType.FLOAT64, x.size(0));
        Tensor logits = work.allocate(DType.FLOAT32, x.shape());
        algebra.copy(x, logits);
        algebra.crossEntropy(logits, work.allocate(DType.INT32, x.size(0)), weights, 0, losses);
        results.add(numbers(losses));
        results.add(numbers(logits));
    }

    // ---- the twin ----

    /// Kernels and twin, on large operands: the same numbers to a few roundings of FLOAT32, which sums of 200
    /// numbers between −1 and 1, and norms of what is as small as 0.01, make larger; of BFLOAT16 to two of its own.
    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "BFLOAT16"})
    void theSlowTwinAgrees(DType type) {
        List<double[]> expected = everything(twin, type, 300, 203);
        List<double[]> actual = everything(algebra, type, 300, 203);
        double rounding = type == DType.BFLOAT16 ? 2 * 0x1p-8 : 64 * 0x1p-24;
        for (int k = 0; k < expected.size(); k++) {
            for (int i = 0; i < expected.get(k).length; i++) {
                double wanted = expected.get(k)[i];
                double allowed = rounding * Math.max(1, Math.abs(wanted));
                if (!(Math.abs(actual.get(k)[i] - wanted) <= allowed)) {
                    throw new AssertionError("result " + k + ", element " + i + ": expected " + wanted + " within "
                            + allowed + ", got " + actual.get(k)[i]);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void activationsOfLargeNumbersAreWhatTheirFormulaSays(Activation f) {
        double[] large = {-1e30, -1e13, -200, -20, 20, 200, 1e13, 1e30, 3e38, -3e38};
        Tensor x = of(large);
        Tensor y = work.allocate(DType.FLOAT32, large.length);
        algebra.activationForward(f, x, y);
        Tensor ones = work.allocate(DType.FLOAT32, large.length);
        algebra.fill(ones, 1);
        Tensor slopes = work.allocate(DType.FLOAT32, large.length);
        algebra.activationBackward(f, x, ones, slopes);
        for (int i = 0; i < large.length; i++) {
            double at = (float) large[i];
            double value = Math.abs(at) > 100 ? Math.max(at, 0) : f.value(at);
            double slope = Math.abs(at) > 100 ? Math.max(Math.signum(at), 0) : f.derivative(at);
            assertThat(numbers(y)[i]).as("f(%s)", at).isCloseTo(value, within(1e-6 * Math.max(1, Math.abs(value))));
            assertThat(numbers(slopes)[i]).as("f'(%s)", at).isCloseTo(slope, within(1e-6));
        }
    }

    private static Offset<Double> within(double tolerance) {
        return Offset.offset(tolerance);
    }

    @Test
    void oneNotANumberSpreadsOverItsRowAndNoFurther() {
        for (int n : WIDTHS) {
            double[] rows = new double[3 * n];
            rows[n + n / 2] = Double.NaN;
            Tensor x = of(rows).reshape(3, n);
            Tensor y = work.allocate(DType.FLOAT32, 3, n);
            algebra.activationForward(Activation.GELU_TANH, x, y);
            expectNotANumber(y, n, false);
            norm(algebra, x, y);
            expectNotANumber(y, n, true);
            algebra.copy(x, y);
            Tensor weights = work.allocate(DType.FLOAT64, 3);
            algebra.fill(weights, 1);
            Tensor losses = work.allocate(DType.FLOAT64, 3);
            algebra.crossEntropy(y, work.allocate(DType.INT32, 3), weights, 0, losses);
            expectNotANumber(y, n, true);
            assertThat(numbers(losses)[1]).isNaN();
            assertThat(numbers(losses)[0]).isFinite();
        }
    }

    private static void expectNotANumber(Tensor y, int n, boolean wholeRow) {
        double[] values = numbers(y);
        for (int i = 0; i < values.length; i++) {
            boolean expected = wholeRow ? i / n == 1 : i == n + n / 2;
            assertThat(Double.isNaN(values[i]))
                    .as("element %d of %d: NaN", i, n)
                    .isEqualTo(expected);
        }
    }

    /// Losses of GPT-2's vocabulary, in the float64 that a sum of 50,257 exponentials takes.
    @Test
    void fiftyThousandExponentialsAddUpExactly() {
        int vocabulary = 50_257;
        Tensor logits = random(5, 2, vocabulary);
        algebra.scale(8, logits, logits);
        double[] z = numbers(logits);
        Tensor weights = work.allocate(DType.FLOAT64, 2);
        algebra.fill(weights, 1);
        Tensor losses = work.allocate(DType.FLOAT64, 2);
        algebra.crossEntropy(logits, work.allocate(DType.INT32, 2), weights, 0, losses);
        for (int row = 0; row < 2; row++) {
            double[] line = Arrays.copyOfRange(z, row * vocabulary, (row + 1) * vocabulary);
            double sum = Arrays.stream(line).map(StrictMath::exp).sum();
            assertThat(numbers(losses)[row]).isCloseTo(StrictMath.log(sum) - line[0], within(2e-7));
            double total = Arrays.stream(numbers(logits.select(0, row))).sum();
            assertThat(total).as("sum of the gradient").isCloseTo(0, within(2e-6));
        }
    }

    // ---- conversions ----

    @Test
    void bfloatsAreRoundedLikeSingleNumbers() {
        var random = new SplittableRandom(11);
        int n = 100_003;
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = Float.intBitsToFloat(random.nextInt());
        }
        values[5] = Float.NaN;
        values[6] = Float.intBitsToFloat(0x7f800001);
        values[7] = Float.intBitsToFloat(0xffffffff);
        values[8] = Float.MAX_VALUE;
        values[9] = 1 + 0x1p-8f;
        values[10] = 1 + 3 * 0x1p-8f;
        values[11] = -0.0f;
        Tensor x = work.allocate(DType.FLOAT32, n);
        algebra.upload(MemorySegment.ofArray(values), DType.FLOAT32, x);
        Tensor bfloats = work.allocate(DType.BFLOAT16, n);
        algebra.copy(x, bfloats);
        Tensor back = work.allocate(DType.FLOAT32, n);
        algebra.copy(bfloats, back);
        for (int i = 0; i < n; i++) {
            short bits = bfloats.segment().getAtIndex(ValueLayout.JAVA_SHORT, i);
            float again = back.segment().getAtIndex(ValueLayout.JAVA_FLOAT, i);
            int expected = Float.floatToRawIntBits(Bfloat16.toFloat(bits));
            if (bits != Bfloat16.fromFloat(values[i]) || Float.floatToRawIntBits(again) != expected) {
                throw new AssertionError(
                        "bfloat16 of " + values[i] + ": got " + Bfloat16.toFloat(bits) + " and back " + again);
            }
        }
    }

    // ---- tiles ----

    @Test
    void tilesAreAddedInFloat64AndOldNumbersNotReadWithoutAWeight() {
        for (int n : WIDTHS) {
            Tensor tile = random(n, 3, n);
            Tensor block = work.allocate(DType.FLOAT64, 5, n + 4);
            algebra.fill(block, Double.NaN);
            Tensor c = block.rows(1, 4).columns(3, n + 3);
            VectorElements.addTile(3, tile, 0, c);
            double[] values = numbers(tile);
            assertThat(numbers(c))
                    .containsExactly(Arrays.stream(values).map(v -> 3 * v).toArray());
            VectorElements.addTile(0.5, tile, 2, c);
            assertThat(numbers(c))
                    .containsExactly(Arrays.stream(values).map(v -> 6.5 * v).toArray());
            assertThat(numbers(block.columns(0, 3))).containsOnly(Double.NaN);
            assertThat(numbers(block.columns(n + 3, n + 4))).containsOnly(Double.NaN);
        }
    }

    @Test
    void tilesOfOtherTypesAreRefused() {
        Tensor c = work.allocate(DType.FLOAT64, 2, 3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VectorElements.addTile(1, c, 1, c))
                .withMessageContaining("tile: expected FLOAT32");
    }

    @Test
    void aClosedTensorIsRefused() {
        Tensor closed = algebra.allocate(DType.FLOAT32, 3);
        closed.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> algebra.scale(1, closed, closed))
                .withMessageContaining("whose memory is open");
    }

    // ---- operands ----

    private Tensor random(long seed, long... shape) {
        return random(work, DType.FLOAT32, seed, shape);
    }

    private static Tensor random(Workspace work, DType type, long seed, long... shape) {
        Tensor tensor = work.allocate(type, shape);
        var random = new SplittableRandom(seed);
        for (long i = 0; i < tensor.elementCount(); i++) {
            float value = (float) random.nextDouble(-1, 1);
            if (type == DType.BFLOAT16) {
                tensor.segment().setAtIndex(ValueLayout.JAVA_SHORT, i, Bfloat16.fromFloat(value));
            } else {
                tensor.segment().setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
            }
        }
        return tensor;
    }

    private Tensor of(double... values) {
        Tensor tensor = work.allocate(DType.FLOAT32, values.length);
        algebra.upload(MemorySegment.ofArray(values), DType.FLOAT64, tensor);
        return tensor;
    }

    private static double[] numbers(Tensor tensor) {
        double[] values = new double[Math.toIntExact(tensor.elementCount())];
        int columns = tensor.length(tensor.rank() - 1);
        if (tensor.rank() == 2 && !tensor.isContiguous()) {
            for (int row = 0; row < tensor.length(0); row++) {
                System.arraycopy(numbers(tensor.select(0, row)), 0, values, row * columns, columns);
            }
            return values;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (tensor.type()) {
                case FLOAT32 -> tensor.segment().getAtIndex(ValueLayout.JAVA_FLOAT, i);
                case FLOAT64 -> tensor.segment().getAtIndex(ValueLayout.JAVA_DOUBLE, i);
                case BFLOAT16 -> Bfloat16.toFloat(tensor.segment().getAtIndex(ValueLayout.JAVA_SHORT, i));
                case FLOAT16, INT32 -> throw new IllegalArgumentException(tensor.toString());
            };
        }
        return values;
    }
}
