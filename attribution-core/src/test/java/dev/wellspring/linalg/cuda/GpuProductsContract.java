package dev.wellspring.linalg.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.wellspring.linalg.Bfloat16;
import dev.wellspring.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A device's products against three loops, in every orientation.
abstract class GpuProductsContract {
    private static final int M = 3;
    private static final int K = 4;
    private static final int N = 5;

    /// Numbers from one matrix of a batch to the next.
    private static final int STRIDE = 64;

    private final Gpu gpu = open();
    private final Random random = new Random(23);

    /// A new device for exact float32 products.
    abstract Gpu open();

    @AfterEach
    void close() {
        gpu.close();
    }

    /// @param inputs the type of A and B
    /// @param output the type of C
    /// @param repeated whether B is the same for the whole batch
    record Case(
            DType inputs,
            DType output,
            boolean ofA,
            boolean ofB,
            boolean ofC,
            int batch,
            boolean repeated,
            double beta) {
        double tolerance() {
            return switch (output) {
                case FLOAT64 -> 1e-14;
                case FLOAT32 -> 1e-6;
                default -> 0.04;
            };
        }
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (DType[] types : new DType[][] {
            {DType.FLOAT32, DType.FLOAT32},
            {DType.FLOAT64, DType.FLOAT64},
            {DType.BFLOAT16, DType.BFLOAT16},
            {DType.BFLOAT16, DType.FLOAT32}
        }) {
            for (int way = 0; way < 8; way++) {
                boolean ofA = (way & 1) != 0;
                boolean ofB = (way & 2) != 0;
                boolean ofC = (way & 4) != 0;
                cases.add(new Case(types[0], types[1], ofA, ofB, ofC, 1, false, 2));
                cases.add(new Case(types[0], types[1], ofA, ofB, ofC, 3, false, 0));
                cases.add(new Case(types[0], types[1], ofA, ofB, ofC, 3, true, 2));
            }
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void productsOfStridedBatchesAreRight(Case one) {
        double[] a = numbers(one.inputs(), one.batch());
        double[] b = numbers(one.inputs(), one.batch());
        double[] c = numbers(one.output(), one.batch());
        try (DeviceMemory first = upload(one.inputs(), a);
                DeviceMemory second = upload(one.inputs(), b);
                DeviceMemory sum = upload(one.output(), c)) {
            var left = new DeviceMatrix(one.inputs(), first.address(), M, K, one.ofA(), 7, STRIDE);
            var right =
                    new DeviceMatrix(one.inputs(), second.address(), K, N, one.ofB(), 6, one.repeated() ? 0 : STRIDE);
            var target = new DeviceMatrix(one.output(), sum.address(), M, N, one.ofC(), 8, STRIDE);
            expect(one, a, b, c);
            gpu.multiply(0.5, left, right, one.beta(), target, one.batch());
            assertThat(download(one.output(), sum, c.length)).containsExactly(c, within(one.tolerance()));
        }
    }

    /// C = ½·A·B + β·C by loops.
    private static void expect(Case one, double[] a, double[] b, double[] c) {
        for (int matrix = 0; matrix < one.batch(); matrix++) {
            int aStart = matrix * STRIDE;
            int bStart = one.repeated() ? 0 : matrix * STRIDE;
            for (int i = 0; i < M; i++) {
                for (int j = 0; j < N; j++) {
                    double sum = 0;
                    for (int k = 0; k < K; k++) {
                        sum += a[aStart + (one.ofA() ? k * 7 + i : i * 7 + k)]
                                * b[bStart + (one.ofB() ? j * 6 + k : k * 6 + j)];
                    }
                    int place = matrix * STRIDE + (one.ofC() ? j * 8 + i : i * 8 + j);
                    c[place] = 0.5 * sum + (one.beta() == 0 ? 0 : one.beta() * c[place]);
                }
            }
        }
    }

    @Test
    void anOldValueThatIsNotWantedIsNotRead() {
        try (DeviceMemory ones = upload(DType.FLOAT32, new double[] {1, 1});
                DeviceMemory nan = upload(DType.FLOAT32, new double[] {Double.NaN})) {
            gpu.multiply(
                    1,
                    new DeviceMatrix(DType.FLOAT32, ones.address(), 1, 2, false, 2, 0),
                    new DeviceMatrix(DType.FLOAT32, ones.address(), 2, 1, false, 1, 0),
                    0,
                    new DeviceMatrix(DType.FLOAT32, nan.address(), 1, 1, false, 1, 0),
                    1);
            assertThat(download(DType.FLOAT32, nan, 1)).containsExactly(2);
        }
    }

    /// 4097 = 2¹² + 1 has no place in TF32's 10 fraction bits.
    @Test
    void float32IsNotRounded() {
        try (DeviceMemory value = upload(DType.FLOAT32, new double[] {4097});
                DeviceMemory square = gpu.allocate(4)) {
            var matrix = new DeviceMatrix(DType.FLOAT32, value.address(), 1, 1, false, 1, 0);
            var target = new DeviceMatrix(DType.FLOAT32, square.address(), 1, 1, false, 1, 0);
            gpu.multiply(1, matrix, matrix, 0, target, 1);
            assertThat(download(DType.FLOAT32, square, 1)).containsExactly((float) (4097.0 * 4097.0));
        }
    }

    @Test
    void productsWithoutRowsDoNothing() {
        var a = new DeviceMatrix(DType.FLOAT32, 0, 0, K, false, K, 0);
        var b = new DeviceMatrix(DType.FLOAT32, 0, K, N, false, N, 0);
        var c = new DeviceMatrix(DType.FLOAT32, 0, 0, N, false, N, 0);
        gpu.multiply(1, a, b, 0, c, 1);
        gpu.multiply(1, b.flipped(), a.flipped(), 0, c.flipped(), 3);
        gpu.synchronise();
    }

    @Test
    void shapesAndTypesThatDoNotFitAreRefused() {
        var a = new DeviceMatrix(DType.FLOAT32, 0, M, K, false, K, 0);
        var b = new DeviceMatrix(DType.FLOAT32, 0, K, N, false, N, 0);
        var c = new DeviceMatrix(DType.FLOAT32, 0, M, N, false, N, 0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> gpu.multiply(1, a, b.flipped(), 0, c, 1))
                .withMessageContaining("expected (m, k), (k, n) and (m, n)");
        var wide = new DeviceMatrix(DType.FLOAT64, 0, M, N, false, N, 0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> gpu.multiply(1, a, b, 0, wide, 1))
                .withMessageContaining("expected A, B and C of one type, or BFLOAT16 into FLOAT32");
        var overlapping = new DeviceMatrix(DType.FLOAT32, 0, M, N, false, N - 1, 0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> gpu.multiply(1, a, b, 0, overlapping, 1))
                .withMessageContaining("rows that do not overlap");
    }

    // ---- numbers of a type on the way ----

    private double[] numbers(DType type, int batch) {
        return random.doubles((long) batch * STRIDE, -1, 1)
                .map(value -> switch (type) {
                    case FLOAT64 -> value;
                    case FLOAT32 -> (float) value;
                    default -> Bfloat16.toFloat(Bfloat16.fromFloat((float) value));
                })
                .toArray();
    }

    private DeviceMemory upload(DType type, double[] values) {
        DeviceMemory memory = gpu.allocate((long) values.length * type.byteSize());
        switch (type) {
            case FLOAT64 -> gpu.upload(MemorySegment.ofArray(values), memory.address());
            case FLOAT32 -> {
                float[] floats = new float[values.length];
                for (int i = 0; i < values.length; i++) {
                    floats[i] = (float) values[i];
                }
                gpu.upload(MemorySegment.ofArray(floats), memory.address());
            }
            default -> {
                short[] bits = new short[values.length];
                for (int i = 0; i < values.length; i++) {
                    bits[i] = Bfloat16.fromFloat((float) values[i]);
                }
                gpu.upload(MemorySegment.ofArray(bits), memory.address());
            }
        }
        return memory;
    }

    private double[] download(DType type, DeviceMemory memory, int count) {
        double[] values = new double[count];
        switch (type) {
            case FLOAT64 -> gpu.download(memory.address(), MemorySegment.ofArray(values));
            case FLOAT32 -> {
                float[] floats = new float[count];
                gpu.download(memory.address(), MemorySegment.ofArray(floats));
                for (int i = 0; i < count; i++) {
                    values[i] = floats[i];
                }
            }
            default -> {
                short[] bits = new short[count];
                gpu.download(memory.address(), MemorySegment.ofArray(bits));
                for (int i = 0; i < count; i++) {
                    values[i] = Bfloat16.toFloat(bits[i]);
                }
            }
        }
        return values;
    }

    private static Offset<Double> within(double tolerance) {
        return Offset.offset(tolerance);
    }
}
