package dev.wellspring.model;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Memory;
import dev.wellspring.tensor.Tensor;

/// Where a decoder's tensors come from: a [dev.wellspring.linalg.Workspace], or a count of what would be
/// needed.
@FunctionalInterface
interface Allocation {
    /// New zeroed memory.
    Tensor allocate(DType type, long... shape);

    /// Adds up the bytes and hands out tensors without contents.
    final class Count implements Allocation {
        private long byteSize;

        @Override
        public Tensor allocate(DType type, long... shape) {
            long bytes = type.byteSize();
            for (long size : shape) {
                bytes = Math.multiplyExact(bytes, size);
            }
            byteSize = Math.addExact(byteSize, bytes);
            return Tensor.of(new Nothing(bytes), type, shape);
        }

        /// The bytes asked for so far.
        long byteSize() {
            return byteSize;
        }
    }

    /// Memory that is only a size.
    record Nothing(long byteSize) implements Memory {
        @Override
        public void close() {
            // Nothing was allocated.
        }
    }
}
