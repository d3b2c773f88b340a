package dev.wellspring.curvature;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Objects;

/// Sums of one device added to those of another, through the host's memory. It happens once a pass, so that
/// 100 GB at the rate of a bus are seconds beside hours.
final class SumsAcross {
    /// How much passes at a time.
    private static final long ELEMENTS = 1L << 20;

    private SumsAcross() {}

    /// target += source for each name; the tensors are contiguous, and pass as FLOAT64.
    ///
    /// @throws IllegalArgumentException when names or shapes differ
    static void add(LinearAlgebra from, Map<String, Tensor> source, LinearAlgebra to, Map<String, Tensor> target) {
        if (!source.keySet().equals(target.keySet())) {
            throw new IllegalArgumentException(
                    "sums: expected those of " + target.keySet() + ", got those of " + source.keySet());
        }
        long largest =
                target.values().stream().mapToLong(Tensor::elementCount).max().orElse(0);
        long piece = Math.min(ELEMENTS, largest);
        try (Arena arena = Arena.ofConfined();
                Tensor arrived = to.allocate(DType.FLOAT64, piece)) {
            MemorySegment host = arena.allocate(piece * Double.BYTES, Double.BYTES);
            target.forEach((name, sum) -> {
                Tensor others = Objects.requireNonNull(source.get(name));
                others.require(name, sum.shape());
                Tensor flat = sum.reshape(sum.elementCount());
                Tensor othersFlat = others.reshape(sum.elementCount());
                for (long begin = 0; begin < flat.elementCount(); begin += piece) {
                    long end = Math.min(flat.elementCount(), begin + piece);
                    MemorySegment part = host.asSlice(0, (end - begin) * Double.BYTES);
                    from.download(othersFlat.rows(begin, end), part, DType.FLOAT64);
                    to.upload(part, DType.FLOAT64, arrived.rows(end - begin));
                    to.add(1, arrived.rows(end - begin), flat.rows(begin, end));
                }
            });
        }
    }
}
