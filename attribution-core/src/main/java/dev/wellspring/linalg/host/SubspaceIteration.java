package dev.wellspring.linalg.host;

import dev.wellspring.linalg.SubspaceSearch;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// The leading singular directions of one FLOAT32 matrix, without decomposing the rest of it: Halko, Martinsson and
/// Tropp, "Finding structure with randomness" (arXiv 0909.4061), algorithm 4.4.
///
/// V, (n, q) with q = r + [SubspaceSearch#SPARE] columns, begins with random numbers (always the same); each round
/// replaces it by an orthonormal basis of AᵀA·V. The eigenvalues of Vᵀ·AᵀA·V rise towards the largest squared
/// singular values; the rounds end when one, and by its measure all that would follow, adds no more than
/// [SubspaceSearch#CONVERGED] to the sum of the r largest. (The spare ones converge last, and nobody wants them.)
/// Then A ≈ (A·V)·Vᵀ, turned so that its columns are singular vectors.
///
/// Where n is small enough, AᵀA is formed once. In FLOAT32 that hides directions of less than 3e-4 of the largest
/// singular value, 1e-7 of its square.
///
/// Everything runs on the calling thread, in memory of its own.
final class SubspaceIteration implements AutoCloseable {
    /// Columns, for each one of V, up to which AᵀA costs no more than five rounds without it, half of the most: n²·m
    /// operations beside 4·m·n·q a round.
    private static final int SQUARED = 20;

    private final MatrixProduct product;
    private final Lapack lapack;
    private final List<Tensor> owned = new ArrayList<>();
    private final int n;
    private final int q;

    /// A·V
    private final Tensor images;

    /// What V begins with.
    private final Tensor beginning;

    /// V
    private final Tensor directions;

    /// V in FLOAT64.
    private Tensor basis;

    /// AᵀA, or null where it is not worth it.
    private final @Nullable Tensor square;

    /// AᵀA·V
    private final Tensor next;

    /// AᵀA·V in FLOAT64, and what V becomes.
    private Tensor nextBasis;

    private final int rank;
    private final Tensor gram;
    private final Tensor values;

    /// A·V in FLOAT64.
    private final Tensor widened;

    /// Eigenvectors of the r largest eigenvalues, times what their columns become longer by.
    private final Tensor leading;

    /// @param m rows of the matrices
    /// @param n columns of the matrices, at most m
    /// @param rank of the approximation, at most n − [SubspaceSearch#SPARE]
    SubspaceIteration(MatrixProduct product, Lapack lapack, int m, int n, int rank) {
        this.product = product;
        this.lapack = lapack;
        this.n = n;
        this.rank = rank;
        this.q = rank + SubspaceSearch.SPARE;
        images = allocate(DType.FLOAT32, m, q);
        beginning = allocate(DType.FLOAT32, n, q);
        directions = allocate(DType.FLOAT32, n, q);
        basis = allocate(DType.FLOAT64, n, q);
        square = n <= SQUARED * q ? allocate(DType.FLOAT32, n, n) : null;
        next = allocate(DType.FLOAT32, n, q);
        nextBasis = allocate(DType.FLOAT64, n, q);
        gram = allocate(DType.FLOAT64, q, q);
        values = allocate(DType.FLOAT64, q);
        widened = allocate(DType.FLOAT64, m, q);
        leading = allocate(DType.FLOAT64, q, rank);
        begin();
    }

    /// A ≈ L·Rᵀ.
    ///
    /// @param a (m, n)
    /// @param left (m, r), left singular vectors, falling
    /// @param right (n, r), right singular vectors
    /// @param scaleLeft whether the singular values go to `left` or to `right`
    void approximate(Matrix a, Tensor left, Tensor right, boolean scaleLeft) {
        if (square != null) {
            product.lowerRankUpdate(1, a, 0, Matrix.of(square));
            Products.mirrorHere(square);
        }
        copy(beginning, directions);
        copy(beginning, basis);
        double held = 0;
        double lastGain = 0;
        for (int round = 0; round < SubspaceSearch.MOST_ROUNDS; round++) {
            advance(a);
            double now = held();
            double gain = now - held;
            if (isLast(gain, lastGain, SubspaceSearch.CONVERGED * now)) {
                break;
            }
            held = now;
            lastGain = gain;
            replaceBasis();
        }
        product.multiply(1, a, Matrix.of(directions), 0, Matrix.of(images));
        turn(left, right, scaleLeft);
    }

    /// Whether what a round added, and what the following ones would add if gains went on falling as from the last one
    /// to this one, gain²/(last gain − gain), is no more than that.
    private static boolean isLast(double gain, double lastGain, double atMost) {
        return gain <= 0 || (gain <= atMost && gain * gain <= atMost * (lastGain - gain));
    }

    /// AᵀA·V.
    private void advance(Matrix a) {
        if (square != null) {
            product.multiply(1, Matrix.of(square), Matrix.of(directions), 0, Matrix.of(next));
        } else {
            product.multiply(1, a, Matrix.of(directions), 0, Matrix.of(images));
            product.multiply(1, a.turned(), Matrix.of(images), 0, Matrix.of(next));
        }
        copy(next, nextBasis);
    }

    /// The sum of the r largest eigenvalues of Vᵀ·AᵀA·V.
    private double held() {
        product.multiply(1, Matrix.of(basis).turned(), Matrix.of(nextBasis), 0, Matrix.of(gram));
        lapack.syevd(Matrix.of(gram), values.segment());
        double[] squares = new double[q];
        Rows.of(values).load(0, 0, squares, q);
        double sum = 0;
        for (int k = q - rank; k < q; k++) {
            sum += squares[k];
        }
        return sum;
    }

    /// V = an orthonormal basis of AᵀA·V.
    private void replaceBasis() {
        lapack.orthonormalise(Matrix.of(nextBasis), values.segment());
        Tensor old = basis;
        basis = nextBasis;
        nextBasis = old;
        copy(basis, directions);
    }

    private void begin() {
        var random = new SplittableRandom(SubspaceSearch.SEED);
        double[] row = new double[q];
        Rows rows = Rows.of(beginning);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < q; j++) {
                row[j] = random.nextGaussian();
            }
            rows.store(i, 0, row, q);
        }
        copy(beginning, basis);
        lapack.orthonormalise(Matrix.of(basis), values.segment());
        copy(basis, beginning);
    }

    /// With (A·V)ᵀ(A·V) = W·diag(s²)·Wᵀ: left = A·V·W/s, right = V·W, for the r largest s.
    private void turn(Tensor left, Tensor right, boolean scaleLeft) {
        copy(images, widened);
        Matrix wide = Matrix.of(widened);
        product.multiply(1, wide.turned(), wide, 0, Matrix.of(gram));
        lapack.syevd(Matrix.of(gram), values.segment());
        double[] squares = new double[q];
        Rows.of(values).load(0, 0, squares, q);
        rotate(widened, squares, scaleLeft ? 0 : -1, left);
        copy(directions, basis);
        rotate(basis, squares, scaleLeft ? 0 : 1, right);
    }

    /// target[:, k] = source·w_k·s_k^power, with w_k the eigenvector of the k-th largest eigenvalue s_k².
    private void rotate(Tensor source, double[] squares, int power, Tensor target) {
        double[] factors = new double[rank];
        for (int k = 0; k < rank; k++) {
            double square = squares[q - 1 - k];
            factors[k] = power == 0 ? 1 : square > 0 ? Math.pow(square, power / 2.0) : 0;
        }
        double[] all = new double[q];
        double[] kept = new double[rank];
        Rows eigenvectors = Rows.of(gram);
        Rows scaled = Rows.of(leading);
        for (int row = 0; row < q; row++) {
            eigenvectors.load(row, 0, all, q);
            for (int k = 0; k < rank; k++) {
                kept[k] = all[q - 1 - k] * factors[k];
            }
            scaled.store(row, 0, kept, rank);
        }
        try (Tensor turned = HostLinearAlgebra.newTensor(DType.FLOAT64, source.size(0), rank)) {
            product.multiply(1, Matrix.of(source), Matrix.of(leading), 0, Matrix.of(turned));
            Elements.copyHere(Rows.of(turned), Rows.of(target));
        }
    }

    private static void copy(Tensor source, Tensor target) {
        Elements.copyHere(line(source), line(target));
    }

    /// All elements as one row, since rows of q elements are short.
    private static Rows line(Tensor tensor) {
        return Rows.contiguous(tensor.segment(), tensor.type(), 1, tensor.elementCount());
    }

    private Tensor allocate(DType type, long... shape) {
        Tensor tensor = HostLinearAlgebra.newTensor(type, shape);
        owned.add(tensor);
        return tensor;
    }

    @Override
    public void close() {
        owned.forEach(Tensor::close);
    }
}
