package dev.wellspring.linalg.host;

import dev.wellspring.linalg.RowParallel;
import dev.wellspring.linalg.SubspaceSearch;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Symmetric eigenvectors and singular values, by LAPACK in float64.
final class Decompositions {
    /// Up to this many rows or columns the whole decomposition takes milliseconds.
    private static final int SMALL = 256;

    private static final int ROUNDS = 2;

    private final MatrixProduct product;
    private final Lapack lapack;
    private final Elements elements;
    private final Products products;
    private final RowParallel parallel;

    Decompositions(MatrixProduct product, Lapack lapack, Elements elements, Products products, RowParallel parallel) {
        this.product = product;
        this.lapack = lapack;
        this.elements = elements;
        this.products = products;
        this.parallel = parallel;
    }

    int atOnce() {
        return parallel.threads();
    }

    /// One matrix a thread.
    void eigh(List<Tensor> matrices, List<Tensor> values, List<Tensor> vectors) {
        for (int i = 0; i < matrices.size(); i++) {
            elements.copy(matrices.get(i), vectors.get(i));
        }
        parallel.forRanges(matrices.size(), (from, to) -> {
            for (int i = (int) from; i < to; i++) {
                if (vectors.get(i).elementCount() > 0) {
                    lapack.syevd(Matrix.of(vectors.get(i)), values.get(i).segment());
                }
            }
        });
    }

    /// Small matrices, and ranks that leave little to save, are decomposed in full; of others only the leading
    /// directions are sought, in the precision that the matrix is known to.
    void truncatedSvd(Tensor a, Tensor u, Tensor v) {
        if (u.size(1) == 0) {
            return;
        }
        if (bySubspaces(a, u.size(1))) {
            subspaces(a.repeated(1), u.repeated(1), v.repeated(1), RowParallel.serial());
        } else if (isSmall(a, u.size(1))) {
            inFull(a, u, v);
        } else if (a.size(0) >= a.size(1)) {
            byGramMatrix(a, u, v, true);
        } else {
            byGramMatrix(a.transposed(), v, u, false);
        }
    }

    /// One matrix a thread, where products stay on the thread that asks for them.
    void batchedTruncatedSvd(Tensor a, Tensor u, Tensor v) {
        if (a.size(0) == 0 || u.size(2) == 0) {
            return;
        }
        if (bySubspaces(a.select(0, 0), u.size(2))) {
            subspaces(a, u, v, parallel);
            return;
        }
        RowParallel threads = product.concurrent() ? parallel : RowParallel.serial();
        threads.forRanges(a.size(0), (from, to) -> {
            for (long i = from; i < to; i++) {
                truncatedSvd(a.select(0, i), u.select(0, i), v.select(0, i));
            }
        });
    }

    private static boolean isSmall(Tensor a, long rank) {
        return Math.min(a.size(0), a.size(1)) <= SMALL || leavesLittle(a, rank);
    }

    private static boolean leavesLittle(Tensor a, long rank) {
        return SubspaceSearch.leavesLittle(Math.min(a.size(0), a.size(1)), rank);
    }

    private boolean bySubspaces(Tensor a, long rank) {
        return product.concurrent() && a.type() == DType.FLOAT32 && !leavesLittle(a, rank);
    }

    /// As many iterations as threads are at it at a time, one after the other for several matrices.
    private void subspaces(Tensor a, Tensor u, Tensor v, RowParallel threads) {
        int rows = a.length(1);
        int columns = a.length(2);
        boolean tall = rows >= columns;
        int m = Math.max(rows, columns);
        int n = Math.min(rows, columns);
        Queue<SubspaceIteration> free = new ConcurrentLinkedQueue<>();
        try {
            threads.forRanges(a.size(0), (from, to) -> {
                SubspaceIteration taken = free.poll();
                SubspaceIteration iteration =
                        taken == null ? new SubspaceIteration(product, lapack, m, n, u.length(2)) : taken;
                try {
                    for (long i = from; i < to; i++) {
                        Matrix matrix = Matrix.of(a.select(0, i));
                        if (tall) {
                            iteration.approximate(matrix, u.select(0, i), v.select(0, i), true);
                        } else {
                            iteration.approximate(matrix.turned(), v.select(0, i), u.select(0, i), false);
                        }
                    }
                } finally {
                    free.add(iteration);
                }
            });
        } finally {
            free.forEach(SubspaceIteration::close);
        }
    }

    /// LAPACK's divide and conquer.
    private void inFull(Tensor a, Tensor u, Tensor v) {
        long p = Math.min(a.size(0), a.size(1));
        try (Tensor work = allocate(a.shape());
                Tensor left = allocate(a.size(0), p);
                Tensor right = allocate(p, a.size(1));
                Tensor values = allocate(p)) {
            elements.copy(a, work);
            lapack.gesdd(Matrix.of(work), values.segment(), Matrix.of(left), Matrix.of(right));
            scaleColumns(left, values, u);
            elements.copy(right.rows(u.size(1)).transposed(), v);
        }
    }

    /// The leading q = r + [SubspaceSearch#SPARE] directions of a tall A from the eigenvectors of AᵀA, then
    /// improved by two rounds of Q = orth(A·V), B = QᵀA = U′·diag(s)·V′ᵀ, V = V′: AᵀA knows singular values only
    /// to 1e-8 of the largest, the rounds work on A itself. A ≈ (Q·U′)·diag(s)·V′ᵀ.
    ///
    /// @param a (m, n), m ≥ n
    /// @param left (m, r)
    /// @param right (n, r)
    /// @param scaleLeft whether the singular values go to `left` or to `right`
    private void byGramMatrix(Tensor a, Tensor left, Tensor right, boolean scaleLeft) {
        long m = a.size(0);
        long n = a.size(1);
        long rank = left.size(1);
        long q = rank + SubspaceSearch.SPARE;
        try (Tensor work = allocate(m, n);
                Tensor directions = allocate(n, q);
                Tensor basis = allocate(m, q);
                Tensor projected = allocate(q, n);
                Tensor rotation = allocate(q, q);
                Tensor turned = allocate(q, n);
                Tensor values = allocate(q)) {
            elements.copy(a, work);
            leadingEigenvectors(work, directions);
            for (int round = 0; round < ROUNDS; round++) {
                products.gemm(1, work, directions, 0, basis);
                lapack.orthonormalise(Matrix.of(basis), values.segment());
                products.gemm(1, basis.transposed(), work, 0, projected);
                lapack.gesdd(Matrix.of(projected), values.segment(), Matrix.of(rotation), Matrix.of(turned));
                elements.copy(turned.transposed(), directions);
            }
            products.gemm(1, basis, rotation.columns(0, rank), 0, left);
            elements.copy(directions.columns(0, rank), right);
            Tensor scaled = scaleLeft ? left : right;
            scaleColumns(scaled, values, scaled);
        }
    }

    /// Eigenvectors of AᵀA for its largest eigenvalues, falling, in the columns of `directions`.
    private void leadingEigenvectors(Tensor a, Tensor directions) {
        long n = a.size(1);
        try (Tensor gram = allocate(n, n);
                Tensor values = allocate(n)) {
            products.rankUpdate(1, a, 0, gram);
            lapack.syevd(Matrix.of(gram), values.segment());
            for (long j = 0; j < directions.size(1); j++) {
                elements.copy(gram.columns(n - 1 - j, n - j), directions.columns(j, j + 1));
            }
        }
    }

    /// target[i, j] = source[i, j]·factors[j] for the columns that `target` has.
    private static void scaleColumns(Tensor source, Tensor factors, Tensor target) {
        int n = target.length(1);
        double[] factor = new double[n];
        double[] values = new double[n];
        Rows.of(factors).load(0, 0, factor, n);
        Rows from = Rows.of(source);
        Rows into = Rows.of(target);
        for (long row = 0; row < into.count(); row++) {
            from.load(row, 0, values, n);
            for (int j = 0; j < n; j++) {
                values[j] *= factor[j];
            }
            into.store(row, 0, values, n);
        }
    }

    private static Tensor allocate(long... shape) {
        return HostLinearAlgebra.newTensor(DType.FLOAT64, shape);
    }
}
