package dev.wellspring.linalg.host;

/// Sums over the start of an array, with eight running sums that a processor adds side by side. The order depends on
/// the length alone.
final class Sums {
    private Sums() {}

    /// Σ x.
    static double sum(double[] x, int n) {
        double a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
        int i = 0;
        for (; i + 7 < n; i += 8) {
            a += x[i];
            b += x[i + 1];
            c += x[i + 2];
            d += x[i + 3];
            e += x[i + 4];
            f += x[i + 5];
            g += x[i + 6];
            h += x[i + 7];
        }
        double rest = 0;
        for (; i < n; i++) {
            rest += x[i];
        }
        return ((a + b) + (c + d)) + ((e + f) + (g + h)) + rest;
    }

    /// Σ x·y.
    static double dot(double[] x, double[] y, int n) {
        return dot(x, 0, y, 0, n);
    }

    /// Σ x·y over n elements that begin at the given places.
    static double dot(double[] x, int xStart, double[] y, int yStart, int n) {
        double a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
        int i = 0;
        for (; i + 7 < n; i += 8) {
            int p = xStart + i;
            int q = yStart + i;
            a = Math.fma(x[p], y[q], a);
            b = Math.fma(x[p + 1], y[q + 1], b);
            c = Math.fma(x[p + 2], y[q + 2], c);
            d = Math.fma(x[p + 3], y[q + 3], d);
            e = Math.fma(x[p + 4], y[q + 4], e);
            f = Math.fma(x[p + 5], y[q + 5], f);
            g = Math.fma(x[p + 6], y[q + 6], g);
            h = Math.fma(x[p + 7], y[q + 7], h);
        }
        double rest = 0;
        for (; i < n; i++) {
            rest = Math.fma(x[xStart + i], y[yStart + i], rest);
        }
        return ((a + b) + (c + d)) + ((e + f) + (g + h)) + rest;
    }

    /// The largest element, −∞ for none, NaN if there is one.
    static double max(double[] x, int n) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            max = Math.max(max, x[i]);
        }
        return max;
    }
}
