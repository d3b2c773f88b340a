package dev.wellspring.linalg.host;

/// C = α·A·B + β·C on the calling thread, for matrices of one type that are not empty; C is not transposed, and is not
/// read when β is 0.
public interface MatrixProduct {
    void multiply(double alpha, Matrix a, Matrix b, double beta, Matrix c);

    /// Whether several threads may call [#multiply] at the same time, each with a matrix C of its own.
    boolean concurrent();
}
