package dev.wellspring.linalg.cpu;

import dev.wellspring.linalg.RowParallel;
import dev.wellspring.linalg.host.HostLinearAlgebra;
import dev.wellspring.tensor.DType;
import org.jspecify.annotations.Nullable;

/// The seam at the speed of a processor: products and decompositions by OpenBLAS, called without a layer
/// between, and bfloat16 products by oneDNN where the processor has them. Elsewhere bfloat16 matrices are
/// widened before a product, which costs little beside it, and models in bfloat16 take half the memory at the
/// speed of float32.
public final class CpuLinearAlgebra extends HostLinearAlgebra {
    private final CpuProduct product;
    private final String bfloat16;

    /// Loads OpenBLAS, which the first time on a machine unpacks 40 MB, and oneDNN, which unpacks 90 MB.
    ///
    /// @param parallel spreads rows, and pieces of products, over threads
    /// @throws UnsatisfiedLinkError when there is no OpenBLAS for this machine, or it does not load
    public CpuLinearAlgebra(RowParallel parallel) {
        this(new OpenBlas(), Bfloat16Products.find(), parallel);
    }

    private CpuLinearAlgebra(OpenBlas blas, Bfloat16Products bfloats, RowParallel parallel) {
        var product = new CpuProduct(blas, bfloats.library());
        super(product, blas, parallel);
        this.product = product;
        this.bfloat16 = bfloats.why();
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
        return product.blas().config() + "; " + bfloat16;
    }

    @Override
    public boolean computes(DType type) {
        return switch (type) {
            case FLOAT32, FLOAT64, BFLOAT16 -> true;
            case FLOAT16, INT32 -> false;
        };
    }

    /// Where bfloat16 products come from, and why.
    ///
    /// @param library null when operands have to be widened
    private record Bfloat16Products(@Nullable OneDnn library, String why) {
        static Bfloat16Products find() {
            if (!OneDnn.LIBRARY.isOnClassPath()) {
                return new Bfloat16Products(null, "bfloat16 widened to float32: no oneDNN for this machine");
            }
            try {
                var library = new OneDnn();
                return library.hasBfloat16()
                        ? new Bfloat16Products(library, "bfloat16 by oneDNN")
                        : new Bfloat16Products(
                                null, "bfloat16 widened to float32: the processor has neither AMX nor AVX512-BF16");
            } catch (LinkageError failure) {
                return new Bfloat16Products(null, "bfloat16 widened to float32: " + failure.getMessage());
            }
        }
    }
}
