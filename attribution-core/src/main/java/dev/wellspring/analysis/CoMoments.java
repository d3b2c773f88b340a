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
    /// So many rows stay in the cache while all columns pass over them.
    private static final int TILE = 64;

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
    /// @param deviations (rows, columns), row-major: the values less their column's mean in this block
    /// @param count how many rows
    /// @param ofBlock (columns) these means
    void accept(double[] deviations, int count, double[] ofBlock, RowParallel parallel) {
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
                int mirror = columns - 1 - pair;
                add(pair, deviations, count, shift, weight);
                if (mirror != pair) {
                    add(mirror, deviations, count, shift, weight);
                }
            }
        });
        rows += count;
        for (int i = 0; i < columns; i++) {
            means[i] = rows == count ? ofBlock[i] : means[i] + shift[i] * count / rows;
        }
    }

    private void add(int column, double[] deviations, int count, double[] shift, double weight) {
        double[] sum = sums[column];
        int columns = means.length;
        for (int j = 0; j <= column; j++) {
            sum[j] += weight * shift[column] * shift[j];
        }
        for (int row = 0; row < count; row += TILE) {
            addTile(sum, column, deviations, row * columns, Math.min(TILE, count - row), columns);
        }
    }

    private static void addTile(double[] sum, int column, double[] x, int start, int count, int columns) {
        int row = 0;
        for (; row + 4 <= count; row += 4) {
            int r0 = start + row * columns;
            int r1 = r0 + columns;
            int r2 = r1 + columns;
            int r3 = r2 + columns;
            double a0 = x[r0 + column];
            double a1 = x[r1 + column];
            double a2 = x[r2 + column];
            double a3 = x[r3 + column];
            for (int j = 0; j <= column; j++) {
                sum[j] += a0 * x[r0 + j] + a1 * x[r1 + j] + a2 * x[r2 + j] + a3 * x[r3 + j];
            }
        }
        for (; row < count; row++) {
            int r = start + row * columns;
            double a = x[r + column];
            for (int j = 0; j <= column; j++) {
                sum[j] += a * x[r + j];
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
