package dev.wellspring.linalg.host;

import dev.wellspring.linalg.RowParallel;
import dev.wellspring.linalg.host.Scratch.Slot;
import dev.wellspring.linalg.host.TriangleTiles.Place;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.util.function.Consumer;

/// Brings operands of any types and strides into the form that BLAS takes, and its results back.
///
/// A product is formed in FLOAT64 when an input is FLOAT64, otherwise in FLOAT32; inputs of another type are widened
/// first. When C has that type it is written directly, otherwise the product goes to scratch memory and is added to
/// C in float64.
final class Products implements AutoCloseable {
    private static final int TILE = 64;

    /// Columns of X up to which its products are formed in the type of their sum, whatever that costs.
    private static final int SMALL = 512;

    /// Rows of X whose FLOAT32 products are added up before the sum goes on in FLOAT64.
    private static final int SINGLE_ROWS = 2048;

    /// Multiplications from which on waking another thread pays: about 30 µs.
    static final double WORTH_SPREADING = 1 << 21;

    /// Into so many slices the sums of a deep product are cut.
    private static final int SLICES = 16;

    /// Times the longer side of C, from which on a product is deep.
    private static final int DEEP = 16;

    /// Rows of a square matrix from which on a walk over it pays for another thread.
    private static final int WORTH_SPREADING_ROWS = 256;

    private final MatrixProduct product;
    private final TileSum tileSum;
    private final Elements elements;
    private final RowParallel parallel;
    private final Scratch scratch = new Scratch();
    private final TileMemory tileMemory = new TileMemory();
    private final TileMemory sliceMemory = new TileMemory();

    Products(MatrixProduct product, TileSum tileSum, Elements elements, RowParallel parallel) {
        this.product = product;
        this.tileSum = tileSum;
        this.elements = elements;
        this.parallel = parallel;
    }

    void gemm(double alpha, Tensor a, Tensor b, double beta, Tensor c) {
        if (c.elementCount() == 0) {
            return;
        }
        if (a.size(1) == 0 || alpha == 0) {
            weigh(beta, c);
            return;
        }
        DType type = productType(a, b);
        Matrix left = matrix(a, type, Slot.LEFT);
        Matrix right = matrix(b, type, Slot.RIGHT);
        boolean roundsParts = c.type() == DType.BFLOAT16 && isDeep(left.columns(), c.size(0), c.size(1));
        if (takes(type, c.type()) && Matrix.fits(c) && !roundsParts) {
            multiply(alpha, left, right, beta, Matrix.of(c));
            return;
        }
        Tensor result = scratch.take(Slot.RESULT, type.sumType(), c.shape());
        multiply(1, left, right, 0, Matrix.of(result));
        elements.combine(alpha, result, beta, c);
    }

    void batchedGemm(double alpha, Tensor a, Tensor b, double beta, Tensor c) {
        if (product.concurrent() && c.elementCount() > 0 && a.size(2) > 0 && needNoScratch(a, b, c)) {
            double multiplications = (double) c.elementCount() * a.size(2);
            spread(multiplications >= WORTH_SPREADING).forRanges(c.size(0), (from, to) -> {
                for (long batch = from; batch < to; batch++) {
                    product.multiply(
                            alpha,
                            Matrix.of(a.select(0, batch)),
                            Matrix.of(b.select(0, batch)),
                            beta,
                            Matrix.of(c.select(0, batch)));
                }
            });
            return;
        }
        for (long batch = 0; batch < c.size(0); batch++) {
            gemm(alpha, a.select(0, batch), b.select(0, batch), beta, c.select(0, batch));
        }
    }

    private RowParallel spread(boolean worthIt) {
        return worthIt ? parallel : RowParallel.serial();
    }

    /// Whether products of that type go into a C of this one directly.
    private static boolean takes(DType type, DType c) {
        return c == type || (type == DType.BFLOAT16 && c == DType.FLOAT32);
    }

    private boolean needNoScratch(Tensor a, Tensor b, Tensor c) {
        return a.type() == productType(a, b)
                && b.type() == a.type()
                && takes(a.type(), c.type())
                && Matrix.fits(a.select(0, 0))
                && Matrix.fits(b.select(0, 0))
                && Matrix.fits(c.select(0, 0));
    }

    /// One BLAS thread per worker, in parallel over pieces of C: BLAS's own threads spin while they wait for each
    /// other, and lose their speed ten times over when they share a core with another process.
    private void multiply(double alpha, Matrix a, Matrix b, double beta, Matrix c) {
        if (!product.concurrent()) {
            product.multiply(alpha, a, b, beta, c);
            return;
        }
        if (isDeep(a.columns(), c.rows(), c.columns())) {
            multiplySlices(alpha, a, b, beta, c);
            return;
        }
        overPieces(
                c.rows(),
                c.columns(),
                a.columns(),
                at -> product.multiply(alpha, at.rowsOf(a), at.columnsOf(b), beta, at.of(c)));
    }

    /// @param depth the length of the sums
    /// @param body computes one piece of C
    private void overPieces(int rows, int columns, int depth, Consumer<Place> body) {
        Grid grid = Grid.of(rows, columns, depth);
        spread(grid.count() > 1).forRanges(grid.count(), (first, last) -> {
            for (long i = first; i < last; i++) {
                int fromRow = grid.row((int) i);
                int toRow = Math.min(rows, fromRow + grid.rows());
                int fromColumn = grid.column((int) i);
                int toColumn = Math.min(columns, fromColumn + grid.columns());
                if (fromRow < toRow && fromColumn < toColumn) {
                    body.accept(new Place(fromRow, toRow, fromColumn, toColumn));
                }
            }
        });
    }

    /// C = Σ_d (A_d·B_d)² + C, or false: all of a piece of C, which stays in a cache, before the next one.
    boolean addSquaredProducts(Tensor a, Tensor b, Tensor c) {
        boolean takes = product.concurrent()
                && a.type() == b.type()
                && product.addsSquares(a.type())
                && c.type() == DType.FLOAT32
                && a.size(0) > 0
                && Matrix.fits(a.select(0, 0))
                && Matrix.fits(b.select(0, 0))
                && Matrix.fits(c);
        if (takes && c.elementCount() > 0 && a.size(2) > 0) {
            Matrix sum = Matrix.of(c);
            overPieces(sum.rows(), sum.columns(), a.length(2), at -> {
                for (long d = 0; d < a.size(0); d++) {
                    product.addSquared(
                            at.rowsOf(Matrix.of(a.select(0, d))), at.columnsOf(Matrix.of(b.select(0, d))), at.of(sum));
                }
            });
        }
        return takes;
    }

    /// Whether C is so small beside the length of its sums that its pieces would be too, and spend their time on
    /// packing operands.
    private static boolean isDeep(int depth, long rows, long columns) {
        return depth / DEEP >= Math.max(rows, columns) && (double) rows * columns * depth >= SLICES * WORTH_SPREADING;
    }

    /// C = α·Σ_s A_s·B_s + β·C over slices of A's columns and B's rows, which threads multiply on their own.
    private void multiplySlices(double alpha, Matrix a, Matrix b, double beta, Matrix c) {
        long count = (long) SLICES * c.rows() * c.columns();
        try (TileMemory.Lent memory =
                sliceMemory.lend((count + SLICES) * c.type().byteSize())) {
            Tensor all = memory.tensor(c.type(), count + SLICES);
            Tensor slices = all.rows(count).reshape(SLICES, c.rows(), c.columns());
            Tensor ones = all.rows(count, count + SLICES).reshape(1, SLICES);
            elements.fill(ones, 1);
            multiplySlices(a, b, slices);
            addSlices(alpha, ones, slices, beta, c);
        }
    }

    private void multiplySlices(Matrix a, Matrix b, Tensor slices) {
        parallel.forRanges(SLICES, (first, last) -> {
            for (long slice = first; slice < last; slice++) {
                int from = (int) ((long) a.columns() * slice / SLICES);
                int to = (int) ((long) a.columns() * (slice + 1) / SLICES);
                product.multiply(1, a.columns(from, to), b.rows(from, to), 0, Matrix.of(slices.select(0, slice)));
            }
        });
    }

    /// The sum over slices as a product with a row of ones.
    private void addSlices(double alpha, Tensor ones, Tensor slices, double beta, Matrix c) {
        spread(c.rows() > 1).forRanges(c.rows(), (first, last) -> {
            for (long row = first; row < last; row++) {
                product.multiply(
                        alpha,
                        Matrix.of(ones),
                        Matrix.of(slices.select(1, row)),
                        beta,
                        c.rows((int) row, (int) row + 1));
            }
        });
    }

    /// C = α·XᵀX + β·C on the tiles of the lower triangle, which is then mirrored. Into a FLOAT64 C, FLOAT32 rows
    /// are multiplied in FLOAT32, [#SINGLE_ROWS] at a time, and these products added up in FLOAT64. Small matrices,
    /// where that saves little, are multiplied in FLOAT64: FLOAT32 products move the smallest eigenvectors of a
    /// covariance, which for a model of a few thousand weights shows in the fifth digit of a preconditioned
    /// gradient.
    void rankUpdate(double alpha, Tensor x, double beta, Tensor c) {
        updateLowerTriangle(alpha, x, beta, c);
        mirrorLowerTriangle(c);
    }

    /// The same without the triangle above the diagonal, which may be anything afterwards.
    void updateLowerTriangle(double alpha, Tensor x, double beta, Tensor c) {
        if (c.elementCount() == 0) {
            return;
        }
        if (x.size(0) == 0 || alpha == 0) {
            weigh(beta, c);
        } else {
            DType type = c.size(0) <= SMALL ? sumType(x, c) : productType(x, x);
            Matrix rows = matrix(x, type, Slot.LEFT);
            if (takes(type, c.type()) && Matrix.fits(c)) {
                Matrix sum = Matrix.of(c);
                overLowerTriangle(rows, (x1, x2, at) -> multiplyTile(alpha, x1, x2, beta, at, at.of(sum)));
            } else if (c.type() == DType.FLOAT64 && type != DType.FLOAT64) {
                overLowerTriangle(rows, new WideningTiles(alpha, beta, c));
            } else {
                Tensor result = scratch.take(Slot.RESULT, type.sumType(), c.shape());
                Matrix sum = Matrix.of(result);
                overLowerTriangle(rows, (x1, x2, at) -> multiplyTile(1, x1, x2, 0, at, at.of(sum)));
                addLowerTriangle(alpha, result, beta, c);
            }
        }
    }

    /// What computes one tile of XᵀX out of the columns of X that its rows and its columns stand for.
    @FunctionalInterface
    private interface TileBody {
        void accept(Matrix rowsOfTile, Matrix columnsOfTile, Place at);
    }

    private void overLowerTriangle(Matrix x, TileBody body) {
        TriangleTiles tiles = TriangleTiles.of(x.columns());
        double multiplications = (double) x.columns() * x.columns() * x.rows();
        boolean spread = product.concurrent() && multiplications >= WORTH_SPREADING;
        spread(spread).forRanges(tiles.count(), (first, last) -> {
            for (long i = first; i < last; i++) {
                Place at = tiles.tile((int) i);
                body.accept(x.columns(at.fromRow(), at.toRow()), x.columns(at.fromColumn(), at.toColumn()), at);
            }
        });
    }

    /// A tile on the diagonal is only right below it.
    private void multiplyTile(double alpha, Matrix rows, Matrix columns, double beta, Place at, Matrix c) {
        if (at.onDiagonal()) {
            product.lowerRankUpdate(alpha, columns, beta, c);
        } else {
            product.multiply(alpha, rows.turned(), columns, beta, c);
        }
    }

    /// C = α·XᵀX + β·C for rows of 32 bits or fewer and a FLOAT64 C.
    private final class WideningTiles implements TileBody {
        private final double alpha;
        private final double beta;
        private final Tensor c;

        WideningTiles(double alpha, double beta, Tensor c) {
            this.alpha = alpha;
            this.beta = beta;
            this.c = c;
        }

        @Override
        public void accept(Matrix rowsOfTile, Matrix columnsOfTile, Place at) {
            long elements = (long) at.rows() * at.columns();
            Tensor sum = c.rows(at.fromRow(), at.toRow()).columns(at.fromColumn(), at.toColumn());
            try (TileMemory.Lent memory = tileMemory.lend(elements * Float.BYTES)) {
                Tensor tile = memory.tensor(DType.FLOAT32, at.rows(), at.columns());
                for (int from = 0; from < rowsOfTile.rows(); from += SINGLE_ROWS) {
                    int to = Math.min(rowsOfTile.rows(), from + SINGLE_ROWS);
                    multiplyTile(1, rowsOfTile.rows(from, to), columnsOfTile.rows(from, to), 0, at, Matrix.of(tile));
                    tileSum.add(alpha, tile, from == 0 ? beta : 1, sum);
                }
            }
        }
    }

    private void weigh(double beta, Tensor c) {
        if (beta == 0) {
            elements.fill(c, 0);
        } else {
            elements.scale(beta, c, c);
        }
    }

    private DType sumType(Tensor x, Tensor c) {
        return c.type() == DType.FLOAT64 ? DType.FLOAT64 : productType(x, x);
    }

    private DType productType(Tensor a, Tensor b) {
        if (a.type() == DType.BFLOAT16 && b.type() == DType.BFLOAT16 && product.takesBfloat16()) {
            return DType.BFLOAT16;
        }
        return a.type() == DType.FLOAT64 || b.type() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
    }

    /// The operand itself where BLAS can read it, or a widened copy.
    private Matrix matrix(Tensor operand, DType type, Slot slot) {
        if (operand.type() == type && Matrix.fits(operand)) {
            return Matrix.of(operand);
        }
        boolean turned = operand.stride(1) != 1 && operand.size(1) != 1;
        Tensor source = turned ? operand.transposed() : operand;
        Tensor copy = scratch.take(slot, type, source.shape());
        elements.copy(source, copy);
        return Matrix.of(turned ? copy.transposed() : copy);
    }

    private void addLowerTriangle(double alpha, Tensor result, double beta, Tensor c) {
        Rows from = Rows.of(result);
        Rows into = Rows.of(c);
        int n = c.length(0);
        spread(n >= WORTH_SPREADING_ROWS).forRanges(n, (first, last) -> {
            double[] values = new double[n];
            double[] sums = new double[n];
            for (long row = first; row < last; row++) {
                int length = (int) row + 1;
                from.load(row, 0, values, length);
                Elements.startFrom(beta, into, row, 0, sums, length);
                for (int i = 0; i < length; i++) {
                    sums[i] += alpha * values[i];
                }
                into.store(row, 0, sums, length);
            }
        });
    }

    /// Copies the lower triangle over the upper one, in tiles that fit the first-level cache.
    void mirrorLowerTriangle(Tensor c) {
        int n = c.length(0);
        spread(n >= WORTH_SPREADING_ROWS)
                .forRanges(Math.ceilDiv(n, TILE), (first, last) -> mirrorLowerTriangle(c, first, last));
    }

    /// The same for some tiles of rows, on the calling thread.
    private static void mirrorLowerTriangle(Tensor c, long firstTile, long lastTile) {
        int n = c.length(0);
        Rows lower = Rows.of(c.transposed());
        Rows upper = Rows.of(c);
        double[] values = new double[TILE];
        for (long tile = firstTile; tile < lastTile; tile++) {
            int rowEnd = (int) Math.min(n, (tile + 1) * TILE);
            for (int column = (int) tile * TILE; column < n; column += TILE) {
                for (int row = (int) tile * TILE; row < rowEnd; row++) {
                    int start = Math.max(column, row + 1);
                    int length = Math.min(n, column + TILE) - start;
                    if (length > 0) {
                        lower.load(row, start, values, length);
                        upper.store(row, start, values, length);
                    }
                }
            }
        }
    }

    /// The same for the whole matrix.
    static void mirrorHere(Tensor c) {
        mirrorLowerTriangle(c, 0, Math.ceilDiv(c.length(0), TILE));
    }

    @Override
    public void close() {
        scratch.close();
        tileMemory.close();
        sliceMemory.close();
    }
}
