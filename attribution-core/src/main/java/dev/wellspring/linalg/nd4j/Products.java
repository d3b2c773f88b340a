package dev.wellspring.linalg.nd4j;

import dev.wellspring.linalg.RowParallel;
import dev.wellspring.linalg.nd4j.Scratch.Slot;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;

/// Brings operands of any types and strides into the form that BLAS takes, and its results back.
///
/// A product is formed in FLOAT64 when an input is FLOAT64, otherwise in FLOAT32; inputs of another type are widened
/// first. When C has that type it is written directly, otherwise the product goes to scratch memory and is added to
/// C in float64.
final class Products implements AutoCloseable {
    private static final int TILE = 64;

    /// Rows of one strip of a symmetric product: twice the operations above the diagonal are wasted there.
    private static final int STRIP = 128;

    /// Multiplications from which on waking another thread pays: about 30 µs.
    static final double WORTH_SPREADING = 1 << 21;

    /// Rows of a square matrix from which on a walk over it pays for another thread.
    private static final int WORTH_SPREADING_ROWS = 256;

    private final MatrixProduct product;
    private final Elements elements;
    private final RowParallel parallel;
    private final Scratch scratch = new Scratch();

    Products(MatrixProduct product, Elements elements, RowParallel parallel) {
        this.product = product;
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
        if (c.type() == type && Matrix.fits(c)) {
            product.multiply(alpha, left, right, beta, Matrix.of(c));
            return;
        }
        Tensor result = scratch.take(Slot.RESULT, type, c.shape());
        product.multiply(1, left, right, 0, Matrix.of(result));
        elements.combine(alpha, result, beta, c);
    }

    void batchedGemm(double alpha, Tensor a, Tensor b, double beta, Tensor c) {
        if (product.concurrent() && c.elementCount() > 0 && a.size(2) > 0 && needNoScratch(a, b, c)) {
            double multiplications = (double) c.elementCount() * a.size(2);
            spread(multiplications >= WORTH_SPREADING).forRanges(c.size(0), (from, to) -> {
                for (long batch = from; batch < to; batch++) {
                    product.multiplyHere(
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

    private static boolean needNoScratch(Tensor a, Tensor b, Tensor c) {
        return a.type() == b.type()
                && b.type() == c.type()
                && Matrix.fits(a.select(0, 0))
                && Matrix.fits(b.select(0, 0))
                && Matrix.fits(c.select(0, 0));
    }

    /// Into a FLOAT64 C the products too are FLOAT64: FLOAT32 sums of some hundred rows move the smallest
    /// eigenvectors of a covariance far enough to show in the fifth digit of a preconditioned gradient.
    void rankUpdate(double alpha, Tensor x, double beta, Tensor c) {
        if (c.elementCount() == 0) {
            return;
        }
        if (x.size(0) == 0 || alpha == 0) {
            weigh(beta, c);
        } else {
            DType type = c.type() == DType.FLOAT64 ? DType.FLOAT64 : productType(x, x);
            Matrix rows = matrix(x, type, Slot.LEFT);
            if (c.type() == type && Matrix.fits(c)) {
                multiplyLowerTriangle(alpha, rows, beta, Matrix.of(c));
            } else {
                Tensor result = scratch.take(Slot.RESULT, type, c.shape());
                multiplyLowerTriangle(1, rows, 0, Matrix.of(result));
                addLowerTriangle(alpha, result, beta, c);
            }
        }
        mirrorLowerTriangle(c);
    }

    /// The lower triangle of C = α·XᵀX + β·C, in strips of rows that end at the diagonal. Strips are paired, a long
    /// one with a short one, so that all pairs cost the same.
    private void multiplyLowerTriangle(double alpha, Matrix x, double beta, Matrix c) {
        Matrix turned = x.turned();
        int strips = Math.ceilDiv(c.rows(), STRIP);
        double multiplications = (double) c.rows() * c.rows() * x.rows();
        boolean spread = product.concurrent() && multiplications >= WORTH_SPREADING;
        spread(spread).forRanges(Math.ceilDiv(strips, 2), (first, last) -> {
            for (int pair = (int) first; pair < last; pair++) {
                strip(pair, alpha, turned, x, beta, c);
                if (strips - 1 - pair > pair) {
                    strip(strips - 1 - pair, alpha, turned, x, beta, c);
                }
            }
        });
    }

    private void strip(int strip, double alpha, Matrix turned, Matrix x, double beta, Matrix c) {
        int from = strip * STRIP;
        int to = Math.min(c.rows(), from + STRIP);
        product.multiplyHere(
                alpha,
                turned.rows(from, to),
                x.columns(0, to),
                beta,
                c.rows(from, to).columns(0, to));
    }

    private void weigh(double beta, Tensor c) {
        if (beta == 0) {
            elements.fill(c, 0);
        } else {
            elements.scale(beta, c, c);
        }
    }

    private static DType productType(Tensor a, Tensor b) {
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
    private void mirrorLowerTriangle(Tensor c) {
        int n = c.length(0);
        Rows lower = Rows.of(c.transposed());
        Rows upper = Rows.of(c);
        spread(n >= WORTH_SPREADING_ROWS).forRanges(Math.ceilDiv(n, TILE), (first, last) -> {
            double[] values = new double[TILE];
            for (long tile = first; tile < last; tile++) {
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
        });
    }

    @Override
    public void close() {
        scratch.close();
    }
}
