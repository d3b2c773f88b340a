package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.SubspaceSearch;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;

/// The leading singular directions of a batch of tall matrices by subspace iteration (Halko et al., arXiv 0909.4061,
/// algorithm 4.4): V = orth(Aᵀ·(A·V)) until A·V grows no more, all matrices at once.
///
/// The device does the products; only matrices of q × q numbers go to the host, whose Cholesky factors turn a
/// basis into an orthonormal one: with XᵀX = RᵀR, X·R⁻¹, twice, since once loses what is nearly parallel (Fukaya et
/// al., CholeskyQR2, 2014). Where columns depend on one another, eigenvectors do: with XᵀX = W·diag(w)·Wᵀ,
/// X·W·diag(w^−½).
///
/// Products with A twice are of the size of its squared singular values, which float32 may not hold. So A is
/// scaled by 2^−e, of the size of its longest row, by scaling V instead: it has columns of length 2^−e, and what
/// is found is scaled back where it is turned into singular vectors. Powers of two change no digit.
final class DeviceSubspaces implements AutoCloseable {
    /// Directions shorter than this, of the longest squared, are left out: float32 does not know them.
    private static final double NOTHING = 1e-15;

    /// The largest e: V itself has to be of numbers that float32 holds in full.
    private static final int MOST_SCALE = 110;

    private final LinearAlgebra algebra;
    private final SmallEigen eigen;
    private final Workspace memory;
    private final int batch;
    private final int q;
    private final Tensor images;
    private final Tensor directions;
    private final Tensor wide;
    private final Tensor gram;
    private final Tensor squares;

    /// 2^−e of every matrix.
    private final double[] scales;

    /// @param algebra the device
    /// @param host decomposes small matrices
    /// @param m rows of the matrices
    /// @param n columns, at most m
    DeviceSubspaces(LinearAlgebra algebra, LinearAlgebra host, int batch, long m, long n, int rank) {
        this.algebra = algebra;
        this.batch = batch;
        this.q = rank + SubspaceSearch.SPARE;
        this.scales = new double[batch];
        this.eigen = new SmallEigen(host, batch, q);
        this.memory = new Workspace(algebra);
        images = memory.allocate(DType.FLOAT32, batch, m, q);
        directions = memory.allocate(DType.FLOAT32, batch, n, q);
        wide = memory.allocate(DType.FLOAT64, batch, m, q);
        gram = memory.allocate(DType.FLOAT64, batch, q, q);
        squares = memory.allocate(DType.FLOAT64, batch, 1);
    }

    /// A ≈ L·Rᵀ.
    ///
    /// @param a (batch, m, n)
    /// @param left (batch, m, r), left singular vectors, falling
    /// @param right (batch, n, r), right singular vectors
    /// @param scaleLeft whether the singular values go to `left` or to `right`
    void approximate(Tensor a, Tensor left, Tensor right, boolean scaleLeft) {
        measure(a);
        start();
        double[] before = new double[batch];
        for (int round = 0; round < SubspaceSearch.MOST_ROUNDS; round++) {
            algebra.batchedGemm(1, a, directions, 0, images);
            double[] energies = energies();
            if (round > 0 && converged(before, energies)) {
                break;
            }
            before = energies;
            algebra.batchedGemm(1, a.transposed(), images, 0, directions);
            orthonormalise();
        }
        algebra.batchedGemm(1, a, directions, 0, images);
        turn(left, right, scaleLeft);
    }

    /// Finds the scale of every matrix.
    private void measure(Tensor a) {
        Tensor rows = a.stride(2) == 1 ? a : a.transposed();
        int count = rows.length(1);
        double[] squares = new double[batch * count];
        // Squares of FLOAT32 numbers need FLOAT64.
        try (Tensor sums = algebra.allocate(DType.FLOAT64, batch, count)) {
            algebra.rowDot(rows, rows, 0, sums);
            algebra.download(sums, MemorySegment.ofArray(squares), DType.FLOAT64);
        }
        for (int b = 0; b < batch; b++) {
            double longest =
                    Arrays.stream(squares, b * count, (b + 1) * count).max().orElse(0);
            boolean measured = longest > 0 && Double.isFinite(longest);
            int exponent = measured ? Math.getExponent(longest) / 2 : 0;
            scales[b] = Math.scalb(1.0, -Math.clamp(exponent, -MOST_SCALE, MOST_SCALE));
        }
    }

    private void start() {
        var random = new SplittableRandom(SubspaceSearch.SEED);
        long n = directions.size(1);
        double[] values = new double[Math.toIntExact(n * q)];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
        algebra.upload(MemorySegment.ofArray(values), DType.FLOAT64, directions.select(0, 0));
        if (batch > 1) {
            Tensor others = directions.slice(0, 1, batch);
            algebra.copy(directions.select(0, 0).repeated(batch - 1L), others);
        }
        orthonormalise();
    }

    /// Makes V's columns orthogonal, of length 2^−e.
    private void orthonormalise() {
        for (int time = 0; time < 2; time++) {
            Tensor basis = widened(directions);
            double[] turns = turns(grams(basis));
            if (time == 1) {
                scale(turns, 1);
            }
            algebra.upload(MemorySegment.ofArray(turns), DType.FLOAT64, gram);
            algebra.batchedGemm(1, basis, gram, 0, directions);
        }
    }

    /// What makes the columns of each matrix orthonormal; those of one do not depend on the others.
    private double[] turns(double[] grams) {
        double[] turns = new double[grams.length];
        double[] roots = new double[0];
        for (int offset = 0; offset < grams.length; offset += q * q) {
            if (!CholeskyFactors.inverse(grams, offset, q, turns)) {
                roots = roots.length == 0 ? eigen.of(grams).inverseRoots(NOTHING) : roots;
                System.arraycopy(roots, offset, turns, offset, q * q);
            }
        }
        return turns;
    }

    /// Multiplies what belongs to a matrix by 2^(−e·power).
    private void scale(double[] numbers, int power) {
        int each = numbers.length / batch;
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] *= Math.pow(scales[i / each], power);
        }
    }

    private double[] grams(Tensor basis) {
        algebra.batchedGemm(1, basis.transposed(), basis, 0, gram);
        double[] values = new double[batch * q * q];
        algebra.download(gram, MemorySegment.ofArray(values), DType.FLOAT64);
        return values;
    }

    /// ‖A·V‖² of every matrix, to its scale.
    private double[] energies() {
        Tensor vectors = images.reshape(batch, 1, images.size(1) * q);
        algebra.rowDot(vectors, vectors, 0, squares);
        double[] energies = new double[batch];
        algebra.download(squares, MemorySegment.ofArray(energies), DType.FLOAT64);
        return energies;
    }

    private static boolean converged(double[] before, double[] now) {
        for (int b = 0; b < now.length; b++) {
            if (now[b] - before[b] > SubspaceSearch.CONVERGED * now[b]) {
                return false;
            }
        }
        return true;
    }

    /// With (A·V)ᵀ(A·V) = W·diag(s²)·Wᵀ: left = A·V·W/s, right = V·W, for the r largest s. Here V, and so A·V
    /// and s, are 2^−e of what they should be: each that takes part is scaled back once.
    private void turn(Tensor left, Tensor right, boolean scaleLeft) {
        int rank = left.length(2);
        Tensor basis = widened(images);
        SmallEigen.Found found = eigen.of(grams(basis));
        turn(basis, found.leading(rank, scaleLeft ? 0 : -1, NOTHING), scaleLeft ? -1 : 0, left);
        turn(widened(directions), found.leading(rank, scaleLeft ? 0 : 1, NOTHING), scaleLeft ? -1 : -2, right);
    }

    /// target = basis·turns·2^(−e·power)
    private void turn(Tensor basis, double[] turns, int power, Tensor target) {
        scale(turns, power);
        Tensor placed = gram.columns(0, target.length(2));
        algebra.upload(MemorySegment.ofArray(turns), DType.FLOAT64, placed);
        algebra.batchedGemm(1, basis, placed, 0, target);
    }

    /// A copy in FLOAT64, valid until the next.
    private Tensor widened(Tensor tensor) {
        Tensor copy = Tensor.of(wide.memory(), DType.FLOAT64, tensor.shape());
        algebra.copy(tensor, copy);
        return copy;
    }

    @Override
    public void close() {
        memory.close();
        eigen.close();
    }
}
