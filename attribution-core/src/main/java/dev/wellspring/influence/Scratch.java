package dev.wellspring.influence;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;

/// One block of backend memory that short-lived tensors share, one use after the other.
final class Scratch implements AutoCloseable {
    /// Views begin at multiples of this many elements: a cache line at least.
    private static final long ALIGNMENT = 16;

    private final Tensor flat;
    private long used;

    Scratch(LinearAlgebra algebra, DType type, long elements) {
        this.flat = algebra.allocate(type, elements);
    }

    /// The elements that a tensor takes, with what alignment wastes.
    static long elements(long... shape) {
        long count = 1;
        for (long size : shape) {
            count = Math.multiplyExact(count, size);
        }
        return Math.ceilDiv(count, ALIGNMENT) * ALIGNMENT;
    }

    /// How many elements there are.
    long elements() {
        return flat.elementCount();
    }

    /// Everything handed out so far may be overwritten from here on.
    void reset() {
        used = 0;
    }

    /// How far it is used, for [#reset].
    long mark() {
        return used;
    }

    /// Everything handed out since `mark` may be overwritten from here on.
    void reset(long mark) {
        used = mark;
    }

    /// Memory with old contents.
    Tensor take(long... shape) {
        long from = used;
        used += elements(shape);
        long count = 1;
        for (long size : shape) {
            count *= size;
        }
        return flat.slice(0, from, from + count).reshape(shape);
    }

    @Override
    public void close() {
        flat.close();
    }
}
