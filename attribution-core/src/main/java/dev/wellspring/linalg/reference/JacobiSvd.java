package dev.wellspring.linalg.reference;

import dev.wellspring.tensor.Tensor;

/// Singular value decomposition by one-sided Jacobi rotations (Hestenes 1958; Demmel and Veselić 1992 on its
/// accuracy, which holds for small singular values too). O(sweeps · p² · q) for p = min(m, n), q = max(m, n).
///
/// The p shorter-axis rows b of the matrix are rotated in pairs, J·B, until all are orthogonal. Then their lengths
/// are the singular values, their directions the singular vectors on one side, and J's rows those on the other.
final class JacobiSvd {
    private static final int MAX_SWEEPS = 60;
    private static final double EPSILON = 0x1p-52;

    private JacobiSvd() {}

    /// A ≈ U·Vᵀ. Where the singular value is exactly zero, the column of U is, and so may be that of V.
    static void truncated(Tensor a, Tensor u, Tensor v) {
        int m = a.length(0);
        int n = a.length(1);
        int r = u.length(1);
        boolean tall = m >= n;
        double[][] rows = rows(tall ? a.transposed() : a);
        int exponent = normalise(rows);
        double[][] rotation = identity(rows.length);
        orthogonalise(rows, rotation);
        double[] uValues = new double[m * r];
        double[] vValues = new double[n * r];
        for (int j = 0; j < r; j++) {
            double length = Math.sqrt(dot(rows[j], rows[j]));
            double toUnit = length == 0 ? 0 : 1 / length;
            double sigma = Math.scalb(length, exponent);
            // A = B for a wide matrix and A = Bᵀ for a tall one.
            setColumn(uValues, j, r, tall ? rows[j] : rotation[j], tall ? Math.scalb(1.0, exponent) : sigma);
            setColumn(vValues, j, r, tall ? rotation[j] : rows[j], tall ? 1 : toUnit);
        }
        Elements.write(uValues, u);
        Elements.write(vValues, v);
    }

    /// Sweeps over all pairs until none needs a rotation. The longer row of a pair comes first.
    private static void orthogonalise(double[][] rows, double[][] rotation) {
        for (int sweep = 0; sweep < MAX_SWEEPS; sweep++) {
            boolean rotated = false;
            for (int i = 0; i < rows.length; i++) {
                for (int j = i + 1; j < rows.length; j++) {
                    rotated |= makeOrthogonal(rows, rotation, i, j);
                }
            }
            if (!rotated) {
                return;
            }
        }
        throw new ArithmeticException("singular values of a matrix with " + rows.length
                + " rows: expected convergence within " + MAX_SWEEPS + " sweeps");
    }

    private static boolean makeOrthogonal(double[][] rows, double[][] rotation, int i, int j) {
        double[] x = rows[i];
        double[] y = rows[j];
        double xx = dot(x, x);
        double yy = dot(y, y);
        if (xx < yy) {
            swap(rows, i, j);
            swap(rotation, i, j);
            return makeOrthogonal(rows, rotation, i, j);
        }
        double xy = dot(x, y);
        if (yy == 0 || Math.abs(xy) <= EPSILON * Math.sqrt(x.length) * Math.sqrt(xx) * Math.sqrt(yy)) {
            return false;
        }
        double zeta = (yy - xx) / (2 * xy);
        double t = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.hypot(1, zeta));
        double c = 1 / Math.hypot(1, t);
        rotate(x, y, c * t, c * t / (1 + c));
        rotate(rotation[i], rotation[j], c * t, c * t / (1 + c));
        return true;
    }

    /// (x, y) becomes (c·x − s·y, s·x + c·y), written with tau = s/(1 + c) so that small angles lose no length.
    private static void rotate(double[] x, double[] y, double s, double tau) {
        for (int k = 0; k < x.length; k++) {
            double h = x[k];
            x[k] = h - s * (y[k] + tau * h);
            y[k] += s * (h - tau * y[k]);
        }
    }

    private static void swap(double[][] rows, int i, int j) {
        double[] row = rows[i];
        rows[i] = rows[j];
        rows[j] = row;
    }

    /// Four running sums, which a processor adds side by side.
    private static double dot(double[] x, double[] y) {
        double first = 0;
        double second = 0;
        double third = 0;
        double fourth = 0;
        int k = 0;
        for (; k + 3 < x.length; k += 4) {
            first += x[k] * y[k];
            second += x[k + 1] * y[k + 1];
            third += x[k + 2] * y[k + 2];
            fourth += x[k + 3] * y[k + 3];
        }
        for (; k < x.length; k++) {
            first += x[k] * y[k];
        }
        return (first + second) + (third + fourth);
    }

    private static double[][] rows(Tensor a) {
        double[][] rows = new double[a.length(0)][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Elements.read(a.select(0, i));
        }
        return rows;
    }

    /// Divides by the power of two that brings the largest number close to 1.
    ///
    /// @return its exponent
    /// @throws IllegalArgumentException when a number is not finite
    private static int normalise(double[][] rows) {
        double largest = 0;
        for (double[] row : rows) {
            for (double value : row) {
                if (!Double.isFinite(value)) {
                    throw new IllegalArgumentException("a: expected finite numbers, got " + value);
                }
                largest = Math.max(largest, Math.abs(value));
            }
        }
        int exponent = largest == 0 ? 0 : Math.getExponent(largest);
        for (double[] row : rows) {
            for (int j = 0; j < row.length; j++) {
                row[j] = Math.scalb(row[j], -exponent);
            }
        }
        return exponent;
    }

    private static double[][] identity(int n) {
        double[][] identity = new double[n][n];
        for (int i = 0; i < n; i++) {
            identity[i][i] = 1;
        }
        return identity;
    }

    private static void setColumn(double[] matrix, int column, int columns, double[] values, double factor) {
        for (int i = 0; i < values.length; i++) {
            matrix[i * columns + column] = values[i] * factor;
        }
    }
}
