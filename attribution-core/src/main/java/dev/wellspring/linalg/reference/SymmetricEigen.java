package dev.wellspring.linalg.reference;

import java.util.Arrays;

/// All eigenvalues and eigenvectors of a symmetric matrix: Householder reduction to a tridiagonal matrix, then
/// implicit QL iterations.
///
/// Golub and Van Loan, Matrix Computations, 8.3.1 (algorithm 8.3.1 with w = p − (τ/2)(pᵀv)v), and the QL iteration
/// of Bowdler, Martin, Reinsch and Wilkinson, Numerische Mathematik 11 (1968), as in EISPACK's tql2. The
/// eigenvectors are kept as rows while they are rotated, so that every inner loop runs along memory. O(n³) time and
/// 16·n² bytes.
final class SymmetricEigen {
    private static final int MAX_ITERATIONS = 60;
    private static final double EPSILON = 0x1p-52;

    private final int n;
    /// The eigenvalues, once done, and before that the diagonal of the tridiagonal matrix.
    private final double[] diagonal;
    /// Element i couples i and i + 1.
    private final double[] offDiagonal;
    /// Row i is the eigenvector of eigenvalue i.
    private final double[][] vectors;

    private SymmetricEigen(int n) {
        this.n = n;
        diagonal = new double[n];
        offDiagonal = new double[n];
        vectors = new double[n][n];
    }

    /// Decomposes the matrix whose lower triangle, row-major, is given.
    ///
    /// @throws IllegalArgumentException when a number is not finite
    static SymmetricEigen of(double[] lower, int n) {
        double largest = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                if (!Double.isFinite(lower[i * n + j])) {
                    throw new IllegalArgumentException(
                            "a[" + i + ", " + j + "]: expected a finite number, got " + lower[i * n + j]);
                }
                largest = Math.max(largest, Math.abs(lower[i * n + j]));
            }
        }
        var eigen = new SymmetricEigen(n);
        // A power of two brings the largest number close to 1 and back without rounding.
        int exponent = largest == 0 ? 0 : Math.getExponent(largest);
        eigen.tridiagonalise(symmetric(lower, n, -exponent));
        eigen.iterate();
        eigen.sort();
        for (int i = 0; i < n; i++) {
            eigen.diagonal[i] = Math.scalb(eigen.diagonal[i], exponent);
        }
        return eigen;
    }

    /// (n), rising.
    double[] values() {
        return diagonal;
    }

    /// (n, n) row-major, eigenvectors in the columns.
    double[] columns() {
        double[] columns = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                columns[j * n + i] = vectors[i][j];
            }
        }
        return columns;
    }

    private static double[][] symmetric(double[] lower, int n, int exponent) {
        double[][] a = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                a[i][j] = Math.scalb(lower[i * n + j], exponent);
                a[j][i] = a[i][j];
            }
        }
        return a;
    }

    /// A becomes tridiagonal from the top; step k reflects rows and columns after k. Both triangles are kept, which
    /// makes every loop run along a row. Then Q, the product of all reflections, is transposed into `vectors`.
    private void tridiagonalise(double[][] a) {
        double[][] reflections = new double[n][];
        double[] taus = new double[n];
        for (int k = 0; k < n; k++) {
            diagonal[k] = a[k][k];
            if (k < n - 1) {
                double[] v = a[k].clone();
                taus[k] = reflect(v, k);
                offDiagonal[k] = taus[k] == 0 ? a[k][k + 1] : v[k];
                reflections[k] = v;
                if (taus[k] != 0) {
                    applyOnBothSides(a, v, taus[k], k + 1);
                }
            }
        }
        double[][] q = new double[n][n];
        for (int i = 0; i < n; i++) {
            q[i][i] = 1;
        }
        for (int k = n - 2; k >= 0; k--) {
            if (taus[k] != 0) {
                applyFromLeft(q, reflections[k], taus[k], k + 1);
            }
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                vectors[j][i] = q[i][j];
            }
        }
    }

    /// Turns v[k + 1…] into the Householder vector, v[k + 1] = 1, that maps it to (β, 0, …); β is left in v[k].
    ///
    /// @return τ of H = I − τ·v·vᵀ, 0 when there is nothing to do
    private double reflect(double[] v, int k) {
        double tail = 0;
        for (int j = k + 2; j < n; j++) {
            tail = Math.max(tail, Math.abs(v[j]));
        }
        if (tail == 0) {
            return 0;
        }
        double scale = Math.max(tail, Math.abs(v[k + 1]));
        double sum = 0;
        for (int j = k + 1; j < n; j++) {
            sum += (v[j] / scale) * (v[j] / scale);
        }
        double alpha = v[k + 1];
        double beta = -Math.copySign(scale * Math.sqrt(sum), alpha);
        double first = alpha - beta;
        for (int j = k + 2; j < n; j++) {
            v[j] /= first;
        }
        v[k + 1] = 1;
        v[k] = beta;
        return (beta - alpha) / beta;
    }

    /// A = H·A·H on rows and columns `from` on: A − v·wᵀ − w·vᵀ with p = τ·A·v and w = p − (τ/2)(pᵀv)·v.
    private void applyOnBothSides(double[][] a, double[] v, double tau, int from) {
        double[] w = new double[n];
        for (int i = from; i < n; i++) {
            addRow(tau * v[i], a[i], w, from);
        }
        double along = 0;
        for (int i = from; i < n; i++) {
            along += w[i] * v[i];
        }
        addRow(-tau / 2 * along, v, w, from);
        for (int i = from; i < n; i++) {
            subtractTwo(v[i], w, w[i], v, a[i], from);
        }
    }

    /// Q = H·Q on rows and columns `from` on: Q − τ·v·(vᵀQ).
    private void applyFromLeft(double[][] q, double[] v, double tau, int from) {
        double[] projection = new double[n];
        for (int i = from; i < n; i++) {
            addRow(v[i], q[i], projection, from);
        }
        for (int i = from; i < n; i++) {
            addRow(-tau * v[i], projection, q[i], from);
        }
    }

    private static void addRow(double factor, double[] x, double[] y, int from) {
        for (int j = from; j < y.length; j++) {
            y[j] += factor * x[j];
        }
    }

    private static void subtractTwo(double first, double[] x, double second, double[] y, double[] target, int from) {
        for (int j = from; j < target.length; j++) {
            target[j] -= first * x[j] + second * y[j];
        }
    }

    /// Implicit QL: for each l, chases the coupling of l and l + 1 towards zero.
    private void iterate() {
        double shift = 0;
        double size = 0;
        for (int l = 0; l < n; l++) {
            size = Math.max(size, Math.abs(diagonal[l]) + Math.abs(offDiagonal[l]));
            int m = l;
            while (m < n - 1 && Math.abs(offDiagonal[m]) > EPSILON * size) {
                m++;
            }
            for (int iteration = 0; m > l && Math.abs(offDiagonal[l]) > EPSILON * size; iteration++) {
                if (iteration == MAX_ITERATIONS) {
                    throw new ArithmeticException("eigenvalue " + l + " of " + n + ": expected convergence within "
                            + MAX_ITERATIONS + " iterations");
                }
                shift += sweep(l, m);
            }
            diagonal[l] += shift;
            offDiagonal[l] = 0;
        }
    }

    /// One implicit QL sweep over rows l to m.
    ///
    /// @return what was taken off all diagonal elements from l on
    private double sweep(int l, int m) {
        double g = diagonal[l];
        double p = (diagonal[l + 1] - g) / (2 * offDiagonal[l]);
        double r = Math.copySign(Math.hypot(p, 1), p);
        diagonal[l] = offDiagonal[l] / (p + r);
        diagonal[l + 1] = offDiagonal[l] * (p + r);
        double next = diagonal[l + 1];
        double shift = g - diagonal[l];
        for (int i = l + 2; i < n; i++) {
            diagonal[i] -= shift;
        }
        p = diagonal[m];
        double c = 1;
        double c2 = 1;
        double c3 = 1;
        double s = 0;
        double s2 = 0;
        double second = offDiagonal[l + 1];
        for (int i = m - 1; i >= l; i--) {
            c3 = c2;
            c2 = c;
            s2 = s;
            g = c * offDiagonal[i];
            double h = c * p;
            r = Math.hypot(p, offDiagonal[i]);
            offDiagonal[i + 1] = s * r;
            s = offDiagonal[i] / r;
            c = p / r;
            p = c * diagonal[i] - s * g;
            diagonal[i + 1] = h + s * (c * g + s * diagonal[i]);
            rotate(vectors[i], vectors[i + 1], c, s);
        }
        p = -s * s2 * c3 * second * offDiagonal[l] / next;
        offDiagonal[l] = s * p;
        diagonal[l] = c * p;
        return shift;
    }

    private static void rotate(double[] x, double[] y, double c, double s) {
        for (int k = 0; k < x.length; k++) {
            double h = y[k];
            y[k] = s * x[k] + c * h;
            x[k] = c * x[k] - s * h;
        }
    }

    private void sort() {
        Integer[] order = new Integer[n];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (i, j) -> Double.compare(diagonal[i], diagonal[j]));
        double[] values = diagonal.clone();
        double[][] rows = vectors.clone();
        for (int i = 0; i < n; i++) {
            diagonal[i] = values[order[i]];
            vectors[i] = rows[order[i]];
        }
    }
}
