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

    /// Applies a body to all pieces of tensors of one shape, where they lie. Contiguous ones are one long row, so
    /// that short rows make no short pieces.
    void mapInPlace(Body body, Tensor... operands) {
        Lines[] lines = lines(operands);
        overPieces(lines, (from, to) -> {
            long[] at = new long[lines.length];
            for (long piece = from; piece < to; piece++) {
                body.accept(at, find(piece, lines, at));
            }
        });
    }

    /// The same for a body that takes FLOAT32 where operands are BFLOAT16; the last operand is written.
    void map(Body body, Tensor... operands) {
        mapWith(1, () -> body, operands);
    }

    /// The same with a body of its own for each worker.
    ///
    /// @param written how many of the last operands are
    void mapWith(int written, Supplier<Body> bodies, Tensor... operands) {
        Lines[] lines = lines(operands);
        overPieces(lines, (from, to) -> {
            Body body = bodies.get();
            Staging staging = Staging.of(lines.length, PIECE);
            long[] at = new long[lines.length];
            long[] staged = new long[lines.length];
            for (long piece = from; piece < to; piece++) {
                int n = find(piece, lines, at);
                for (int k = 0; k < lines.length; k++) {
                    staged[k] = staging.read(k, lines[k].type(), at[k], n);
                }
                body.accept(staged, n);
                for (int k = lines.length - written; k < lines.length; k++) {
                    staging.write(k, lines[k].type(), at[k], n);
                }
            }
        });
    }

    private void overPieces(Lines[] lines, RowParallel.RangeBody body) {
        Lines one = lines[0];
        over(one.count() * piecesPerRow(one), one.count() * one.width(), body);
    }

    private static long piecesPerRow(Lines lines) {
        return Math.ceilDiv(lines.width(), PIECE);
    }

    /// Where a piece begins in each operand; its length.
    private static int find(long piece, Lines[] lines, long[] at) {
        long piecesPerRow = piecesPerRow(lines[0]);
        long row = piece / piecesPerRow;
        long column = piece % piecesPerRow * PIECE;
        for (int k = 0; k < lines.length; k++) {
            at[k] = lines[k].at(row, column);
        }
        return (int) Math.min(PIECE, lines[0].width() - column);
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
