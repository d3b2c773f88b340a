package dev.wellspring.linalg.host;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.HostMemory;
import dev.wellspring.tensor.Tensor;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Scratch memory for pieces of about the same size that threads work on at the same time. It is kept until the
/// backend is closed, as many blocks as were ever lent at once: fresh memory would cost a page fault for every
/// 4 KiB.
final class TileMemory implements AutoCloseable {
    private final Queue<HostMemory> free = new ConcurrentLinkedQueue<>();

    /// Memory of one thread until it is closed; its contents are arbitrary.
    Lent lend(long byteSize) {
        HostMemory memory = free.poll();
        if (memory == null || memory.byteSize() < byteSize) {
            if (memory != null) {
                memory.close();
            }
            memory = HostMemory.allocate(byteSize);
        }
        return new Lent(memory);
    }

    /// A block that goes back to the others.
    final class Lent implements AutoCloseable {
        private final HostMemory memory;

        private Lent(HostMemory memory) {
            this.memory = memory;
        }

        /// Over the beginning of the block.
        Tensor tensor(DType type, long... shape) {
            return Tensor.of(memory, type, shape);
        }

        @Override
        public void close() {
            free.add(memory);
        }
    }

    @Override
    public void close() {
        for (HostMemory memory = free.poll(); memory != null; memory = free.poll()) {
            memory.close();
        }
    }
}
