package dev.wellspring.linalg.host;

import dev.wellspring.tensor.Tensor;

/// C = α·T + β·C for a FLOAT32 tile T and a FLOAT64 C of its shape, on the calling thread; C is not read when
/// β is 0.
@FunctionalInterface
public interface TileSum {
    void add(double alpha, Tensor tile, double beta, Tensor c);

    /// By loops over rows.
    static void byRows(double alpha, Tensor tile, double beta, Tensor c) {
        int columns = tile.length(1);
        Rows products = Rows.of(tile);
        Rows sums = Rows.of(c);
        double[] values = new double[columns];
        double[] sum = new double[columns];
        for (int row = 0; row < tile.length(0); row++) {
            products.load(row, 0, values, columns);
            Elements.startFrom(beta, sums, row, 0, sum, columns);
            for (int i = 0; i < columns; i++) {
                sum[i] += alpha * values[i];
            }
            sums.store(row, 0, sum, columns);
        }
    }
}
