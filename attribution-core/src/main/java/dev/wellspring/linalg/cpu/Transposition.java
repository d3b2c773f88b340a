package dev.wellspring.linalg.cpu;

import static dev.wellspring.linalg.cpu.Vectors.MEMORY;

import dev.wellspring.tensor.Tensor;
import java.lang.foreign.ValueLayout;

/// Copies between matrices of FLOAT32 or BFLOAT16 of which one has the elements of its rows side by side and the
/// other those of its columns: square after square, so that what is read across lines is still in the first-level
/// cache.
final class Transposition {
    private static final int SQUARE = 32;

    private final Spread spread;

    Transposition(Spread spread) {
        this.spread = spread;
    }

    /// @param source (…, m, n)
    /// @param target (…, m, n)
    /// @return whether this is such a copy
    boolean copy(Tensor source, Tensor target) {
        if (source.rank() < 2 || Lines.areNarrow(source, target)) {
            return false;
        }
        if (Lines.areNarrow(source, target.transposed())) {
            turn(source, target.transposed());
        } else if (Lines.areNarrow(source.transposed(), target)) {
            turn(source.transposed(), target);
        } else {
            return false;
        }
        return true;
    }

    /// @param source (…, m, n)
    /// @param target (…, n, m)
    private void turn(Tensor source, Tensor target) {
        long m = source.size(source.rank() - 2);
        long n = source.size(source.rank() - 1);
        if (source.elementCount() == 0) {
            return;
        }
        Lines from = Lines.of(source);
        Lines to = Lines.of(target);
        long bands = Math.ceilDiv(m, SQUARE);
        spread.over(from.count() / m * bands, source.elementCount(), (first, last) -> {
            for (long band = first; band < last; band++) {
                long matrix = band / bands;
                long row = band % bands * SQUARE;
                turnBand(from, to, matrix * m + row, (int) Math.min(SQUARE, m - row), matrix * n, row);
            }
        });
    }

    /// @param firstRow of the source, of `rows`
    /// @param firstLine of the target, whose elements from `column` on are these rows'
    private static void turnBand(Lines from, Lines to, long firstRow, int rows, long firstLine, long column) {
        Staging staging = Staging.of(rows + 1, SQUARE);
        long[] at = new long[rows];
        for (long left = 0; left < from.width(); left += SQUARE) {
            int width = (int) Math.min(SQUARE, from.width() - left);
            for (int i = 0; i < rows; i++) {
                at[i] = staging.read(i, from.type(), from.at(firstRow + i, left), width);
            }
            for (int j = 0; j < width; j++) {
                long line = to.at(firstLine + left + j, column);
                gather(at, (long) j * Float.BYTES, rows, staging.target(rows, to.type(), line));
                staging.write(rows, to.type(), line, rows);
            }
        }
    }

    private static void gather(long[] at, long offset, int n, long target) {
        for (int i = 0; i < n; i++) {
            float value = MEMORY.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at[i] + offset);
            MEMORY.set(ValueLayout.JAVA_FLOAT_UNALIGNED, target + (long) i * Float.BYTES, value);
        }
    }
}
