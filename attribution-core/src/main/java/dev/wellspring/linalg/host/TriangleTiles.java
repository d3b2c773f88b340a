package dev.wellspring.linalg.host;

import java.util.List;

/// The lower triangle of a square matrix as tiles of about the same size. They follow from the size of the matrix
/// alone.
///
/// @param size of the matrix
/// @param side tiles below each other
record TriangleTiles(int size, int side) {
    /// Tiles on a side, at least: ten tiles in all are work for a few threads.
    private static final int FEWEST = 4;

    /// Rows of a tile, at most.
    private static final int LONGEST = 448;

    /// Rows below which a second tile is not worth it.
    private static final int SHORTEST = 64;

    static TriangleTiles of(int size) {
        int side = Math.max(Math.ceilDiv(size, LONGEST), Math.min(FEWEST, Math.ceilDiv(size, SHORTEST)));
        return new TriangleTiles(size, side);
    }

    /// Rows and columns of one tile.
    record Place(int fromRow, int toRow, int fromColumn, int toColumn) {
        Matrix of(Matrix matrix) {
            return matrix.rows(fromRow, toRow).columns(fromColumn, toColumn);
        }

        /// What of the tile is needed: a tile on the diagonal is cut into quarters, and the upper right one
        /// left out.
        List<Place> belowDiagonal() {
            if (fromRow != fromColumn || rows() <= SHORTEST) {
                return List.of(this);
            }
            int middle = (fromRow + toRow) / 2;
            return List.of(
                    new Place(fromRow, middle, fromColumn, middle),
                    new Place(middle, toRow, fromColumn, middle),
                    new Place(middle, toRow, middle, toColumn));
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

    /// The elements of the largest tile.
    long largest() {
        long length = Math.ceilDiv(size, side);
        return length * length;
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
