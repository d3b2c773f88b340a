package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.cuda.DeviceScratch.Slot;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;

/// Operands whose rows begin and end at multiples of 16 bytes in memory, as tensor cores want them: what does not is
/// copied and filled up with zeros, which costs far less than the slower product. A bias makes such operands,
/// since its column comes after an even number of others.
final class PaddedOperands {
    /// Elements that sizes become multiples of: 16 bytes of the narrowest type.
    static final int STEP = 8;

    private static final int BYTES = 16;

    /// When and how products are filled up.
    ///
    /// @param least multiplications and additions of a product from which on copies pay
    /// @param leastUse numbers of the result that a number of an operand goes into, from which on a copy of
    ///     that pays
    /// @param leastDepth multiplications and additions of a number of the result from which on a copy of that
    ///     pays too
    /// @param pieceBytes what the result of a filled up product may take: more is formed piece by piece
    record Limits(double least, long leastUse, long leastDepth, long pieceBytes) {
        /// Such a product takes as long as some launches on the fastest devices.
        static final Limits USUAL = new Limits(0x1p30, 256, 640, 256L << 20);
    }

    private final DeviceElements elements;
    private final DeviceScratch scratch;
    private final Limits limits;

    PaddedOperands(DeviceElements elements, DeviceScratch scratch, Limits limits) {
        this.elements = elements;
        this.scratch = scratch;
        this.limits = limits;
    }

    /// The next multiple of [#STEP].
    static long filledUp(long size) {
        return Math.ceilDiv(size, STEP) * STEP;
    }

    /// How many pieces of a result may be formed together, at least 1.
    ///
    /// @param bytes of one
    long atOnce(long bytes) {
        return Math.max(1, limits.pieceBytes() / bytes);
    }

    /// What a product's sizes are filled up to: those that lie along memory in an operand or in the result.
    ///
    /// @param m rows of A and C
    /// @param k columns of A, rows of B
    /// @param n columns of B and C
    record Sizes(long m, long k, long n) {
        static Sizes of(Tensor a, Tensor b) {
            boolean aTurned = isTurned(a);
            long m = a.size(1);
            long k = a.size(2);
            return new Sizes(aTurned ? filledUp(m) : m, aTurned && !isTurned(b) ? k : filledUp(k), filledUp(b.size(2)));
        }
    }

    /// Whether a product of (B, m, k) and (B, k, n) is large, an operand of it is one to fill up, or the
    /// result where it is written directly, and all copies that it takes pay: each number of them is used often.
    ///
    /// @param type of the product's factors
    /// @param direct whether products of it are written to C
    boolean help(Tensor a, Tensor b, Tensor c, DType type, boolean direct) {
        double operations = (double) c.elementCount() * a.size(2);
        boolean all = liesWell(a) && liesWell(b) && (!direct || liesWell(c));
        if (type == DType.FLOAT64 || operations < limits.least() || all) {
            return false;
        }
        Sizes sizes = Sizes.of(a, b);
        boolean forA = isReady(a, type, sizes.m(), sizes.k()) || a.type() != type || c.size(2) >= limits.leastUse();
        boolean forB = isReady(b, type, sizes.k(), sizes.n()) || b.type() != type || c.size(1) >= limits.leastUse();
        boolean forC = !direct || isReady(c, c.type(), sizes.m(), sizes.n()) || a.size(2) >= limits.leastDepth();
        return forA && forB && forC;
    }

    private static boolean isTurned(Tensor operand) {
        return operand.stride(2) != 1 && operand.size(2) != 1;
    }

    /// Whether an operand needs no copy.
    static boolean isReady(Tensor operand, DType type, long rows, long columns) {
        boolean whole = operand.size(1) == rows && operand.size(2) == columns;
        return whole && operand.type() == type && liesWell(operand);
    }

    /// Whether rows in memory begin and end at multiples of 16 bytes.
    ///
    /// @param operand (B, rows, columns)
    static boolean liesWell(Tensor operand) {
        boolean turned = isTurned(operand);
        long bytes = operand.type().byteSize();
        long length = operand.size(turned ? 1 : 2) * bytes;
        long leading = operand.stride(turned ? 2 : 1) * bytes;
        long apart = operand.size(0) > 1 ? operand.stride(0) * bytes : 0;
        return DeviceMatrix.fits(operand) && (length | leading | apart | DeviceElements.address(operand)) % BYTES == 0;
    }

    /// The operand itself where it lies well and has these sizes, or a copy with zeros behind its rows and columns.
    ///
    /// @param operand (B, at most `rows`, at most `columns`)
    Tensor of(Tensor operand, DType type, long rows, long columns, Slot slot) {
        if (isReady(operand, type, rows, columns)) {
            return operand;
        }
        if (isTurned(operand)) {
            return of(operand.transposed(), type, columns, rows, slot).transposed();
        }
        boolean repeated = operand.stride(0) == 0 && operand.size(0) > 1;
        Tensor source = repeated ? operand.slice(0, 0, 1) : operand;
        Tensor copy = scratch.take(slot, type, source.size(0), rows, columns);
        elements.copy(source, copy.slice(1, 0, source.size(1)).slice(2, 0, source.size(2)));
        elements.fill(copy.slice(1, source.size(1), rows), 0);
        elements.fill(copy.slice(1, 0, source.size(1)).slice(2, source.size(2), columns), 0);
        return repeated ? copy.select(0, 0).repeated(operand.size(0)) : copy;
    }
}
