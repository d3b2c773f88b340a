package dev.wellspring.linalg.nd4j;

/// C = α·A·B + β·C for matrices of one type that are not empty; C is not transposed, and is not read when β is 0.
sealed interface MatrixProduct permits HostProduct, DeviceProduct {
    void multiply(double alpha, Matrix a, Matrix b, double beta, Matrix c);

    /// The same without spreading over threads.
    default void multiplyHere(double alpha, Matrix a, Matrix b, double beta, Matrix c) {
        multiply(alpha, a, b, beta, c);
    }

    /// Whether several threads may call [#multiplyHere] at the same time, each with a matrix C of its own.
    boolean concurrent();
}
