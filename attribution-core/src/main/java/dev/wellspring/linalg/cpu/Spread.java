package dev.wellspring.linalg.cpu;

import dev.wellspring.linalg.RowParallel;
import dev.wellspring.tensor.Tensor;
import java.util.function.Supplier;

/// Rows, and pieces of rows, over threads.
record Spread(RowParallel parallel) {
    /// Elements of a piece: a kernel works through them in about two microseconds, next to which finding the
    /// piece costs nothing, and five operands of them stay in a second-level cache.
    static final int PIECE = 4096;

    /// Below this many elements a second thread costs more than it saves.
    private static final long WORTH_SPREADING = 1 << 15;

    /// Runs `body` over `count` independent items that hold `elements` elements altogether.
    void over(long count, long elements, RowParallel.RangeBody body) {
        if (count <= 1 || elements < WORTH_SPREADING) {
            body.accept(0, count);
        } else {
            parallel.forRanges(count, body);
        }
    }

    /// What happens to one piece of n elements, which begins at `at[k]` in operand k.
    @FunctionalInterface
    interface Body {
        void accept(long[] at, int n);
    }

    /// Applies a body to all pieces of tensors of one shape. Contiguous ones are one long row, so that short
    /// rows make no short pieces.
    void map(Body body, Tensor... operands) {
        mapWith(() -> body, operands);
    }

    /// The same with a body of its own for each worker.
    void mapWith(Supplier<Body> bodies, Tensor... operands) {
        Lines[] lines = lines(operands);
        long width = lines[0].width();
        long piecesPerRow = Math.ceilDiv(width, PIECE);
        over(lines[0].count() * piecesPerRow, lines[0].count() * width, (from, to) -> {
            Body body = bodies.get();
            long[] at = new long[lines.length];
            for (long piece = from; piece < to; piece++) {
                long row = piece / piecesPerRow;
                long column = piece % piecesPerRow * PIECE;
                for (int k = 0; k < lines.length; k++) {
                    at[k] = lines[k].at(row, column);
                }
                body.accept(at, (int) Math.min(PIECE, width - column));
            }
        });
    }

    private static Lines[] lines(Tensor[] operands) {
        boolean contiguous = true;
        for (Tensor operand : operands) {
            contiguous &= operand.isContiguous();
        }
        Lines[] lines = new Lines[operands.length];
        for (int k = 0; k < lines.length; k++) {
            lines[k] = contiguous ? Lines.joined(operands[k]) : Lines.of(operands[k]);
        }
        return lines;
    }
}
