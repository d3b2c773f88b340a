package dev.wellspring.linalg.cpu;

import dev.wellspring.linalg.host.Matrix;
import dev.wellspring.linalg.host.MatrixProduct;
import dev.wellspring.tensor.DType;
import org.jspecify.annotations.Nullable;

/// OpenBLAS, and oneDNN for what it multiplies faster: bfloat16 where the processor has that, and most of float32
/// where it has AVX-512.
///
/// @param oneDnn null where there is none, or no AVX-512: OpenBLAS does everything, and bfloat16 operands have to be
///     widened
record CpuProduct(OpenBlas blas, @Nullable OneDnn oneDnn) implements MatrixProduct, AutoCloseable {
    /// The shortest sums that are worth oneDNN's packing.
    private static final int SHORTEST = 64;

    /// Multiplications from which on oneDNN saves more than it takes to describe a product to it.
    private static final double WORTH_DESCRIBING = 1 << 20;

    /// The longest sums for which it does not matter how far apart the rows of B lie. oneDNN may read them in place.
    private static final int LONG = 1024;

    /// Numbers of a line of the cache.
    private static final int LINE = 16;

    /// Rows that lie a multiple of so many numbers apart share their places in the cache.
    private static final int ALIASED = 256;

    @Override
    public boolean concurrent() {
        return true;
    }

    @Override
    public boolean takesBfloat16() {
        return oneDnn != null && oneDnn.hasBfloat16();
    }

    @Override
    public void multiply(double alpha, Matrix a, Matrix b, double beta, Matrix c) {
        if (oneDnn != null && (a.type() == DType.BFLOAT16 || suitsOneDnn(a, b, c))) {
            oneDnn.multiply(alpha, a, b, beta, c);
        } else {
            blas.multiply(alpha, a, b, beta, c);
        }
    }

    /// Whether oneDNN is the faster one, as far as that was measured: by 3 to 9 % for layers, by 30 % for attention.
    /// Not
    /// for long sums over rows of B that begin in the same places of the cache, or in the middle of a line of it.
    private static boolean suitsOneDnn(Matrix a, Matrix b, Matrix c) {
        boolean farApart = b.leading() % LINE == 0 && b.leading() % ALIASED != 0;
        return c.type() == DType.FLOAT32
                && c.rows() > 1
                && c.columns() > 1
                && a.columns() >= SHORTEST
                && (double) c.rows() * c.columns() * a.columns() >= WORTH_DESCRIBING
                && (b.transposed() || a.columns() <= LONG || farApart);
    }

    @Override
    public void addSquared(Matrix a, Matrix b, Matrix c) {
        if (oneDnn == null) {
            MatrixProduct.super.addSquared(a, b, c);
        } else {
            oneDnn.addSquared(a, b, c);
        }
    }

    @Override
    public boolean addsSquares(DType type) {
        return type == DType.BFLOAT16 && takesBfloat16();
    }

    /// oneDNN turns an operand around for each product, which larger pieces need less often.
    @Override
    public int longestSquare(Matrix x) {
        return x.type() == DType.BFLOAT16 && !x.transposed() ? 400 : MatrixProduct.super.longestSquare(x);
    }

    @Override
    public void lowerRankUpdate(double alpha, Matrix x, double beta, Matrix c) {
        if (x.type() == DType.BFLOAT16) {
            MatrixProduct.super.lowerRankUpdate(alpha, x, beta, c);
        } else {
            blas.lowerRankUpdate(alpha, x, beta, c);
        }
    }

    @Override
    public void close() {
        if (oneDnn != null) {
            oneDnn.close();
        }
    }
}
