package dev.wellspring.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/// Makes operands on the backend under test and judges results.
///
/// Every operand is a window in a larger block: one row before and behind on each axis, three columns before and two
/// behind on the last, so that it is strided and lies at an odd address. The rim holds [#RIM] and is checked when the
/// test ends; operands made by [#random] and [#of] must then hold what they were given.
public final class Lab {
    private static final double RIM = 768;
    private static final long SEED = 20240607;

    private final LinearAlgebra algebra;
    private final List<Framed> operands = new ArrayList<>();
    private SplittableRandom random = new SplittableRandom(SEED);

    /// @param kept the numbers that must still be there at the end, or null
    private record Framed(Tensor block, Tensor window, double @Nullable [] kept) {}

    Lab(LinearAlgebra algebra) {
        this.algebra = algebra;
    }

    LinearAlgebra algebra() {
        return algebra;
    }

    void start() {
        random = new SplittableRandom(SEED);
    }

    // ---- operands ----

    /// An input: numbers between −1 and 1.
    Tensor random(DType type, long... shape) {
        return keep(state(type, shape));
    }

    /// An input with given numbers, rounded to its type.
    Tensor of(DType type, double[] values, long... shape) {
        Tensor tensor = blank(type, shape);
        write(values, tensor);
        return keep(tensor);
    }

    /// INT32 input.
    Tensor integers(int... values) {
        Tensor tensor = blank(DType.INT32, values.length);
        algebra.upload(MemorySegment.ofArray(values), DType.INT32, tensor);
        return keep(tensor);
    }

    /// An operand that the operation may change: numbers between −1 and 1.
    Tensor state(DType type, long... shape) {
        Tensor tensor = blank(type, shape);
        write(numbers(Math.toIntExact(tensor.elementCount())), tensor);
        return tensor;
    }

    /// An output, full of NaN (INT32: of the smallest number).
    Tensor blank(DType type, long... shape) {
        long[] outer = shape.clone();
        for (int axis = 0; axis < outer.length; axis++) {
            outer[axis] += axis == outer.length - 1 ? 5 : 2;
        }
        Tensor block = algebra.allocate(type, outer);
        algebra.fill(block, RIM);
        Tensor window = block;
        for (int axis = 0; axis < shape.length; axis++) {
            long from = axis == shape.length - 1 ? 3 : 1;
            window = window.slice(axis, from, from + shape[axis]);
        }
        algebra.fill(window, type == DType.INT32 ? Integer.MIN_VALUE : Double.NaN);
        operands.add(new Framed(block, window, null));
        return window;
    }

    /// Documents of these lengths, one after the other.
    Segments segments(int... lengths) {
        int[] offsets = new int[lengths.length + 1];
        for (int s = 0; s < lengths.length; s++) {
            offsets[s + 1] = offsets[s] + lengths[s];
        }
        Tensor onBackend = algebra.allocate(DType.INT32, offsets.length);
        algebra.upload(MemorySegment.ofArray(offsets), DType.INT32, onBackend);
        operands.add(new Framed(onBackend, onBackend, read(onBackend)));
        return new Segments(offsets, onBackend);
    }

    /// Seeded numbers between −1 and 1.
    double[] numbers(int count) {
        double[] values = new double[count];
        Arrays.setAll(values, i -> random.nextDouble(-1, 1));
        return values;
    }

    private Tensor keep(Tensor window) {
        for (int i = operands.size() - 1; i >= 0; i--) {
            if (operands.get(i).window() == window) {
                operands.set(i, new Framed(operands.get(i).block(), window, read(window)));
            }
        }
        return window;
    }

    // ---- contents ----

    /// All elements in row-major order.
    double[] read(Tensor tensor) {
        int count = Math.toIntExact(tensor.elementCount());
        if (tensor.type() == DType.INT32) {
            int[] values = new int[count];
            algebra.download(tensor, MemorySegment.ofArray(values), DType.INT32);
            return Arrays.stream(values).asDoubleStream().toArray();
        }
        double[] values = new double[count];
        algebra.download(tensor, MemorySegment.ofArray(values), DType.FLOAT64);
        return values;
    }

    /// Overwrites all elements.
    void write(double[] values, Tensor tensor) {
        algebra.upload(MemorySegment.ofArray(values), DType.FLOAT64, tensor);
    }

    // ---- judgement ----

    /// The types whole models are computed in.
    List<DType> computed() {
        return Arrays.stream(DType.values()).filter(algebra::computes).toList();
    }

    /// The unit roundoff of a type: half the distance from 1 to the next number.
    static double roundoff(DType type) {
        return switch (type) {
            case FLOAT64 -> 0x1p-53;
            case FLOAT32 -> 0x1p-24;
            case FLOAT16 -> 0x1p-11;
            case BFLOAT16 -> 0x1p-9;
            case INT32 -> 0;
        };
    }

    /// The unit roundoff of arithmetic on these operands: the widest type's, and never more than FLOAT32's.
    static double arithmetic(DType... operands) {
        return Arrays.asList(operands).contains(DType.FLOAT64) ? roundoff(DType.FLOAT64) : roundoff(DType.FLOAT32);
    }

    /// Every element lies within `tolerance` of what is expected, and the rounding to the tensor's type on top, for
    /// which two units are allowed because some hardware rounds twice.
    void assertHolds(Tensor actual, double[] expected, double tolerance) {
        double[] values = read(actual);
        assertThat(values).hasSameSizeAs(expected);
        for (int i = 0; i < values.length; i++) {
            double allowed = tolerance + 2 * roundoff(actual.type()) * Math.abs(expected[i]);
            // Equality lets infinities pass, and the negation catches NaN.
            if (values[i] != expected[i] && !(Math.abs(values[i] - expected[i]) <= allowed)) {
                throw new AssertionError("element " + i + " of " + actual + ": expected " + expected[i] + " within "
                        + allowed + ", got " + values[i]);
            }
        }
    }

    /// The same bits.
    void assertSame(Tensor actual, double[] expected) {
        double[] values = read(actual);
        int first = Arrays.mismatch(values, expected);
        assertThat(first)
                .withFailMessage(() -> "element " + first + " of " + actual + ": expected " + at(expected, first)
                        + ", got " + at(values, first))
                .isEqualTo(-1);
    }

    private static String at(double[] values, int index) {
        return index < values.length ? Double.toString(values[index]) : "nothing";
    }

    /// `gradient` is what the four-point central differences of `loss` by each element of `x` give, within 1e-8
    /// of the largest element. The step leaves errors of about 1e-12, from truncation and rounding alike.
    void assertGradient(Tensor gradient, Tensor x, DoubleSupplier loss) {
        double step = 1e-3;
        double[] at = read(x);
        double[] differences = new double[at.length];
        for (int i = 0; i < at.length; i++) {
            double near = shifted(x, at, i, step, loss) - shifted(x, at, i, -step, loss);
            double far = shifted(x, at, i, 2 * step, loss) - shifted(x, at, i, -2 * step, loss);
            differences[i] = (8 * near - far) / (12 * step);
        }
        write(at, x);
        double largest = Arrays.stream(differences).map(Math::abs).max().orElse(0);
        assertHolds(gradient, differences, 1e-8 * largest);
    }

    private double shifted(Tensor x, double[] at, int i, double step, DoubleSupplier loss) {
        double[] moved = at.clone();
        moved[i] += step;
        write(moved, x);
        return loss.getAsDouble();
    }

    /// Σ factors·(elements of a tensor), a scalar function of it.
    double weighted(Tensor tensor, double[] factors) {
        double[] values = read(tensor);
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += values[i] * factors[i];
        }
        return sum;
    }

    /// The rims hold what they held, the inputs too; then everything is released.
    void checkAndRelease() {
        try {
            operands.forEach(this::check);
        } finally {
            operands.forEach(framed -> framed.block().close());
            operands.clear();
        }
    }

    private void check(Framed framed) {
        if (framed.kept() != null) {
            assertSame(framed.window(), framed.kept());
        }
        if (framed.window() != framed.block()) {
            // With the window filled like its rim, the whole block must be of one value.
            algebra.fill(framed.window(), RIM);
            double[] rim = new double[Math.toIntExact(framed.block().elementCount())];
            Arrays.fill(rim, RIM);
            assertSame(framed.block(), rim);
        }
    }
}
