package dev.wellspring.linalg;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.Deque;

/// Tensors that live and end together: `try (var work = new Workspace(algebra)) { Tensor x = work.allocate(…); … }`.
public final class Workspace implements AutoCloseable {
    private final LinearAlgebra algebra;
    private final Deque<Tensor> owned = new ArrayDeque<>();
    private long byteSize;

    public Workspace(LinearAlgebra algebra) {
        this.algebra = algebra;
    }

    /// New zeroed memory that is released with this workspace.
    public Tensor allocate(DType type, long... shape) {
        Tensor tensor = algebra.allocate(type, shape);
        owned.push(tensor);
        byteSize += tensor.memory().byteSize();
        return tensor;
    }

    /// The same for what waits until it is needed: see [LinearAlgebra#allocateOffloaded].
    public Tensor allocateOffloaded(DType type, long... shape) {
        Tensor tensor = algebra.allocateOffloaded(type, shape);
        owned.push(tensor);
        return tensor;
    }

    /// The bytes of tensors that are not offloaded, allocated here so far.
    public long byteSize() {
        return byteSize;
    }

    @Override
    public void close() {
        while (!owned.isEmpty()) {
            owned.pop().close();
        }
    }
}
