package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.cuda.DeviceScratch.Slot;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;

/// Operands whose rows begin and end at multiples of 16 bytes in memory, as tensor cores want them: what does not is
/// copied and filled up with zeros, which costs far less than the slower product. A bias makes such operands,
/// since its column comes after an even number of others.
final class PaddedOperands {
    /// Elements that sizes become multiples of: 16 bytes of the narrowest type.
    private static final int STEP = 8;

    private static final int BYTES = 16;

    /// When and how products are filled up.
    ///
    /// @param least multiplications and additions of a product from which on copies pay
    /// @param leastDepth those of one number of the result from which on a copy of that pays too
    /// @param pieceBytes what the result of a filled up product may take: more is formed piece by piece
    record Limits(double least, long leastDepth, long pieceBytes) {
        /// Such a product takes as long as some launches on the fastest devices.
        static final Limits USUAL = new Limits(0x1p30, 640, 256L << 20);
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

    /// Whether a product of (B, m, k) and (B, k, n) is large, and an operand of it or its result is one to fill up.
    ///
    /// @param type of the product's factors
    boolean help(Tensor a, Tensor b, Tensor c, DType type) {
        double operations = (double) c.elementCount() * a.size(2);
        boolean narrow = type != DType.FLOAT64;
        boolean paysForResult = liesWell(c) || a.size(2) >= limits.leastDepth();
        boolean all = liesWell(a) && liesWell(b) && liesWell(c);
        return narrow && operations >= limits.least() && paysForResult && !all;
    }

    /// Whether rows in memory begin and end at multiples of 16 bytes.
    ///
    /// @param operand (B, rows, columns)
    static boolean liesWell(Tensor operand) {
        boolean turned = operand.stride(2) != 1;
        long bytes = operand.type().byteSize();
        long length = operand.size(turned ? 1 : 2) * bytes;
        long leading = operand.stride(turned ? 2 : 1) * bytes;
        long apart = operand.size(0) > 1 ? operand.stride(0) * bytes : 0;
        return (length | leading | apart | DeviceElements.address(operand)) % BYTES == 0;
    }

    /// The operand itself where it lies well and has these sizes, or a copy with zeros behind its rows and columns.
    ///
    /// @param operand (B, at most `rows`, at most `columns`)
    Tensor of(Tensor operand, DType type, long rows, long columns, Slot slot) {
        boolean whole = operand.size(1) == rows && operand.size(2) == columns;
        if (whole && operand.type() == type && liesWell(operand)) {
            return operand;
        }
        boolean turned = operand.stride(2) != 1 && operand.size(2) != 1;
        if (turned) {
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
