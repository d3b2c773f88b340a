package dev.wellspring.linalg.cpu;

import dev.wellspring.linalg.host.Matrix;
import dev.wellspring.linalg.host.MatrixProduct;
import dev.wellspring.tensor.DType;
import org.jspecify.annotations.Nullable;

/// OpenBLAS for float32 and float64; oneDNN for bfloat16 where the processor has it.
///
/// @param bfloats null where bfloat16 operands have to be widened
record CpuProduct(OpenBlas blas, @Nullable OneDnn bfloats) implements MatrixProduct, AutoCloseable {
    @Override
    public boolean concurrent() {
        return true;
    }

    @Override
    public boolean takesBfloat16() {
        return bfloats != null;
    }

    @Override
    public void multiply(double alpha, Matrix a, Matrix b, double beta, Matrix c) {
        if (a.type() == DType.BFLOAT16 && bfloats != null) {
            bfloats.multiply(alpha, a, b, beta, c);
        } else {
            blas.multiply(alpha, a, b, beta, c);
        }
    }

    @Override
    public void addSquared(Matrix a, Matrix b, Matrix c) {
        if (bfloats == null) {
            MatrixProduct.super.addSquared(a, b, c);
        } else {
            bfloats.addSquared(a, b, c);
        }
    }

    @Override
    public boolean addsSquares(DType type) {
        return type == DType.BFLOAT16 && bfloats != null;
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
        if (bfloats != null) {
            bfloats.close();
        }
    }
}
