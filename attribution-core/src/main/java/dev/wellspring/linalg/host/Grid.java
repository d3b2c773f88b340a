package dev.wellspring.linalg.host;

/// How C is cut into pieces that threads compute on their own. It follows from the shapes alone, and so do the
/// bits of the result. The longer side is halved until a piece is at most [#LONGEST] wide and high, and then until
/// there is work for [#ENOUGH] threads, as long as a piece is worth waking one for. Powers of two share out evenly;
/// narrow
/// pieces would spend their time on packing operands.
///
/// @param rows of a piece
/// @param columns of a piece
/// @param down pieces below each other
/// @param across pieces beside each other
record Grid(int rows, int columns, int down, int across) {
    private static final int LONGEST = 512;
    private static final int ENOUGH = 16;

    /// Rows and columns that BLAS computes together.
    private static final int REGISTERS = 16;

    /// @param depth the length of the sums
    static Grid of(int rows, int columns, int depth) {
        var grid = new Grid(rows, columns, 1, 1);
        while (grid.divides(depth)) {
            grid = grid.rows >= grid.columns
                    ? new Grid(half(grid.rows), grid.columns, 2 * grid.down, grid.across)
                    : new Grid(grid.rows, half(grid.columns), grid.down, 2 * grid.across);
        }
        return grid;
    }

    private boolean divides(int depth) {
        int longer = Math.max(rows, columns);
        double multiplications = (double) rows * columns * depth;
        return longer > REGISTERS
                && multiplications > Products.WORTH_SPREADING
                && (longer > LONGEST || down * across < ENOUGH);
    }

    private static int half(int length) {
        return Math.ceilDiv(length, 2 * REGISTERS) * REGISTERS;
    }

    /// The number of pieces; some may lie outside C.
    int count() {
        return down * across;
    }

    /// The first row of a piece.
    int row(int piece) {
        return piece / across * rows;
    }

    /// The first column of a piece.
    int column(int piece) {
        return piece % across * columns;
    }
}
