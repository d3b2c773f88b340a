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
/// replaces it by an orthonormal basis of AᵀA·V. ‖A·V‖² rises towards the sum of the q largest squared singular
/// values; the rounds end when one adds no more than [SubspaceSearch#CONVERGED] of it. Then A ≈ (A·V)·Vᵀ, turned
/// so that its columns are singular vectors.
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

    /// V while it is made orthonormal.
    private final Tensor basis;

    /// AᵀA, or null where it is not worth it.
    private final @Nullable Tensor square;

    /// AᵀA·V
    private final Tensor next;

    private final Tensor gram;
    private final Tensor values;
    private final Tensor widened;

    /// @param m rows of the matrices
    /// @param n columns of the matrices, at most m
    /// @param rank of the approximation, at most n − [SubspaceSearch#SPARE]
    SubspaceIteration(MatrixProduct product, Lapack lapack, int m, int n, int rank) {
        this.product = product;
        this.lapack = lapack;
        this.n = n;
        this.q = rank + SubspaceSearch.SPARE;
        images = allocate(DType.FLOAT32, m, q);
        beginning = allocate(DType.FLOAT32, n, q);
        directions = allocate(DType.FLOAT32, n, q);
        basis = allocate(DType.FLOAT64, n, q);
        square = n <= SQUARED * q ? allocate(DType.FLOAT32, n, n) : null;
        next = allocate(DType.FLOAT32, n, q);
        gram = allocate(DType.FLOAT64, q, q);
        values = allocate(DType.FLOAT64, q);
        widened = allocate(DType.FLOAT64, m, q);
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
        double energy = -1;
        for (int round = 0; round < SubspaceSearch.MOST_ROUNDS; round++) {
            double now = advance(a);
            if (!(now - energy > SubspaceSearch.CONVERGED * now)) {
                break;
            }
            energy = now;
            orthonormalise(next, directions);
        }
        product.multiply(1, a, Matrix.of(directions), 0, Matrix.of(images));
        turn(left, right, scaleLeft);
    }

    /// AᵀA·V; ‖A·V‖².
    private double advance(Matrix a) {
        if (square != null) {
            product.multiply(1, Matrix.of(square), Matrix.of(directions), 0, Matrix.of(next));
            return dot(directions, next);
        }
        product.multiply(1, a, Matrix.of(directions), 0, Matrix.of(images));
        product.multiply(1, a.turned(), Matrix.of(images), 0, Matrix.of(next));
        return dot(images, images);
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
        orthonormalise(beginning, beginning);
    }

    /// target = an orthonormal basis of these columns.
    private void orthonormalise(Tensor columns, Tensor target) {
        copy(columns, basis);
        lapack.orthonormalise(Matrix.of(basis), values.segment());
        copy(basis, target);
    }

    /// With (A·V)ᵀ(A·V) = W·diag(s²)·Wᵀ: left = A·V·W/s, right = V·W, for the r largest s.
    private void turn(Tensor left, Tensor right, boolean scaleLeft) {
        int rank = left.length(1);
        copy(images, widened);
        Matrix wide = Matrix.of(widened);
        product.multiply(1, wide.turned(), wide, 0, Matrix.of(gram));
        lapack.syevd(Matrix.of(gram), values.segment());
        double[] squares = new double[q];
        Rows.of(values).load(0, 0, squares, q);
        rotate(widened, rank, squares, scaleLeft ? 0 : -1, left);
        copy(directions, basis);
        rotate(basis, rank, squares, scaleLeft ? 0 : 1, right);
    }

    /// target[:, k] = source·w_k·s_k^power, with w_k the eigenvector of the k-th largest eigenvalue s_k².
    private void rotate(Tensor source, int rank, double[] squares, int power, Tensor target) {
        int rows = source.length(0);
        try (Tensor turned = HostLinearAlgebra.newTensor(DType.FLOAT64, rows, q)) {
            product.multiply(1, Matrix.of(source), Matrix.of(gram), 0, Matrix.of(turned));
            double[] factors = new double[rank];
            for (int k = 0; k < rank; k++) {
                double square = squares[q - 1 - k];
                factors[k] = power == 0 ? 1 : square > 0 ? Math.pow(square, power / 2.0) : 0;
            }
            double[] all = new double[q];
            double[] kept = new double[rank];
            Rows from = Rows.of(turned);
            Rows into = Rows.of(target);
            for (int row = 0; row < rows; row++) {
                from.load(row, 0, all, q);
                for (int k = 0; k < rank; k++) {
                    kept[k] = all[q - 1 - k] * factors[k];
                }
                into.store(row, 0, kept, rank);
            }
        }
    }

    private static double dot(Tensor x, Tensor y) {
        Rows left = line(x);
        Rows right = line(y);
        double[] one = new double[Blocks.BLOCK];
        double[] other = new double[Blocks.BLOCK];
        double sum = 0;
        for (long from = 0; from < left.width(); from += Blocks.BLOCK) {
            int n = (int) Math.min(Blocks.BLOCK, left.width() - from);
            left.load(0, from, one, n);
            right.load(0, from, other, n);
            sum += Sums.dot(one, other, n);
        }
        return sum;
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
