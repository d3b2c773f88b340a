package dev.wellspring.linalg.cpu;

import dev.wellspring.linalg.RowParallel;
import dev.wellspring.linalg.host.HostLinearAlgebra;
import dev.wellspring.tensor.DType;

/// The seam at the speed of a processor: products and decompositions by OpenBLAS, called without a layer between.
public final class CpuLinearAlgebra extends HostLinearAlgebra {
    private final OpenBlas blas;

    /// Loads OpenBLAS, which the first time on a machine unpacks 40 MB.
    ///
    /// @param parallel spreads rows, and pieces of products, over threads
    /// @throws UnsatisfiedLinkError when there is no OpenBLAS for this machine, or it does not load
    public CpuLinearAlgebra(RowParallel parallel) {
        this(new OpenBlas(), parallel);
    }

    private CpuLinearAlgebra(OpenBlas blas, RowParallel parallel) {
        super(blas, blas, parallel);
        this.blas = blas;
    }

    /// Whether the class path holds OpenBLAS for this machine.
    public static boolean isOnClassPath() {
        return OpenBlas.LIBRARY.isOnClassPath();
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String description() {
        return blas.config() + "; float32 and float64";
    }

    @Override
    public boolean computes(DType type) {
        return switch (type) {
            case FLOAT32, FLOAT64 -> true;
            case BFLOAT16, FLOAT16, INT32 -> false;
        };
    }
}
