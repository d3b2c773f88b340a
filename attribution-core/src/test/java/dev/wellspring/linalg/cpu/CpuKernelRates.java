package dev.wellspring.linalg.cpu;

import dev.wellspring.linalg.Activation;
import dev.wellspring.linalg.AttentionShape;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.NormKind;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/// What each kernel in vector instructions takes on one thread, in the sizes of GPT-2 124M, against its slow
/// twin and against copying as many bytes as it reads and writes. The three are measured in turn, round after
/// round, in processor time of the thread; before that the twin's answer is compared with the kernel's.
/// `docs/performance` says how to run it.
///
/// Arguments, all optional: rounds (15), and a part of a kernel's name.
public final class CpuKernelRates implements AutoCloseable {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /// Relative to the largest number of a result.
    private static final double TOLERANCE = 2e-6;

    private static final int WARM_UP = 25;
    private static final int ROWS = 2048;
    private static final int WIDTH = 768;
    private static final int HIDDEN = 3072;
    private static final int HEADS = 12;
    private static final int TOKENS = 512;
    private static final int VOCABULARY = 50_257;
    private static final int LOSS_ROWS = 256;

    private final LinearAlgebra kernels = new CpuLinearAlgebra(RowParallel.serial());
    private final LinearAlgebra twin = CpuLinearAlgebra.withoutVectors(RowParallel.serial());
    private final Workspace work = new Workspace(kernels);
    private final PrintStream out = System.out;
    private final int rounds;
    private final String part;

    private CpuKernelRates(int rounds, String part) {
        this.rounds = rounds;
        this.part = part;
    }

    /// Prints the table.
    public static void main(String[] arguments) {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 15;
        try (var rates = new CpuKernelRates(rounds, arguments.length > 1 ? arguments[1] : "")) {
            rates.all();
        }
    }

    private void all() {
        out.printf(
                Locale.ROOT,
                "%s, %d-bit vectors, Java %s, one thread, processor time, median of %d rounds%n%n",
                System.getProperty("os.arch"),
                Vectors.FLOATS.vectorBitSize(),
                Runtime.version(),
                rounds);
        out.println("| kernel | shape | ns an element | least, most | GB/s | of copying | times the twin's speed |");
        out.println("|---|---|---|---|---|---|---|");
        activations();
        norms();
        attention();
        losses();
        elements();
        sums();
        copies();
    }

    // ---- kernels ----

    private void activations() {
        Tensor x = random(DType.FLOAT32, ROWS, HIDDEN);
        Tensor up = random(DType.FLOAT32, ROWS, HIDDEN);
        Tensor dy = random(DType.FLOAT32, ROWS, HIDDEN);
        kernels.scale(4, x, x);
        Tensor y = work.allocate(DType.FLOAT32, ROWS, HIDDEN);
        Tensor dup = work.allocate(DType.FLOAT32, ROWS, HIDDEN);
        for (Activation f : Activation.values()) {
            measure(f + " forward", 8, y, algebra -> algebra.activationForward(f, x, y));
            measure(f + " backward", 12, y, algebra -> algebra.activationBackward(f, x, dy, y));
        }
        measure("SILU gated forward", 12, y, algebra -> algebra.gatedForward(Activation.SILU, x, up, y));
        measure("SILU gated backward", 20, y, algebra -> algebra.gatedBackward(Activation.SILU, x, up, dy, y, dup));
    }

    private void norms() {
        Tensor x = random(DType.FLOAT32, ROWS, WIDTH);
        Tensor dy = random(DType.FLOAT32, ROWS, WIDTH);
        Tensor weight = random(DType.FLOAT32, WIDTH);
        Tensor bias = random(DType.FLOAT32, WIDTH);
        Tensor y = work.allocate(DType.FLOAT32, ROWS, WIDTH);
        Tensor statistics = work.allocate(DType.FLOAT32, ROWS, 2);
        for (NormKind kind : NormKind.values()) {
            measure(
                    kind + " forward",
                    8,
                    y,
                    algebra -> algebra.normForward(kind, 1e-5, x, weight, bias, y, statistics));
            measure(kind + " backward", 12, y, algebra -> algebra.normBackward(kind, dy, x, weight, statistics, 0, y));
        }
        Tensor heads = random(DType.FLOAT32, ROWS, HEADS, WIDTH / HEADS);
        Tensor angles = random(DType.FLOAT32, ROWS, WIDTH / HEADS / 2);
        Tensor positions = work.allocate(DType.INT32, ROWS);
        int[] numbers = new int[ROWS];
        Arrays.setAll(numbers, i -> i);
        kernels.upload(MemorySegment.ofArray(numbers), DType.INT32, positions);
        Tensor turned = work.allocate(DType.FLOAT32, heads.shape());
        measure(
                "rotary",
                8,
                turned,
                () -> kernels.copy(heads, turned),
                algebra -> algebra.rotary(turned, angles, angles, positions, false, false));
    }

    private void attention() {
        var shape = new AttentionShape(1, 0, 0);
        Tensor scores = random(DType.FLOAT32, HEADS, TOKENS, TOKENS);
        Tensor p = work.allocate(DType.FLOAT32, scores.shape());
        measure("causal softmax", 8, p, () -> kernels.copy(scores, p), algebra -> algebra.causalSoftmax(p, shape));
        Tensor gradients = work.allocate(DType.FLOAT32, scores.shape());
        measure(
                "causal softmax backward",
                12,
                gradients,
                () -> kernels.copy(scores, gradients),
                algebra -> algebra.causalSoftmaxBackward(p, null, shape, gradients));
    }

    private void losses() {
        Tensor logits = random(DType.FLOAT32, LOSS_ROWS, VOCABULARY);
        kernels.scale(6, logits, logits);
        Tensor z = work.allocate(DType.FLOAT32, LOSS_ROWS, VOCABULARY);
        Tensor labels = work.allocate(DType.INT32, LOSS_ROWS);
        Tensor weights = work.allocate(DType.FLOAT64, LOSS_ROWS);
        kernels.fill(weights, 1);
        Tensor losses = work.allocate(DType.FLOAT64, LOSS_ROWS);
        measure(
                "cross-entropy",
                8,
                z,
                () -> kernels.copy(logits, z),
                algebra -> algebra.crossEntropy(z, labels, weights, 0, losses));
    }

    private void elements() {
        Tensor x = random(DType.FLOAT32, ROWS, HIDDEN);
        Tensor bias = random(DType.FLOAT32, HIDDEN);
        Tensor y = work.allocate(DType.FLOAT32, ROWS, HIDDEN);
        Tensor wide = work.allocate(DType.FLOAT64, ROWS, HIDDEN);
        Tensor lambda = work.allocate(DType.FLOAT64, ROWS, HIDDEN);
        kernels.addSquared(1, x, lambda);
        measure("add", 12, y, () -> kernels.fill(y, 0), algebra -> algebra.add(0.5, x, y));
        measure("add a row", 8, y, () -> kernels.fill(y, 0), algebra -> algebra.add(0.5, bias, y));
        measure("scale", 8, y, algebra -> algebra.scale(0.3, x, y));
        measure("add squared", 12, y, () -> kernels.fill(y, 0), algebra -> algebra.addSquared(0.5, x, y));
        measure(
                "add squared into float64",
                20,
                wide,
                () -> kernels.fill(wide, 0),
                algebra -> algebra.addSquared(0.5, x, wide));
        measure("divide by float64 λ + damping", 16, y, algebra -> algebra.divideDamped(x, lambda, 0.1, y));
        measure("add a tile into float64", 20, wide, () -> kernels.fill(wide, 0), algebra -> {
            if (algebra == kernels) {
                VectorElements.addTile(0.5, x, 1, wide);
            } else {
                algebra.add(0.5, x, wide);
            }
        });
    }

    private void sums() {
        Tensor x = random(DType.FLOAT32, ROWS, HIDDEN);
        Tensor y = random(DType.FLOAT32, ROWS, HIDDEN);
        Tensor dots = work.allocate(DType.FLOAT32, ROWS, HIDDEN / 32);
        Tensor wideDots = work.allocate(DType.FLOAT64, ROWS, HIDDEN / 32);
        Tensor left = x.split(1, HIDDEN / 32, 32);
        Tensor right = y.split(1, HIDDEN / 32, 32);
        measure("row dots of rank 32", left, 8, dots, algebra -> algebra.rowDot(left, right, 0, dots));
        measure(
                "row dots of rank 32 into float64",
                left,
                8,
                wideDots,
                algebra -> algebra.rowDot(left, right, 0, wideDots));
        Tensor sum = work.allocate(DType.FLOAT32, 1);
        Tensor wideSum = work.allocate(DType.FLOAT64, 1);
        measure("dot", x, 8, sum, algebra -> algebra.dot(x, x, 0, sum));
        measure("dot into float64", x, 8, wideSum, algebra -> algebra.dot(x, x, 0, wideSum));
        int[] offsets = {0, 512, 1024, 1536, 2048};
        Tensor onBackend = work.allocate(DType.INT32, offsets.length);
        kernels.upload(MemorySegment.ofArray(offsets), DType.INT32, onBackend);
        Segments segments = new Segments(offsets, onBackend);
        Tensor totals = work.allocate(DType.FLOAT32, 4, HIDDEN);
        measure("segment sums", x, 4, totals, algebra -> algebra.segmentSum(x, segments, 0, totals));
        Tensor wideTotals = work.allocate(DType.FLOAT64, 4, HIDDEN);
        measure(
                "segment sums into float64",
                x,
                4,
                wideTotals,
                algebra -> algebra.segmentSum(x, segments, 0, wideTotals));
    }

    private void copies() {
        Tensor x = random(DType.FLOAT32, ROWS, HIDDEN);
        Tensor wide = work.allocate(DType.FLOAT64, ROWS, HIDDEN);
        Tensor bfloats = work.allocate(DType.BFLOAT16, ROWS, HIDDEN);
        Tensor y = work.allocate(DType.FLOAT32, ROWS, HIDDEN);
        measure("float32 to float64", 12, wide, algebra -> algebra.copy(x, wide));
        measure("float64 to float32", 12, y, algebra -> algebra.copy(wide, y));
        measure("float32 to bfloat16", 6, bfloats, algebra -> algebra.copy(x, bfloats));
        measure("bfloat16 to float32", 6, y, algebra -> algebra.copy(bfloats, y));
        Tensor indices = work.allocate(DType.INT32, ROWS);
        measure("gather and add", 12, y, () -> kernels.fill(y, 0), algebra -> algebra.gather(x, indices, 1, y));
    }

    // ---- measuring ----

    private void measure(String name, int bytes, Tensor result, Consumer<LinearAlgebra> operation) {
        measure(name, result, bytes, result, () -> {}, operation);
    }

    private void measure(String name, int bytes, Tensor result, Runnable reset, Consumer<LinearAlgebra> operation) {
        measure(name, result, bytes, result, reset, operation);
    }

    private void measure(String name, Tensor counted, int bytes, Tensor result, Consumer<LinearAlgebra> operation) {
        measure(name, counted, bytes, result, () -> {}, operation);
    }

    /// @param counted the tensor whose elements are counted
    /// @param bytes read and written for each of them, if caches hold nothing between calls
    /// @param result what both must agree on
    /// @param reset brings operands that an operation changes back
    private void measure(
            String name, Tensor counted, int bytes, Tensor result, Runnable reset, Consumer<LinearAlgebra> operation) {
        if (!name.contains(part)) {
            return;
        }
        reset.run();
        operation.accept(twin);
        double[] expected = numbers(result);
        reset.run();
        operation.accept(kernels);
        check(name, expected, numbers(result));
        double[][] ns = new double[3][rounds];
        long elements = counted.elementCount();
        try (Tensor from = kernels.allocate(DType.FLOAT32, elements * bytes / 8);
                Tensor to = kernels.allocate(DType.FLOAT32, elements * bytes / 8)) {
            for (int round = -WARM_UP; round < rounds; round++) {
                double[] times = {
                    time(() -> {}, () -> to.segment().copyFrom(from.segment())),
                    time(reset, () -> operation.accept(kernels)),
                    time(reset, () -> operation.accept(twin))
                };
                for (int k = 0; k < times.length && round >= 0; k++) {
                    ns[k][round] = times[k] / elements;
                }
            }
        }
        Arrays.stream(ns).forEach(Arrays::sort);
        double[] sorted = ns[1];
        out.printf(
                Locale.ROOT,
                "| %s | %s | %.2f | %.2f, %.2f | %.1f | %.0f %% of %.1f | %.1f |%n",
                name,
                Arrays.toString(counted.shape()).replaceAll("[\\[\\]]", "").replace(", ", " × "),
                median(sorted),
                sorted[0],
                sorted[rounds - 1],
                bytes / median(sorted),
                100 * median(ns[0]) / median(sorted),
                bytes / median(ns[0]),
                median(ns[2]) / median(sorted));
    }

    private static double time(Runnable reset, Runnable operation) {
        reset.run();
        long start = THREADS.getCurrentThreadCpuTime();
        operation.run();
        return THREADS.getCurrentThreadCpuTime() - start;
    }

    private static double median(double[] sorted) {
        return sorted[sorted.length / 2];
    }

    private static void check(String name, double[] expected, double[] actual) {
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs(actual[i] - expected[i]) <= TOLERANCE * largest)) {
                throw new AssertionError(name + ": expected " + expected[i] + " within " + TOLERANCE * largest
                        + " for element " + i + ", got " + actual[i]);
            }
        }
    }

    private double[] numbers(Tensor tensor) {
        double[] values = new double[Math.toIntExact(tensor.elementCount())];
        twin.download(tensor, MemorySegment.ofArray(values), DType.FLOAT64);
        return values;
    }

    private Tensor random(DType type, long... shape) {
        Tensor tensor = work.allocate(type, shape);
        double[] values =
                new SplittableRandom(1).doubles(tensor.elementCount(), -1, 1).toArray();
        twin.upload(MemorySegment.ofArray(values), DType.FLOAT64, tensor);
        return tensor;
    }

    @Override
    public void close() {
        work.close();
        kernels.close();
        twin.close();
    }
}
