package dev.wellspring.linalg.reference;

import dev.wellspring.tensor.Tensor;

/// Matrix products. Every element of the result is one running sum that starts at β·C and takes its terms in the
/// order of the inner index, so rows never influence each other, and a product whose inner axis is cut in two calls
/// gives the same bits.
final class Products {
    private Products() {}

    /// C = α·A·B + β·C.
    static void gemm(double alpha, Tensor a, Tensor b, double beta, Tensor c) {
        int m = a.length(0);
        int inner = a.length(1);
        int n = b.length(1);
        double[] left = Elements.read(a);
        double[] right = Elements.read(b);
        double[] sum = Elements.readScaled(beta, c);
        for (int i = 0; i < m; i++) {
            for (int k = 0; k < inner; k++) {
                addRow(alpha * left[i * inner + k], right, k * n, sum, i * n, n);
            }
        }
        Elements.write(sum, c);
    }

    /// The same for each element of the first axis.
    static void batchedGemm(double alpha, Tensor a, Tensor b, double beta, Tensor c) {
        for (long batch = 0; batch < c.size(0); batch++) {
            gemm(alpha, a.select(0, batch), b.select(0, batch), beta, c.select(0, batch));
        }
    }

    /// C = α·XᵀX + β·C: the lower triangle row after row of X, then mirrored.
    static void rankUpdate(double alpha, Tensor x, double beta, Tensor c) {
        int rows = x.length(0);
        int n = x.length(1);
        double[] values = Elements.read(x);
        double[] sum = Elements.readScaled(beta, c);
        for (int i = 0; i < n; i++) {
            for (int row = 0; row < rows; row++) {
                addRow(alpha * values[row * n + i], values, row * n, sum, i * n, i + 1);
            }
        }
        mirror(sum, n);
        Elements.write(sum, c);
    }

    /// The lower triangle over the upper one.
    static void mirror(Tensor c) {
        double[] values = Elements.read(c);
        mirror(values, c.length(0));
        Elements.write(values, c);
    }

    private static void mirror(double[] square, int n) {
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                square[j * n + i] = square[i * n + j];
            }
        }
    }

    /// y = y + factor·x over `length` elements from each start.
    static void addRow(double factor, double[] x, int xStart, double[] y, int yStart, int length) {
        for (int j = 0; j < length; j++) {
            y[yStart + j] += factor * x[xStart + j];
        }
    }
}
