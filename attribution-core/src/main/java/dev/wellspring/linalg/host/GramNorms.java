package dev.wellspring.linalg.host;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.linalg.host.TriangleTiles.Place;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// ‖Σ_t g_t a_tᵀ‖² = Σ_st (g_s·g_t)(a_s·a_t) of the documents of a batch. Both factors are symmetric in s and t: of
/// each, tiles on and below the diagonal are formed, which stay in a cache until they are multiplied. Threads share
/// out the tiles of all documents.
final class GramNorms implements AutoCloseable {
    /// Rows of a tile, at most: two of them leave half of a second-level cache of 1 MiB to what is multiplied.
    private static final int TILE = 256;

    private final LinearAlgebra algebra;
    private final MatrixProduct product;
    private final RowParallel parallel;
    private final TileMemory memory = new TileMemory();

    /// @param algebra adds up one tile, on any thread
    GramNorms(LinearAlgebra algebra, MatrixProduct product, RowParallel parallel) {
        this.algebra = algebra;
        this.product = product;
        this.parallel = parallel;
    }

    /// [LinearAlgebra#addGradientNorms], operands already checked: for rows that are multiplied into FLOAT32.
    boolean add(Tensor activations, Tensor outputGradients, Segments segments, Tensor norms) {
        if (!product.concurrent() || !multiplies(activations) || !multiplies(outputGradients)) {
            return false;
        }
        List<Piece> pieces = pieces(segments);
        Matrix a = Matrix.of(activations);
        Matrix g = Matrix.of(outputGradients);
        try (Tensor sums = HostLinearAlgebra.newTensor(DType.FLOAT64, Math.max(1, pieces.size()), 1)) {
            parallel.forRanges(pieces.size(), (from, to) -> {
                for (long i = from; i < to; i++) {
                    add(pieces.get((int) i).at, a, g, sums.select(0, i));
                }
            });
            addUp(pieces, Rows.of(sums), Rows.of(norms));
        }
        return true;
    }

    /// In the order of the pieces, whoever computed them.
    private static void addUp(List<Piece> pieces, Rows sums, Rows norms) {
        double[] sum = new double[1];
        double[] norm = new double[1];
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            sums.load(i, 0, sum, 1);
            norms.load(piece.document, 0, norm, 1);
            norm[0] += (piece.at.onDiagonal() ? 1 : 2) * sum[0];
            norms.store(piece.document, 0, norm, 1);
        }
    }

    private boolean multiplies(Tensor rows) {
        boolean taken = rows.type() == DType.FLOAT32 || (rows.type() == DType.BFLOAT16 && product.takesBfloat16());
        return taken && rows.size(1) > 0 && Matrix.fits(rows);
    }

    /// A tile of one document.
    ///
    /// @param at in the product of all rows with each other
    private record Piece(int document, Place at) {}

    /// Tiles on the diagonal, of which a half is computed for nothing, are cut once more.
    private static List<Piece> pieces(Segments segments) {
        List<Piece> pieces = new ArrayList<>();
        for (int document = 0; document < segments.count(); document++) {
            int start = segments.start(document);
            int length = segments.length(document);
            var tiles = new TriangleTiles(length, Math.ceilDiv(length, TILE));
            for (int i = 0; i < tiles.count(); i++) {
                Place tile = tiles.tile(i);
                if (tile.onDiagonal()) {
                    var half = new TriangleTiles(tile.rows(), Math.min(2, tile.rows()));
                    for (int j = 0; j < half.count(); j++) {
                        pieces.add(new Piece(
                                document, half.tile(j).plus(start + tile.fromRow(), start + tile.fromColumn())));
                    }
                } else {
                    pieces.add(new Piece(document, tile.plus(start, start)));
                }
            }
        }
        return pieces;
    }

    private void add(Place at, Matrix a, Matrix g, Tensor sum) {
        long elements = (long) at.rows() * at.columns();
        try (TileMemory.Lent lent = memory.lend(2 * elements * Float.BYTES)) {
            Tensor both = lent.tensor(DType.FLOAT32, 2, at.rows(), at.columns());
            multiply(at, g, both.select(0, 0));
            multiply(at, a, both.select(0, 1));
            algebra.dot(both.select(0, 0), both.select(0, 1), 0, sum);
        }
    }

    private void multiply(Place at, Matrix x, Tensor tile) {
        product.multiply(1, at.rowsOf(x), at.columnsOf(x.turned()), 0, Matrix.of(tile));
    }

    @Override
    public void close() {
        memory.close();
    }
}
