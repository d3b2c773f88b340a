package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.cuda.DeviceScratch.Slot;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;

/// Brings operands of any types and strides into the form that cuBLAS takes, and its results back; operands are
/// checked already.
///
/// A product is formed in FLOAT64 when an input is FLOAT64, in BFLOAT16 with FLOAT32 sums when both are BFLOAT16,
/// otherwise in FLOAT32; inputs of another type are converted first. When cuBLAS can write C it does, otherwise the
/// product goes to scratch memory and is added to C.
final class DeviceProducts {
    /// Columns of X up to which its products are formed in the type of their sum, as on the host.
    private static final int SMALL = 512;

    /// Columns of a panel of XᵀX: what is computed above the diagonal beside it is lost.
    private static final int PANEL = 1024;

    private final Gpu gpu;
    private final DeviceKernels kernels;
    private final DeviceElements elements;
    private final DeviceScratch scratch;

    DeviceProducts(Gpu gpu, DeviceKernels kernels, DeviceElements elements, DeviceScratch scratch) {
        this.gpu = gpu;
        this.kernels = kernels;
        this.elements = elements;
        this.scratch = scratch;
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
        Tensor left = operand(a, type, Slot.LEFT);
        Tensor right = operand(b, type, Slot.RIGHT);
        if (takes(type, c.type()) && DeviceMatrix.fits(c)) {
            multiply(alpha, left, right, beta, c);
            return;
        }
        Tensor result = scratch.take(Slot.RESULT, type.sumType(), c.shape());
        multiply(1, left, right, 0, result);
        elements.combine(alpha, result, beta, c);
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
        Tensor rows = operand(x.repeated(1), type, Slot.LEFT).select(0, 0);
        boolean direct = takes(type, c.type()) && DeviceMatrix.fits(c.repeated(1));
        long n = c.size(0);
        for (long from = 0; from < n; from += PANEL) {
            long to = Math.min(n, from + PANEL);
            Tensor below = rows.columns(from, n).transposed().repeated(1);
            Tensor panel = rows.columns(from, to).repeated(1);
            Tensor sum = c.rows(from, n).columns(from, to).repeated(1);
            if (direct) {
                multiply(alpha, below, panel, beta, sum);
            } else {
                Tensor result = scratch.take(Slot.RESULT, type.sumType(), sum.shape());
                multiply(1, below, panel, 0, result);
                elements.combine(alpha, result, beta, sum);
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
