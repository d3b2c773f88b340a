package dev.wellspring.linalg.cpu;

import static dev.wellspring.linalg.cpu.Vectors.LANES;
import static dev.wellspring.linalg.cpu.Vectors.MEMORY;
import static dev.wellspring.linalg.cpu.Vectors.ORDER;
import static dev.wellspring.linalg.cpu.Vectors.WIDE_LANES;
import static dev.wellspring.linalg.cpu.Vectors.firstHalf;
import static dev.wellspring.linalg.cpu.Vectors.firstWide;
import static dev.wellspring.linalg.cpu.Vectors.load;
import static dev.wellspring.linalg.cpu.Vectors.loadWide;
import static dev.wellspring.linalg.cpu.Vectors.store;
import static dev.wellspring.linalg.cpu.Vectors.storeNarrowed;
import static dev.wellspring.linalg.cpu.Vectors.widened;
import static jdk.incubator.vector.VectorOperators.I2S;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.NE;
import static jdk.incubator.vector.VectorOperators.S2I;

import dev.wellspring.linalg.Bfloat16;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/// Conversions between FLOAT32 and FLOAT64 or BFLOAT16, rounding to the nearest, ties to even; NaN becomes the
/// quiet NaN of [Bfloat16]. Also rows of a table, added up.
final class VectorCopies {
    private static final VectorSpecies<Integer> INTS = Widening.INTS;

    /// As many shorts as there are lanes.
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(INTS.vectorBitSize() / 2));

    /// Bytes that one thread copies.
    private static final long PIECE = 1L << 20;

    private static final int BELOW_HALF = 0x7fff;
    private static final int NAN = 0x7fc0;

    private final Spread spread;

    VectorCopies(Spread spread) {
        this.spread = spread;
    }

    boolean copy(Tensor source, Tensor target) {
        if (!Lines.are(source.type(), source) || !Lines.are(target.type(), target)) {
            return false;
        }
        Spread.Body body = conversion(source.type(), target.type());
        if (body == null) {
            return false;
        }
        spread.mapInPlace(body, source, target);
        return true;
    }

    /// All of a contiguous tensor, as its bytes lie one after the other; they must not overlap with the source.
    void bytes(MemorySegment source, Tensor target) {
        long count = target.elementCount() * target.type().byteSize();
        MemorySegment from = source.asSlice(0, count);
        MemorySegment to = target.segment().asSlice(0, count);
        if (!from.scope().isAlive() || !to.scope().isAlive()) {
            throw new IllegalStateException("expected memory that is open, got closed memory for " + target);
        }
        try {
            spread.over(Math.ceilDiv(count, PIECE), target.elementCount(), (first, last) -> {
                long at = first * PIECE;
                long size = Math.min(count, last * PIECE) - at;
                MemorySegment.copy(MEMORY, from.address() + at, MEMORY, to.address() + at, size);
            });
        } finally {
            Reference.reachabilityFence(from);
            Reference.reachabilityFence(to);
        }
    }

    private static Spread.@Nullable Body conversion(DType from, DType to) {
        return switch (from) {
            case FLOAT32 ->
                switch (to) {
                    case FLOAT64 -> (at, n) -> widen(at[0], at[1], n);
                    case BFLOAT16 -> (at, n) -> toBfloats(at[0], at[1], n);
                    case FLOAT32, FLOAT16, INT32 -> null;
                };
            case FLOAT64 -> to == DType.FLOAT32 ? (at, n) -> narrow(at[0], at[1], n) : null;
            case BFLOAT16 -> to == DType.FLOAT32 ? (at, n) -> fromBfloats(at[0], at[1], n) : null;
            case FLOAT16, INT32 -> null;
        };
    }

    /// out[i] = β·out[i] + table[indices[i]] with β = 1, as embeddings of positions are added; others are left
    /// to others.
    boolean gather(Tensor table, Tensor indices, double beta, Tensor out) {
        if (beta != 1 || !Lines.areNarrow(table, out)) {
            return false;
        }
        int[] wanted = VectorLayers.indices("indices", indices, table.size(0));
        int width = table.length(1);
        Lines entries = Lines.of(table);
        Lines rows = Lines.of(out);
        spread.over(wanted.length, out.elementCount(), (from, to) -> {
            Staging staging = Staging.of(2, width);
            for (long row = from; row < to; row++) {
                long entry = staging.read(0, entries.type(), entries.at(wanted[(int) row]), width);
                long sum = staging.read(1, rows.type(), rows.at(row), width);
                VectorElements.plus(1, entry, sum, width);
                staging.write(1, rows.type(), rows.at(row), width);
            }
        });
        return true;
    }

    private static void widen(long x, long y, int n) {
        int i = 0;
        for (; i <= n - WIDE_LANES; i += WIDE_LANES) {
            store(widened(x + 4L * i), y + 8L * i);
        }
        if (i < n) {
            store(widened(x + 4L * i, firstHalf(n - i)), y + 8L * i, firstWide(n - i));
        }
    }

    private static void narrow(long x, long y, int n) {
        int i = 0;
        for (; i <= n - WIDE_LANES; i += WIDE_LANES) {
            storeNarrowed(loadWide(x + 8L * i), y + 4L * i);
        }
        if (i < n) {
            storeNarrowed(loadWide(x + 8L * i, firstWide(n - i)), y + 4L * i, firstHalf(n - i));
        }
    }

    static void fromBfloats(long x, long y, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            ShortVector bits = ShortVector.fromMemorySegment(SHORTS, MEMORY, x + 2L * i, ORDER);
            IntVector wide = (IntVector) bits.convertShape(S2I, INTS, 0);
            store(wide.lanewise(LSHL, 16).reinterpretAsFloats(), y + 4L * i);
        }
        for (; i < n; i++) {
            short bits = MEMORY.get(ValueLayout.JAVA_SHORT_UNALIGNED, x + 2L * i);
            MEMORY.set(ValueLayout.JAVA_FLOAT_UNALIGNED, y + 4L * i, Bfloat16.toFloat(bits));
        }
    }

    /// The same steps as [Bfloat16#fromFloat].
    static void toBfloats(long x, long y, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector v = load(x + 4L * i);
            IntVector bits = v.reinterpretAsInts();
            IntVector odd = bits.lanewise(LSHR, 16).and(1);
            IntVector rounded = bits.add(BELOW_HALF).add(odd).lanewise(LSHR, 16);
            IntVector kept = rounded.blend(NAN, v.compare(NE, v).cast(INTS));
            ((ShortVector) kept.convertShape(I2S, SHORTS, 0)).intoMemorySegment(MEMORY, y + 2L * i, ORDER);
        }
        for (; i < n; i++) {
            float value = MEMORY.get(ValueLayout.JAVA_FLOAT_UNALIGNED, x + 4L * i);
            MEMORY.set(ValueLayout.JAVA_SHORT_UNALIGNED, y + 2L * i, Bfloat16.fromFloat(value));
        }
    }
}
