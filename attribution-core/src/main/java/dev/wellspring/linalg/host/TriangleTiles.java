package dev.wellspring.linalg.host;

/// The lower triangle of a square matrix as tiles of about the same size. They follow from the size of the matrix
/// alone.
///
/// @param size of the matrix
/// @param side tiles below each other
record TriangleTiles(int size, int side) {
    /// Tiles on a side, at least: ten tiles in all are work for a few threads.
    private static final int FEWEST = 4;

    /// Rows of a tile, at most: BLAS packs what it multiplies, which larger tiles have to do less often.
    private static final int LONGEST = 768;

    /// Rows below which a second tile is not worth it.
    private static final int SHORTEST = 256;

    static TriangleTiles of(int size) {
        int side = Math.max(Math.ceilDiv(size, LONGEST), Math.min(FEWEST, Math.ceilDiv(size, SHORTEST)));
        return new TriangleTiles(size, side);
    }

    /// Rows and columns of one tile, or another part of a matrix.
    record Place(int fromRow, int toRow, int fromColumn, int toColumn) {
        Matrix of(Matrix matrix) {
            return matrix.rows(fromRow, toRow).columns(fromColumn, toColumn);
        }

        /// What of A goes into this part of A·B.
        Matrix rowsOf(Matrix a) {
            return a.rows(fromRow, toRow);
        }

        /// What of B goes into this part of A·B.
        Matrix columnsOf(Matrix b) {
            return b.columns(fromColumn, toColumn);
        }

        /// The same part of a matrix that has so many rows and columns before it.
        Place plus(int rows, int columns) {
            return new Place(fromRow + rows, toRow + rows, fromColumn + columns, toColumn + columns);
        }

        boolean onDiagonal() {
            return fromRow == fromColumn;
        }

        int rows() {
            return toRow - fromRow;
        }

        int columns() {
            return toColumn - fromColumn;
        }
    }

    int count() {
        return side * (side + 1) / 2;
    }

    /// Tile 0 is the upper left one, then come the tiles of the second row from the left to the diagonal, and so on.
    Place tile(int index) {
        int row = (int) ((Math.sqrt(8.0 * index + 1) - 1) / 2);
        int column = index - row * (row + 1) / 2;
        return new Place(bound(row), bound(row + 1), bound(column), bound(column + 1));
    }

    private int bound(int tile) {
        return (int) ((long) size * tile / side);
    }
}
