package dev.wellspring.linalg.cpu;

import dev.wellspring.tensor.Precision;
import java.lang.foreign.MemorySegment;

/// One way to multiply some documents and some dimensions of theirs, a tile, with all queries. Two that are equal read
/// the same panels and can share their [Tile]s.
sealed interface TileKernel permits FloatRows, FloatBlocks, DoubleBlocks {
    /// Up to so many queries documents are read once, in the registers that they are multiplied in; with more of them
    /// it pays to widen documents first.
    int FEW = 4;

    /// The fastest for so many queries on documents of that precision.
    static TileKernel of(int queries, Precision precision) {
        if (precision == Precision.FLOAT64) {
            return new DoubleBlocks(queries);
        }
        return queries <= FEW ? new FloatRows(queries, precision) : new FloatBlocks(queries, precision);
    }

    /// The most documents of a tile.
    int documents();

    /// The most dimensions of a tile; only the last tile of a document has fewer.
    int dimensions();

    /// The bytes of a panel.
    long panelBytes(int dimensions);

    /// Brings (Q, K) queries, row-major, into the order that tiles read them in.
    void pack(double[] queries, int dimensions, MemorySegment panel);

    /// A new tile.
    Tile tile();

    /// The workspace of one thread: sums of up to [#documents] documents.
    interface Tile {
        /// All sums become zero.
        void clear();

        /// Adds the products of some dimensions of some documents to their sums.
        ///
        /// @param values stored numbers
        /// @param at the byte where dimension `from` of the first document lies
        /// @param stride bytes from one document to the next
        /// @param panel packed queries
        /// @param from the first dimension, a multiple of [#dimensions]
        /// @param depth the number of dimensions
        void multiply(MemorySegment values, long at, long stride, int rows, MemorySegment panel, int from, int depth);

        /// Σ of what was multiplied, for one document of the tile and one query.
        double sum(int row, int query);
    }
}
