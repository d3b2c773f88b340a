package dev.wellspring.linalg.cuda;

import dev.wellspring.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// The arguments of one launch of a kernel, in the order of its parameters.
@SuppressWarnings("DoNotCallSuggester")
public final class KernelArguments {
    KernelArguments() {}

    /// A tensor as the kernels' struct `View`; null is one whose `data` is 0.
    public KernelArguments view(@Nullable Tensor tensor) {
        throw new UnsupportedOperationException();
    }

    /// An `int`.
    public KernelArguments integer(int value) {
        throw new UnsupportedOperationException();
    }

    /// A `long long`.
    public KernelArguments whole(long value) {
        throw new UnsupportedOperationException();
    }

    /// A `double`.
    public KernelArguments number(double value) {
        throw new UnsupportedOperationException();
    }

    /// A pointer into the device's memory.
    public KernelArguments address(long value) {
        throw new UnsupportedOperationException();
    }
}
