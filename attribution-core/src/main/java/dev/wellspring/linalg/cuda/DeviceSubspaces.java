package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.SubspaceSearch;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/// The leading singular directions of a batch of tall matrices by subspace iteration (Halko et al., arXiv 0909.4061,
/// algorithm 4.4): V = orth(Aᵀ·(A·V)) until A·V grows no more, all matrices at once.
///
/// The device does the products; only matrices of q × q numbers go to the host, where their eigenvectors turn a basis
/// into an orthonormal one: with XᵀX = W·diag(w)·Wᵀ, X·W·diag(w^−½), twice, since once loses what is nearly parallel.
final class DeviceSubspaces implements AutoCloseable {
    /// Directions shorter than this, of the longest squared, are left out: float32 does not know them.
    private static final double NOTHING = 1e-15;

    private final LinearAlgebra algebra;
    private final SmallEigen eigen;
    private final Workspace memory;
    private final int batch;
    private final int q;
    private final Tensor images;
    private final Tensor directions;
    private final Tensor wide;
    private final Tensor gram;

    /// @param algebra the device
    /// @param host decomposes small matrices
    /// @param m rows of the matrices
    /// @param n columns, at most m
    DeviceSubspaces(LinearAlgebra algebra, LinearAlgebra host, int batch, long m, long n, int rank) {
        this.algebra = algebra;
        this.batch = batch;
        this.q = rank + SubspaceSearch.SPARE;
        this.eigen = new SmallEigen(host, batch, q);
        this.memory = new Workspace(algebra);
        images = memory.allocate(DType.FLOAT32, batch, m, q);
        directions = memory.allocate(DType.FLOAT32, batch, n, q);
        wide = memory.allocate(DType.FLOAT64, batch, m, q);
        gram = memory.allocate(DType.FLOAT64, batch, q, q);
    }

    /// A ≈ L·Rᵀ.
    ///
    /// @param a (batch, m, n)
    /// @param left (batch, m, r), left singular vectors, falling
    /// @param right (batch, n, r), right singular vectors
    /// @param scaleLeft whether the singular values go to `left` or to `right`
    void approximate(Tensor a, Tensor left, Tensor right, boolean scaleLeft) {
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

    private void orthonormalise() {
        for (int time = 0; time < 2; time++) {
            Tensor basis = widened(directions);
            double[] turns = eigen.of(grams(basis)).inverseRoots(NOTHING);
            algebra.upload(MemorySegment.ofArray(turns), DType.FLOAT64, gram);
            algebra.batchedGemm(1, basis, gram, 0, directions);
        }
    }

    private double[] grams(Tensor basis) {
        algebra.batchedGemm(1, basis.transposed(), basis, 0, gram);
        double[] values = new double[batch * q * q];
        algebra.download(gram, MemorySegment.ofArray(values), DType.FLOAT64);
        return values;
    }

    /// ‖A·V‖² of every matrix.
    private double[] energies() {
        double[] grams = grams(widened(images));
        double[] energies = new double[batch];
        for (int b = 0; b < batch; b++) {
            for (int i = 0; i < q; i++) {
                energies[b] += grams[(b * q + i) * q + i];
            }
        }
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

    /// With (A·V)ᵀ(A·V) = W·diag(s²)·Wᵀ: left = A·V·W/s, right = V·W, for the r largest s.
    private void turn(Tensor left, Tensor right, boolean scaleLeft) {
        int rank = left.length(2);
        Tensor basis = widened(images);
        SmallEigen.Found found = eigen.of(grams(basis));
        Tensor turns = gram.columns(0, rank);
        algebra.upload(MemorySegment.ofArray(found.leading(rank, scaleLeft ? 0 : -1, NOTHING)), DType.FLOAT64, turns);
        algebra.batchedGemm(1, basis, turns, 0, left);
        algebra.upload(MemorySegment.ofArray(found.leading(rank, scaleLeft ? 0 : 1, NOTHING)), DType.FLOAT64, turns);
        algebra.batchedGemm(1, widened(directions), turns, 0, right);
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
