package dev.wellspring.linalg.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Products whose operands are filled up however small they are, in small pieces, beside those of plain loops.
@TestInstance(Lifecycle.PER_CLASS)
class PaddedProductsTest {
    private static final PaddedOperands.Limits SMALL = new PaddedOperands.Limits(0, 0, 0, 500);

    private final SplittableRandom random = new SplittableRandom(5);
    private final LinearAlgebra plain = new ReferenceLinearAlgebra();
    private final LinearAlgebra device =
            new CudaLinearAlgebra(CudaUnderTest.gpu(Gpu.Float32Products.EXACT), new ReferenceLinearAlgebra(), SMALL);

    @AfterAll
    void close() {
        device.close();
        plain.close();
    }

    @ParameterizedTest
    @CsvSource({
        "FLOAT32, FLOAT32, FLOAT32",
        "FLOAT32, FLOAT32, FLOAT64",
        "BFLOAT16, BFLOAT16, FLOAT32",
        "BFLOAT16, FLOAT32, FLOAT32",
        "BFLOAT16, BFLOAT16, BFLOAT16"
    })
    void productsAreThoseOfPlainLoops(DType left, DType right, DType result) {
        for (int[] size : new int[][] {{17, 23, 9}, {16, 24, 8}, {8, 3, 16}, {1, 9, 33}}) {
            for (boolean turned : new boolean[] {false, true}) {
                expect(left, right, result, 1, size, turned, false);
                expect(left, right, result, 3, size, turned, false);
                expect(left, right, result, 3, size, turned, true);
            }
        }
    }

    /// @param turned whether A and B lie the other way round in memory
    /// @param repeated whether B is the same for all
    private void expect(
            DType left, DType right, DType result, int batch, int[] size, boolean turned, boolean repeated) {
        double[] as = numbers(batch * size[0] * size[1]);
        double[] bs = numbers(batch * size[1] * size[2]);
        double[] cs = numbers(batch * size[0] * size[2]);
        assertSame(result, algebra -> {
            try (var memory = new Workspace(algebra)) {
                Tensor a = tensor(algebra, memory, left, as, batch, size[0], size[1], turned);
                Tensor b = tensor(algebra, memory, right, bs, batch, size[1], size[2], turned);
                Tensor c = tensor(algebra, memory, result, cs, batch, size[0], size[2], false);
                algebra.batchedGemm(0.5, a, repeated ? b.select(0, 0).repeated(batch) : b, -1, c);
                return read(algebra, c);
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"FLOAT32, FLOAT32, 17", "BFLOAT16, FLOAT64, 17", "BFLOAT16, FLOAT64, 16", "FLOAT32, FLOAT64, 1025"})
    void sumsOfSquaresAreThoseOfPlainLoops(DType type, DType result, int n) {
        double[] xs = numbers(3 * n);
        double[] cs = numbers(n * n);
        assertSame(result, algebra -> {
            try (var memory = new Workspace(algebra)) {
                Tensor x = tensor(algebra, memory, type, xs, 1, 3, n, false).select(0, 0);
                Tensor c = tensor(algebra, memory, result, cs, 1, n, n, false).select(0, 0);
                algebra.rankUpdate(2, x, 0.5, c);
                return read(algebra, c);
            }
        });
    }

    private interface Call {
        double[] on(LinearAlgebra algebra);
    }

    private void assertSame(DType result, Call call) {
        double tolerance = result == DType.BFLOAT16 ? 0x1p-6 : 1e-5;
        double[] found = call.on(device);
        double[] expected = call.on(plain);
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            worst = Math.max(worst, Math.abs(found[i] - expected[i])); // NaN stays
        }
        assertThat(worst).isCloseTo(0, within(tolerance));
    }

    private double[] numbers(int count) {
        return random.doubles(count, -1, 1).toArray();
    }

    private static Tensor tensor(
            LinearAlgebra algebra,
            Workspace memory,
            DType type,
            double[] numbers,
            int batch,
            int rows,
            int columns,
            boolean turned) {
        Tensor tensor =
                turned ? memory.allocate(type, batch, columns, rows) : memory.allocate(type, batch, rows, columns);
        algebra.upload(MemorySegment.ofArray(numbers), DType.FLOAT64, tensor);
        return turned ? tensor.transposed() : tensor;
    }

    private static double[] read(LinearAlgebra algebra, Tensor tensor) {
        double[] numbers = new double[Math.toIntExact(tensor.elementCount())];
        algebra.download(tensor, MemorySegment.ofArray(numbers), DType.FLOAT64);
        return numbers;
    }
}
