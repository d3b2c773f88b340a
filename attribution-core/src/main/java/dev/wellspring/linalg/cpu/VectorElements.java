package dev.wellspring.linalg.cpu;

import static dev.wellspring.linalg.cpu.Vectors.LANES;
import static dev.wellspring.linalg.cpu.Vectors.WIDE_LANES;
import static dev.wellspring.linalg.cpu.Vectors.all;
import static dev.wellspring.linalg.cpu.Vectors.allWide;
import static dev.wellspring.linalg.cpu.Vectors.first;
import static dev.wellspring.linalg.cpu.Vectors.firstHalf;
import static dev.wellspring.linalg.cpu.Vectors.firstWide;
import static dev.wellspring.linalg.cpu.Vectors.load;
import static dev.wellspring.linalg.cpu.Vectors.loadWide;
import static dev.wellspring.linalg.cpu.Vectors.store;
import static dev.wellspring.linalg.cpu.Vectors.storeNarrowed;
import static dev.wellspring.linalg.cpu.Vectors.widened;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Element-wise arithmetic on FLOAT32 and BFLOAT16, in float64 where an operand is FLOAT64. Numbers go through
/// registers once, from where they lie to where they belong: these kernels are as fast as memory.
final class VectorElements {
    private final Spread spread;

    VectorElements(Spread spread) {
        this.spread = spread;
    }

    boolean add(double alpha, Tensor x, Tensor y) {
        if (!Lines.areNarrow(x)) {
            return false;
        }
        Tensor addend = x.rank() < y.rank() ? x.repeated(y.size(0)) : x;
        if (Lines.areNarrow(y)) {
            spread.map((at, n) -> plus((float) alpha, at[0], at[1], n), addend, y);
            return true;
        }
        if (Lines.are(DType.FLOAT64, y)) {
            spread.map((at, n) -> widenedPlus(alpha, at[0], at[1], n), addend, y);
            return true;
        }
        return false;
    }

    boolean scale(double factor, Tensor x, Tensor y) {
        if (!Lines.areNarrow(x, y)) {
            return false;
        }
        spread.map((at, n) -> times((float) factor, at[0], at[1], n), x, y);
        return true;
    }

    boolean addSquared(double alpha, Tensor x, Tensor y) {
        if (Lines.areNarrow(x, y)) {
            spread.map((at, n) -> plusSquares((float) alpha, at[0], at[1], n), x, y);
            return true;
        }
        if (Lines.areNarrow(x) && Lines.are(DType.FLOAT64, y)) {
            spread.map((at, n) -> widenedPlusSquares(alpha, at[0], at[1], n), x, y);
            return true;
        }
        return false;
    }

    boolean divideDamped(Tensor x, Tensor lambda, double damping, Tensor y) {
        if (Lines.areNarrow(x, lambda, y)) {
            spread.map((at, n) -> over(at[0], at[1], (float) damping, at[2], n), x, lambda, y);
            return true;
        }
        if (Lines.areNarrow(x, y) && Lines.are(DType.FLOAT64, lambda)) {
            spread.map((at, n) -> widenedOver(at[0], at[1], damping, at[2], n), x, lambda, y);
            return true;
        }
        return false;
    }

    /// C = β·C + α·T for a FLOAT32 tile T and a FLOAT64 C of one shape, row by row on the calling thread; with
    /// β = 0 the old C is not read.
    static void addTile(double alpha, Tensor tile, double beta, Tensor c) {
        tile.require("tile", c.shape());
        if (!Lines.are(DType.FLOAT32, tile) || !Lines.are(DType.FLOAT64, c)) {
            throw new IllegalArgumentException(
                    "tile: expected FLOAT32 for a FLOAT64 sum, with rows of stride 1, got " + tile + " for " + c);
        }
        Lines from = Lines.of(tile);
        Lines into = Lines.of(c);
        int n = Math.toIntExact(into.width());
        for (long row = 0; row < into.count(); row++) {
            if (beta == 0) {
                widenedTimes(alpha, from.at(row), into.at(row), n);
            } else {
                combine(alpha, from.at(row), beta, into.at(row), n);
            }
        }
    }

    // ---- FLOAT32 ----

    /// y = α·x + y.
    static void plus(float alpha, long x, long y, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            store(load(x + 4L * i).fma(all(alpha), load(y + 4L * i)), y + 4L * i);
        }
        if (i < n) {
            VectorMask<Float> rest = first(n - i);
            store(load(x + 4L * i, rest).fma(all(alpha), load(y + 4L * i, rest)), y + 4L * i, rest);
        }
    }

    /// y = β·y + x.
    static void combine(float beta, long y, long x, int n) {
        if (beta != 1) {
            times(beta, y, y, n);
        }
        plus(1, x, y, n);
    }

    /// y = factor·x.
    private static void times(float factor, long x, long y, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            store(load(x + 4L * i).mul(factor), y + 4L * i);
        }
        if (i < n) {
            VectorMask<Float> rest = first(n - i);
            store(load(x + 4L * i, rest).mul(factor), y + 4L * i, rest);
        }
    }

    /// y = y + α·x².
    private static void plusSquares(float alpha, long x, long y, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector v = load(x + 4L * i);
            store(v.mul(v).fma(all(alpha), load(y + 4L * i)), y + 4L * i);
        }
        if (i < n) {
            VectorMask<Float> rest = first(n - i);
            FloatVector v = load(x + 4L * i, rest);
            store(v.mul(v).fma(all(alpha), load(y + 4L * i, rest)), y + 4L * i, rest);
        }
    }

    /// y = x/(λ + damping).
    private static void over(long x, long lambda, float damping, long y, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            store(load(x + 4L * i).div(load(lambda + 4L * i).add(damping)), y + 4L * i);
        }
        if (i < n) {
            VectorMask<Float> rest = first(n - i);
            store(load(x + 4L * i, rest).div(load(lambda + 4L * i, rest).add(damping)), y + 4L * i, rest);
        }
    }

    // ---- FLOAT32 into FLOAT64 ----

    private static void widenedPlus(double alpha, long x, long y, int n) {
        int i = 0;
        for (; i <= n - WIDE_LANES; i += WIDE_LANES) {
            store(widened(x + 4L * i).fma(allWide(alpha), loadWide(y + 8L * i)), y + 8L * i);
        }
        if (i < n) {
            VectorMask<Double> rest = firstWide(n - i);
            DoubleVector v = widened(x + 4L * i, firstHalf(n - i));
            store(v.fma(allWide(alpha), loadWide(y + 8L * i, rest)), y + 8L * i, rest);
        }
    }

    /// The square is exact, and the sum rounds once.
    private static void widenedPlusSquares(double alpha, long x, long y, int n) {
        int i = 0;
        for (; i <= n - WIDE_LANES; i += WIDE_LANES) {
            DoubleVector v = widened(x + 4L * i);
            store(v.mul(v).fma(allWide(alpha), loadWide(y + 8L * i)), y + 8L * i);
        }
        if (i < n) {
            VectorMask<Double> rest = firstWide(n - i);
            DoubleVector v = widened(x + 4L * i, firstHalf(n - i));
            store(v.mul(v).fma(allWide(alpha), loadWide(y + 8L * i, rest)), y + 8L * i, rest);
        }
    }

    /// y = x/(λ + damping) with a FLOAT64 λ, rounded once.
    private static void widenedOver(long x, long lambda, double damping, long y, int n) {
        int i = 0;
        for (; i <= n - WIDE_LANES; i += WIDE_LANES) {
            storeNarrowed(widened(x + 4L * i).div(loadWide(lambda + 8L * i).add(damping)), y + 4L * i);
        }
        if (i < n) {
            VectorMask<Float> rest = firstHalf(n - i);
            DoubleVector divisor = loadWide(lambda + 8L * i, firstWide(n - i)).add(damping);
            storeNarrowed(widened(x + 4L * i, rest).div(divisor), y + 4L * i, rest);
        }
    }

    /// c = α·t.
    private static void widenedTimes(double alpha, long t, long c, int n) {
        int i = 0;
        for (; i <= n - WIDE_LANES; i += WIDE_LANES) {
            store(widened(t + 4L * i).mul(alpha), c + 8L * i);
        }
        if (i < n) {
            store(widened(t + 4L * i, firstHalf(n - i)).mul(alpha), c + 8L * i, firstWide(n - i));
        }
    }

    /// c = β·c + α·t.
    private static void combine(double alpha, long t, double beta, long c, int n) {
        int i = 0;
        for (; i <= n - WIDE_LANES; i += WIDE_LANES) {
            DoubleVector old = loadWide(c + 8L * i).mul(beta);
            store(widened(t + 4L * i).fma(allWide(alpha), old), c + 8L * i);
        }
        if (i < n) {
            VectorMask<Double> rest = firstWide(n - i);
            DoubleVector old = loadWide(c + 8L * i, rest).mul(beta);
            store(widened(t + 4L * i, firstHalf(n - i)).fma(allWide(alpha), old), c + 8L * i, rest);
        }
    }
}
