package dev.wellspring.linalg.nd4j;

import dev.wellspring.linalg.RowParallel;
import dev.wellspring.linalg.host.HostLinearAlgebra;
import dev.wellspring.linalg.host.MatrixProduct;
import dev.wellspring.linalg.host.TileSum;
import dev.wellspring.tensor.DType;
import org.nd4j.linalg.factory.Nd4j;

/// The seam on ND4J: products by its `matmul`, decompositions by the OpenBLAS it brings, layers by row loops.
/// Tensors lie in host memory; what goes where, and why, stands in the package's description.
public final class Nd4jLinearAlgebra extends HostLinearAlgebra {
    private final boolean onDevice;

    /// Loads ND4J and its native code, which the first time on a machine unpacks about 400 MB into JavaCPP's cache
    /// folder (property `org.bytedeco.javacpp.cachedir`).
    ///
    /// @param parallel spreads rows, and pieces of products, over threads
    /// @throws LinkageError when ND4J has no native code for this machine, or it does not load
    public Nd4jLinearAlgebra(RowParallel parallel) {
        var blas = new OpenBlas();
        boolean device = !Nd4j.getBackend().getClass().getSimpleName().equals("CpuBackend");
        MatrixProduct product = device ? new DeviceProduct() : new HostProduct(blas);
        this(product, blas, parallel, device);
    }

    private Nd4jLinearAlgebra(MatrixProduct product, OpenBlas blas, RowParallel parallel, boolean onDevice) {
        super(product, TileSum::byRows, blas, parallel);
        this.onDevice = onDevice;
    }

    @Override
    public String name() {
        return "nd4j";
    }

    @Override
    public String description() {
        return (onDevice ? "ND4J on CUDA (every product crosses the bus), " : "ND4J native, ")
                + OpenBlas.config().orElse("a BLAS other than OpenBLAS")
                + "; float32 and float64 (its bfloat16 products are slow and crash)";
    }

    /// FLOAT32 and FLOAT64. BFLOAT16 operands are widened wherever they appear, but a whole model in it would only
    /// be slower: ND4J's own bfloat16 product is a naive loop, and crashes the JVM at 2048 x 2048.
    @Override
    public boolean computes(DType type) {
        return switch (type) {
            case FLOAT32, FLOAT64 -> true;
            case BFLOAT16, FLOAT16, INT32 -> false;
        };
    }
}
