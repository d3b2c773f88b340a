package dev.wellspring.linalg.host;

/// C = α·A·B + β·C on the calling thread, for matrices that are not empty; C is not transposed, and is not
/// read when β is 0. All three are FLOAT32 or all FLOAT64; A and B may also be BFLOAT16 where that is taken.
public interface MatrixProduct {
    void multiply(double alpha, Matrix a, Matrix b, double beta, Matrix c);

    /// Whether several threads may call [#multiply] at the same time, each with a matrix C of its own.
    boolean concurrent();

    /// Whether A and B may be BFLOAT16, with sums in FLOAT32 and C in either type; else they are widened before.
    default boolean takesBfloat16() {
        return false;
    }
}
