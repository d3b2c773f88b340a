package dev.wellspring.linalg.host;

import dev.wellspring.tensor.DType;

/// C = α·A·B + β·C on the calling thread, for matrices that are not empty; C is not transposed, and is not
/// read when β is 0. All three are FLOAT32 or all FLOAT64; A and B may also be BFLOAT16 where that is taken.
public interface MatrixProduct {
    void multiply(double alpha, Matrix a, Matrix b, double beta, Matrix c);

    /// C = (A·B)² + C, element by element, likewise; only where [#addsSquares].
    default void addSquared(Matrix a, Matrix b, Matrix c) {
        throw new UnsupportedOperationException("addSquared: expected a product that adds squares");
    }

    /// Whether squares of products of matrices of this type can be added to a FLOAT32 C.
    default boolean addsSquares(DType type) {
        return false;
    }

    /// The triangle of C = α·XᵀX + β·C below the diagonal, and the diagonal; what is above may be anything
    /// afterwards. Types as for [#multiply], with X for both operands.
    default void lowerRankUpdate(double alpha, Matrix x, double beta, Matrix c) {
        int n = c.rows();
        if (n <= longestSquare(x)) {
            multiply(alpha, x.turned(), x, beta, c);
            return;
        }
        Matrix left = x.columns(0, n / 2);
        Matrix right = x.columns(n / 2, n);
        lowerRankUpdate(alpha, left, beta, c.rows(0, n / 2).columns(0, n / 2));
        multiply(alpha, right.turned(), left, beta, c.rows(n / 2, n).columns(0, n / 2));
        lowerRankUpdate(alpha, right, beta, c.rows(n / 2, n).columns(n / 2, n));
    }

    /// Rows of a square up to which the triangle above the diagonal costs less than smaller pieces would.
    ///
    /// @param x whose product with itself it is
    default int longestSquare(Matrix x) {
        return 128;
    }

    /// Whether several threads may multiply at the same time, each with a matrix C of its own.
    boolean concurrent();

    /// Whether A and B may be BFLOAT16, with sums in FLOAT32 and C in either type; else they are widened before.
    default boolean takesBfloat16() {
        return false;
    }
}
