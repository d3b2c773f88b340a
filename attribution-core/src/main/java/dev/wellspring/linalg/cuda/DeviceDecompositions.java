package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.SubspaceSearch;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/// Eigenvectors by cuSOLVER; singular vectors by subspace iteration on the device, or, where that saves little or
/// FLOAT64 asks for more precision, on the host; operands are checked already.
final class DeviceDecompositions {
    /// Beyond these squares of numbers, or of sums of them, come near to where FLOAT64 ends.
    private static final double SMALL = 1e-100;

    private static final double LARGE = 1e100;

    private final LinearAlgebra algebra;
    private final Gpu gpu;
    private final DeviceElements elements;
    private final LinearAlgebra host;

    /// @param algebra the whole backend, whose products subspaces are made of
    /// @param host decomposes what is small; it is the caller's
    DeviceDecompositions(LinearAlgebra algebra, Gpu gpu, DeviceElements elements, LinearAlgebra host) {
        this.algebra = algebra;
        this.gpu = gpu;
        this.elements = elements;
        this.host = host;
    }

    /// cuSOLVER leaves eigenvectors in columns of a column-major matrix, which are rows here.
    void eigh(Tensor a, Tensor values, Tensor vectors) {
        int n = a.length(0);
        if (n == 0) {
            return;
        }
        try (Tensor work = algebra.allocate(DType.FLOAT64, n, n);
                Tensor found = algebra.allocate(DType.FLOAT64, n)) {
            gpu.withRoom(() -> {
                elements.copy(a, work);
                algebra.mirror(work);
                decompose(work, n, found);
            });
            elements.copy(found, values);
            elements.copy(work.transposed(), vectors);
        }
    }

    /// cuSOLVER does not scale: what overflows within it comes out as NaN, or worse. So numbers far from 1 are
    /// brought near it, by a power of two, which rounds nothing.
    private void decompose(Tensor work, int n, Tensor values) {
        int exponent = exponentOfFar(elements.largest(work));
        if (exponent != 0) {
            elements.scale(Math.scalb(1.0, -exponent), work, work);
        }
        gpu.symmetricEigen(DeviceElements.address(work), n, DeviceElements.address(values));
        if (exponent != 0) {
            elements.scale(Math.scalb(1.0, exponent), values, values);
        }
    }

    /// 0 for what is near 1, for 0, and for NaN and infinity, which are refused later.
    private static int exponentOfFar(double largest) {
        boolean far = largest < SMALL || largest > LARGE;
        return far && largest > 0 && largest <= Double.MAX_VALUE ? Math.getExponent(largest) : 0;
    }

    /// @param a (B, m, n)
    /// @param u (B, m, r)
    /// @param v (B, n, r)
    void batchedTruncatedSvd(Tensor a, Tensor u, Tensor v) {
        DeviceMemory.of("a", a);
        DeviceMemory.of("u", u);
        DeviceMemory.of("v", v);
        if (a.size(0) == 0 || u.size(2) == 0) {
            return;
        }
        int rank = u.length(2);
        long p = Math.min(a.size(1), a.size(2));
        if (a.type() == DType.FLOAT64 || SubspaceSearch.leavesLittle(p, rank)) {
            onTheHost(a, u, v);
        } else {
            bySubspaces(a, u, v, rank);
        }
    }

    private void bySubspaces(Tensor a, Tensor u, Tensor v, int rank) {
        boolean tall = a.size(1) >= a.size(2);
        Tensor matrices = tall ? a : a.transposed();
        try (var subspaces =
                new DeviceSubspaces(algebra, host, a.length(0), matrices.size(1), matrices.size(2), rank)) {
            if (tall) {
                subspaces.approximate(matrices, u, v, true);
            } else {
                subspaces.approximate(matrices, v, u, false);
            }
        }
    }

    private void onTheHost(Tensor a, Tensor u, Tensor v) {
        DType type = a.type() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
        try (Tensor matrices = host.allocate(type, a.shape());
                Tensor left = host.allocate(type, u.shape());
                Tensor right = host.allocate(type, v.shape())) {
            algebra.download(a, bytes(matrices), type);
            host.batchedTruncatedSvd(matrices, left, right);
            algebra.upload(bytes(left), type, u);
            algebra.upload(bytes(right), type, v);
        }
    }

    private static MemorySegment bytes(Tensor tensor) {
        return tensor.segment().asSlice(0, tensor.elementCount() * tensor.type().byteSize());
    }
}
