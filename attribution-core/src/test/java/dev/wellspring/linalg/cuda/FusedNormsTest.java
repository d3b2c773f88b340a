package dev.wellspring.linalg.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.ProductsContract;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Norms of documents' gradients beside those of the gradients themselves, in double.
class FusedNormsTest {
    private final SplittableRandom random = new SplittableRandom(7);

    /// Lengths around a block's 128 rows, widths around the 64 columns and the 16 bytes that it reads at a time.
    @ParameterizedTest
    @CsvSource({"64, 64, 64", "40, 72, 129", "33, 65, 200"})
    void normsAreThoseOfTheGradients(int in, int out, int longest) {
        int[] offsets = {0, longest, longest, longest + 7, longest + 7 + 128};
        int rows = offsets[4];
        try (LinearAlgebra algebra = CudaUnderTest.open();
                var memory = new Workspace(algebra)) {
            double[] a = numbers(rows * in);
            double[] g = numbers(rows * out);
            Tensor activations = upload(
                    algebra, memory.allocate(DType.BFLOAT16, rows, in + 3).columns(1, in + 1), a);
            Tensor gradients = upload(algebra, memory.allocate(DType.BFLOAT16, rows, out), g);
            Tensor norms = upload(algebra, memory.allocate(DType.FLOAT64, 4, 1), new double[] {1, 2, 3, 4});
            Tensor onDevice = memory.allocate(DType.INT32, offsets.length);
            algebra.upload(MemorySegment.ofArray(offsets), DType.INT32, onDevice);
            Segments segments = new Segments(offsets, onDevice);
            assertThat(algebra.addGradientNorms(activations, gradients, segments, norms))
                    .isTrue();
            double[] found = new double[4];
            algebra.download(norms, MemorySegment.ofArray(found), DType.FLOAT64);
            for (int d = 0; d < 4; d++) {
                double expected = d + 1 + ProductsContract.squaredNorm(offsets[d], offsets[d + 1], a, in, g, out);
                assertThat(found[d]).isCloseTo(expected, within(1e-5 * expected));
            }
        }
    }

    @Test
    void otherRowsAreLeftToOtherWays() {
        try (LinearAlgebra algebra = CudaUnderTest.open();
                Tensor rows = algebra.allocate(DType.FLOAT32, 100, 8);
                Tensor few = algebra.allocate(DType.BFLOAT16, 20, 8);
                Tensor norm = algebra.allocate(DType.FLOAT64, 1, 1);
                Tensor offsets = algebra.allocate(DType.INT32, 2)) {
            assertThat(algebra.addGradientNorms(rows, rows, new Segments(new int[] {0, 100}, offsets), norm))
                    .isFalse();
            assertThat(algebra.addGradientNorms(few, few, new Segments(new int[] {0, 20}, offsets), norm))
                    .isFalse();
        }
    }

    /// Multiples of 1/64 below 1, which BFLOAT16 holds.
    private double[] numbers(int count) {
        return random.ints(count, -63, 64).mapToDouble(number -> number / 64.0).toArray();
    }

    private static Tensor upload(LinearAlgebra algebra, Tensor tensor, double[] numbers) {
        algebra.upload(MemorySegment.ofArray(numbers), DType.FLOAT64, tensor);
        return tensor;
    }
}
