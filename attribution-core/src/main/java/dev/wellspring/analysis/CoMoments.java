package dev.wellspring.analysis;

import dev.wellspring.linalg.RowParallel;

/// Sums of products of deviations from the mean, for all pairs of columns of a matrix that passes by in
/// blocks of rows: M_ij = Σ_d (x_di − x̄_i)(x_dj − x̄_j), accumulated in float64.
///
/// Each block is freed of its own means first, so nothing is lost where means are large beside deviations,
/// and blocks are joined by the update of Chan, Golub and LeVeque (1983): M += M_b + δδᵀ n_a n_b / (n_a +
/// n_b), with δ the difference of the means. The result depends on the blocks and not on the threads.
///
/// Memory: columns² · 4 bytes. Time: columns² multiplications and additions a row, in loops that the
/// compiler turns into vector instructions.
final class CoMoments {
    /// So many rows are added in one pass over the sums of a column.
    private static final int ROWS = 4;

    /// So many stay in the cache while all columns pass over them.
    private static final int TILE = 128;

    private final double[] means;
    private final double[][] sums;
    private long rows;

    /// @param columns how many
    CoMoments(int columns) {
        means = new double[columns];
        sums = new double[columns][];
        for (int i = 0; i < columns; i++) {
            sums[i] = new double[i + 1];
        }
    }

    /// How many rows have passed.
    long rows() {
        return rows;
    }

    /// The mean of a column's values, exact where all are alike.
    static double mean(double[] values, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += values[i] - values[0];
        }
        return values[0] + sum / count;
    }

    /// Takes a block.
    ///
    /// @param deviations (rows, columns) the values less their column's mean in this block
    /// @param count how many rows
    /// @param ofBlock (columns) these means
    void accept(double[][] deviations, int count, double[] ofBlock, RowParallel parallel) {
        if (count == 0) {
            return;
        }
        int columns = means.length;
        double weight = rows == 0 ? 0 : (double) rows * count / (rows + count);
        double[] shift = new double[columns];
        for (int i = 0; i < columns; i++) {
            shift[i] = rows == 0 ? 0 : ofBlock[i] - means[i];
        }
        // A long row and a short one, so that all ranges are equally much work.
        parallel.forRanges(Math.ceilDiv(columns, 2), (from, to) -> {
            for (int pair = (int) from; pair < to; pair++) {
                shift(pair, shift, weight);
                if (columns - 1 - pair != pair) {
                    shift(columns - 1 - pair, shift, weight);
                }
            }
            for (int tile = 0; tile < count; tile += TILE) {
                int end = Math.min(count, tile + TILE);
                for (int pair = (int) from; pair < to; pair++) {
                    add(pair, deviations, tile, end);
                    if (columns - 1 - pair != pair) {
                        add(columns - 1 - pair, deviations, tile, end);
                    }
                }
            }
        });
        rows += count;
        for (int i = 0; i < columns; i++) {
            means[i] = rows == count ? ofBlock[i] : means[i] + shift[i] * count / rows;
        }
    }

    /// What the means of the rows so far and of this block differ by.
    private void shift(int column, double[] shift, double weight) {
        double[] sum = sums[column];
        for (int j = 0; j <= column; j++) {
            sum[j] += weight * shift[column] * shift[j];
        }
    }

    private void add(int column, double[][] deviations, int from, int to) {
        for (int row = from; row < to; row += ROWS) {
            addRows(sums[column], column, deviations, row, Math.min(ROWS, to - row));
        }
    }

    /// Several rows for each reading and writing of the sums. The compiler makes vector instructions of a loop
    /// whose arrays all have the same index.
    private static void addRows(double[] sum, int column, double[][] x, int row, int rows) {
        if (rows == ROWS) {
            double[] x0 = x[row];
            double[] x1 = x[row + 1];
            double[] x2 = x[row + 2];
            double[] x3 = x[row + 3];
            double a0 = x0[column];
            double a1 = x1[column];
            double a2 = x2[column];
            double a3 = x3[column];
            for (int j = 0; j <= column; j++) {
                sum[j] += a0 * x0[j] + a1 * x1[j] + a2 * x2[j] + a3 * x3[j];
            }
            return;
        }
        for (int r = row; r < row + rows; r++) {
            double[] own = x[r];
            double a = own[column];
            for (int j = 0; j <= column; j++) {
                sum[j] += a * own[j];
            }
        }
    }

    /// (columns, columns) M_ij / √(M_ii M_jj): NaN where a column's values are all alike, or one is not finite.
    double[][] correlations() {
        int columns = means.length;
        double[][] matrix = new double[columns][columns];
        for (int i = 0; i < columns; i++) {
            for (int j = 0; j <= i; j++) {
                double scale = Math.sqrt(sums[i][i]) * Math.sqrt(sums[j][j]);
                matrix[i][j] = scale > 0 ? Math.clamp(sums[i][j] / scale, -1, 1) : Double.NaN;
                matrix[j][i] = matrix[i][j];
            }
        }
        return matrix;
    }
}
