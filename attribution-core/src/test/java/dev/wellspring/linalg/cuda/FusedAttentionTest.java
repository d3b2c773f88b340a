package dev.wellspring.linalg.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.linalg.AttentionShape;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Attention over more rows than a block takes, beside plain loops in double.
@TestInstance(Lifecycle.PER_CLASS)
class FusedAttentionTest {
    /// Lengths beyond a block's 128 rows, around the 64 that it goes over at a time, and none.
    private static final int[] OFFSETS = {0, 150, 150, 215, 216};

    private static final int ROWS = 216;

    private final LinearAlgebra device = CudaUnderTest.open();
    private final LinearAlgebra plain = new ReferenceLinearAlgebra();

    @AfterAll
    void close() {
        device.close();
        plain.close();
    }

    /// Numbers are 1 at most, and so are sums that probabilities weigh; each rounds to 2⁻⁸ of itself at worst.
    @ParameterizedTest
    @CsvSource({"2, 1, 40, 0, 0", "4, 2, 64, 33, 0", "2, 2, 72, 0, 4", "3, 1, 128, 70, 2"})
    void isAttentionOfPlainLoops(int heads, int groups, int width, int window, double softCap) {
        expect(device, heads, groups, width, window, softCap);
    }

    /// Wide heads and devices without tensor cores for bfloat16 take products of whole batches.
    @Test
    void otherHeadsAndDevicesTakeAnotherWay() {
        expect(device, 2, 1, 136, 0, 0);
        EmulatedCuda.Configuration usual = EmulatedCuda.USUAL;
        var turing = new EmulatedCuda.Configuration(1, 75, usual.driverVersion(), usual.memory());
        try (LinearAlgebra old = new CudaLinearAlgebra(CudaUnderTest.emulated(turing), new ReferenceLinearAlgebra())) {
            expect(old, 4, 2, 64, 33, 0);
        } finally {
            EmulatedCuda.orSkip().configure(usual);
        }
    }

    private void expect(LinearAlgebra device, int heads, int groups, int width, int window, double softCap) {
        var shape = new AttentionShape(4 / Math.sqrt(width), window, softCap);
        List<double[]> expected = attention(plain, DType.FLOAT64, heads, groups, width, shape);
        List<double[]> found = attention(device, DType.BFLOAT16, heads, groups, width, shape);
        for (int i = 0; i < expected.size(); i++) {
            double largest = 0;
            double worst = 0;
            for (int j = 0; j < expected.get(i).length; j++) {
                largest = Math.max(largest, Math.abs(expected.get(i)[j]));
                worst = Math.max(worst, Math.abs(found.get(i)[j] - expected.get(i)[j]));
            }
            assertThat(worst / largest).as("operand %d", i).isCloseTo(0, within(0x1p-7));
        }
    }

    /// out, dq, dk and dv.
    private static List<double[]> attention(
            LinearAlgebra algebra, DType type, int heads, int groups, int width, AttentionShape shape) {
        var random = new SplittableRandom(11);
        try (var memory = new Workspace(algebra)) {
            Tensor q = operand(algebra, memory, type, heads, width, random);
            Tensor k = operand(algebra, memory, type, groups, width, random);
            Tensor v = operand(algebra, memory, type, groups, width, random);
            Tensor dout = operand(algebra, memory, type, heads, width, random);
            Tensor out = memory.allocate(type, ROWS, heads, width);
            Tensor dq = memory.allocate(type, ROWS, heads, width);
            Tensor dk = memory.allocate(type, ROWS, groups, width);
            Tensor dv = memory.allocate(type, ROWS, groups, width);
            Tensor offsets = memory.allocate(DType.INT32, OFFSETS.length);
            algebra.upload(MemorySegment.ofArray(OFFSETS), DType.INT32, offsets);
            var segments = new Segments(OFFSETS, offsets);
            algebra.attentionForward(q, k, v, segments, shape, out);
            algebra.attentionBackward(q, k, v, segments, shape, dout, dq, dk, dv);
            List<double[]> results = new ArrayList<>();
            for (Tensor result : List.of(out, dq, dk, dv)) {
                double[] numbers = new double[Math.toIntExact(result.elementCount())];
                algebra.download(result, MemorySegment.ofArray(numbers), DType.FLOAT64);
                results.add(numbers);
            }
            return results;
        }
    }

    /// Multiples of 1/64 below 1, which BFLOAT16 holds, in rows that begin at odd places.
    private static Tensor operand(
            LinearAlgebra algebra, Workspace memory, DType type, int heads, int width, SplittableRandom random) {
        int count = heads * width;
        Tensor rows = memory.allocate(type, ROWS, count + 3L).columns(2, count + 2L);
        double[] numbers = random.ints((long) ROWS * count, -63, 64)
                .mapToDouble(number -> number / 64.0)
                .toArray();
        algebra.upload(MemorySegment.ofArray(numbers), DType.FLOAT64, rows);
        return rows.split(1, heads, width);
    }
}
