package dev.wellspring.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// Tensors as arrays, and comparison relative to the largest expected entry.
public final class Numbers {
    private Numbers() {}

    /// The elements in row-major order.
    public static double[] of(LinearAlgebra algebra, Tensor tensor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(ValueLayout.JAVA_DOUBLE, tensor.elementCount());
            algebra.download(tensor, bytes, DType.FLOAT64);
            return bytes.toArray(ValueLayout.JAVA_DOUBLE);
        }
    }

    /// Overwrites a tensor.
    public static void set(LinearAlgebra algebra, double[] values, Tensor tensor) {
        try (Arena arena = Arena.ofConfined()) {
            algebra.upload(arena.allocateFrom(ValueLayout.JAVA_DOUBLE, values), DType.FLOAT64, tensor);
        }
    }

    /// The largest difference, relative to the largest expected entry.
    public static double difference(double[] actual, double[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            double d = Math.abs(actual[i] - expected[i]);
            difference = Double.isNaN(d) ? Double.POSITIVE_INFINITY : Math.max(difference, d);
        }
        return largest == 0 ? difference : difference / largest;
    }

    /// Fails when they differ by more than `tolerance` times the largest expected entry.
    public static void assertClose(String what, double[] actual, double[] expected, double tolerance) {
        assertThat(difference(actual, expected)).as(what).isLessThanOrEqualTo(tolerance);
    }
}
