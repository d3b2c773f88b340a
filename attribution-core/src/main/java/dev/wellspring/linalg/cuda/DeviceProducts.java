package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.cuda.DeviceScratch.Slot;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;

/// Brings operands of any types and strides into the form that cuBLAS takes, and its results back; operands are
/// checked already.
///
/// A product is formed in FLOAT64 when an input is FLOAT64, in BFLOAT16 with FLOAT32 sums when both are BFLOAT16,
/// otherwise in FLOAT32; inputs of another type are converted first. When cuBLAS can write C it does, otherwise the
/// product goes to scratch memory and is added to C. Operands of large products that tensor cores would take slowly
/// are filled up first ([PaddedOperands]).
final class DeviceProducts {
    /// Columns of X up to which its products are formed in the type of their sum, as on the host.
    private static final int SMALL = 512;

    /// Columns of a panel of XᵀX at most: what is computed above the diagonal beside it is lost.
    private static final int PANEL = 1024;

    private final Gpu gpu;
    private final DeviceKernels kernels;
    private final DeviceElements elements;
    private final DeviceScratch scratch;
    private final PaddedOperands padded;

    DeviceProducts(
            Gpu gpu,
            DeviceKernels kernels,
            DeviceElements elements,
            DeviceScratch scratch,
            PaddedOperands.Limits limits) {
        this.gpu = gpu;
        this.kernels = kernels;
        this.elements = elements;
        this.scratch = scratch;
        this.padded = new PaddedOperands(elements, scratch, limits);
    }

    void gemm(double alpha, Tensor a, Tensor b, double beta, Tensor c) {
        batchedGemm(alpha, a.repeated(1), b.repeated(1), beta, c.repeated(1));
    }

    void batchedGemm(double alpha, Tensor a, Tensor b, double beta, Tensor c) {
        if (c.elementCount() == 0) {
            return;
        }
        if (a.size(2) == 0 || alpha == 0) {
            elements.weigh(beta, c);
            return;
        }
        DType type = productType(a, b);
        boolean direct = takes(type, c.type()) && DeviceMatrix.fits(c);
        if (padded.help(a, b, c, type, direct)) {
            padded(alpha, a, b, beta, c, type, direct);
            return;
        }
        Tensor left = operand(a, type, Slot.LEFT);
        Tensor right = operand(b, type, Slot.RIGHT);
        if (direct) {
            multiply(alpha, left, right, beta, c);
            return;
        }
        Tensor result = scratch.take(Slot.RESULT, type.sumType(), c.shape());
        multiply(1, left, right, 0, result);
        elements.combine(alpha, result, beta, c);
    }

    private void padded(double alpha, Tensor a, Tensor b, double beta, Tensor c, DType type, boolean direct) {
        PaddedOperands.Sizes sizes = PaddedOperands.Sizes.of(a, b);
        if (direct && PaddedOperands.isReady(c, c.type(), sizes.m(), sizes.n())) {
            Tensor left = padded.of(a, type, sizes.m(), sizes.k(), Slot.LEFT);
            Tensor right = padded.of(b, type, sizes.k(), sizes.n(), Slot.RIGHT);
            multiply(alpha, left, right, beta, c);
            return;
        }
        boolean several = c.size(0) > 1;
        for (long from = 0; from < c.size(several ? 0 : 1); ) {
            long row = sizes.n() * type.sumType().byteSize();
            from = several
                    ? matrices(alpha, a, b, beta, c, type, from, padded.atOnce(sizes.m() * row))
                    : rows(alpha, a, b, beta, c, type, from, padded.atOnce(row));
        }
    }

    /// Some matrices of a batch, from one on; returns the first that is left.
    private long matrices(double alpha, Tensor a, Tensor b, double beta, Tensor c, DType type, long from, long atOnce) {
        long to = Math.min(c.size(0), from + atOnce);
        through(alpha, a.slice(0, from, to), b.slice(0, from, to), beta, c.slice(0, from, to), type);
        return to;
    }

    /// Some rows of a single matrix, so that the next begin as these do; returns the first that is left.
    private long rows(double alpha, Tensor a, Tensor b, double beta, Tensor c, DType type, long from, long atOnce) {
        long to = Math.min(c.size(1), from + PaddedOperands.filledUp(atOnce));
        through(alpha, a.slice(1, from, to), b, beta, c.slice(1, from, to), type);
        return to;
    }

    /// By way of scratch memory.
    private void through(double alpha, Tensor a, Tensor b, double beta, Tensor c, DType type) {
        PaddedOperands.Sizes sizes = PaddedOperands.Sizes.of(a, b);
        Tensor left = padded.of(a, type, sizes.m(), sizes.k(), Slot.LEFT);
        Tensor right = padded.of(b, type, sizes.k(), sizes.n(), Slot.RIGHT);
        Tensor result = scratch.take(Slot.RESULT, type.sumType(), c.size(0), sizes.m(), sizes.n());
        multiply(1, left, right, 0, result);
        elements.combine(alpha, result.slice(1, 0, c.size(1)).slice(2, 0, c.size(2)), beta, c);
    }

    private void multiply(double alpha, Tensor a, Tensor b, double beta, Tensor c) {
        gpu.multiply(
                alpha, DeviceMatrix.of(a), DeviceMatrix.of(b), beta, DeviceMatrix.of(c), Math.toIntExact(c.size(0)));
    }

    /// C = α·XᵀX + β·C on the triangle below the diagonal, in panels of columns. What is above the diagonal is then
    /// arbitrary.
    void updateLowerTriangle(double alpha, Tensor x, double beta, Tensor c) {
        if (c.elementCount() == 0) {
            return;
        }
        if (x.size(0) == 0 || alpha == 0) {
            elements.weigh(beta, c);
            return;
        }
        boolean exact = c.size(0) <= SMALL && c.type() == DType.FLOAT64;
        DType type = exact ? DType.FLOAT64 : x.type();
        Tensor sums = c.repeated(1);
        long n = c.size(0);
        boolean direct = takes(type, c.type()) && DeviceMatrix.fits(sums);
        boolean fill = padded.help(x.repeated(1).transposed(), x.repeated(1), sums, type, direct);
        long columns = fill ? PaddedOperands.filledUp(n) : n;
        Tensor rows = fill
                ? padded.of(x.repeated(1), type, x.size(0), columns, Slot.LEFT)
                : operand(x.repeated(1), type, Slot.LEFT);
        long panel = PaddedOperands.filledUp(Math.ceilDiv(n, Math.ceilDiv(n, PANEL)));
        for (long from = 0; from < n; from += panel) {
            long end = Math.min(columns, from + panel);
            long to = Math.min(n, end);
            Tensor below = rows.slice(2, from, columns).transposed();
            Tensor own = rows.slice(2, from, end);
            Tensor sum = c.rows(from, n).columns(from, to).repeated(1);
            if (direct && !fill) {
                multiply(alpha, below, own, beta, sum);
            } else {
                Tensor result = scratch.take(Slot.RESULT, type.sumType(), 1, columns - from, end - from);
                multiply(1, below, own, 0, result);
                elements.combine(alpha, result.slice(1, 0, n - from).slice(2, 0, to - from), beta, sum);
            }
        }
    }

    void mirror(Tensor c) {
        if (c.elementCount() > 0) {
            kernels.overElements(
                    "mirror",
                    DeviceKernels.wide(c),
                    c.elementCount(),
                    kernels.arguments().view(c));
        }
    }

    /// Whether products of that type go into a C of this one directly.
    private static boolean takes(DType type, DType c) {
        return c == type || (type == DType.BFLOAT16 && c == DType.FLOAT32);
    }

    private static DType productType(Tensor a, Tensor b) {
        if (a.type() == DType.FLOAT64 || b.type() == DType.FLOAT64) {
            return DType.FLOAT64;
        }
        return a.type() == DType.BFLOAT16 && b.type() == DType.BFLOAT16 ? DType.BFLOAT16 : DType.FLOAT32;
    }

    /// The operand itself where cuBLAS can read it, or a converted copy, which a repeated operand needs only once.
    ///
    /// @param operand (B, rows, columns)
    private Tensor operand(Tensor operand, DType type, Slot slot) {
        if (operand.type() == type && DeviceMatrix.fits(operand)) {
            return operand;
        }
        boolean repeated = operand.stride(0) == 0 && operand.size(0) > 1;
        Tensor source = repeated ? operand.slice(0, 0, 1) : operand;
        boolean turned = source.stride(2) != 1 && source.size(2) != 1;
        Tensor straight = turned ? source.transposed() : source;
        Tensor copy = scratch.take(slot, type, straight.shape());
        elements.copy(straight, copy);
        Tensor result = turned ? copy.transposed() : copy;
        return repeated ? result.select(0, 0).repeated(operand.size(0)) : result;
    }
}
