package dev.wellspring.curvature;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Small tensors as Java arrays and back.
public final class HostArrays {
    private static final ValueLayout.OfDouble FLOAT64 =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private HostArrays() {}

    /// The elements in row-major order; waits for the backend.
    public static double[] download(LinearAlgebra algebra, Tensor tensor) {
        double[] values = new double[Math.toIntExact(tensor.elementCount())];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(Math.max(1, (long) values.length * Double.BYTES), 64);
            algebra.download(tensor, bytes.asSlice(0, (long) values.length * Double.BYTES), DType.FLOAT64);
            MemorySegment.copy(bytes, FLOAT64, 0, values, 0, values.length);
        }
        return values;
    }

    /// Fills a tensor from row-major elements.
    public static void upload(LinearAlgebra algebra, double[] values, Tensor target) {
        if (values.length != target.elementCount()) {
            throw new IllegalArgumentException(
                    "values: expected " + target.elementCount() + " numbers, got " + values.length);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(Math.max(1, (long) values.length * Double.BYTES), 64);
            MemorySegment.copy(values, 0, bytes, FLOAT64, 0, values.length);
            algebra.upload(bytes.asSlice(0, (long) values.length * Double.BYTES), DType.FLOAT64, target);
        }
    }
}
