package dev.wellspring.linalg;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.HostMemory;
import dev.wellspring.tensor.Precision;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// The kernel on any backend: a tile of documents is widened into one of the backend's tensors, and one product
/// multiplies it with all queries. Widening costs a tenth of the product with 100 queries, and more with fewer.
///
/// A product has the rounding that the backend gives it. So a document's score is the same in any company, bit for bit
/// on the reference backend, within rounding on the others.
///
/// A tile has up to 8 MiB, so that what is widened is still in the last-level cache when it is multiplied.
public final class SeamDotProducts implements DotProducts {
    /// The word that people know this kernel by.
    public static final String NAME = "seam";

    private static final long TILE_BYTES = 8 << 20;
    private static final int TILE_DIMENSIONS = 4096;
    private static final int MOST_ROWS = 4096;

    private final LinearAlgebra algebra;
    private final RowParallel parallel;
    private final Tensor documents;
    private Tensor products;
    private final HostMemory widened;
    private HostMemory sums;

    /// @param algebra what multiplies; it outlives this kernel
    /// @param parallel spreads documents over threads while they are widened
    public SeamDotProducts(LinearAlgebra algebra, RowParallel parallel) {
        this.algebra = algebra;
        this.parallel = parallel;
        documents = algebra.allocate(DType.FLOAT64, TILE_BYTES / Double.BYTES);
        products = algebra.allocate(DType.FLOAT64, 0);
        widened = onHost(documents) ? HostMemory.allocate(0) : HostMemory.allocate(TILE_BYTES);
        sums = HostMemory.allocate(0);
    }

    /// Whether a backend's tensors can be written where they lie.
    private static boolean onHost(Tensor tensor) {
        return tensor.memory() instanceof HostMemory;
    }

    @Override
    public String name() {
        return NAME;
    }

    /// @param operand the queries (Q, K), of the type that is multiplied in
    private record Prepared(Tensor operand, Precision documents) implements Panel {
        @Override
        public int queries() {
            return operand.length(0);
        }

        @Override
        public int dimensions() {
            return operand.length(1);
        }

        DType type() {
            return operand.type();
        }

        /// Dimensions of a tile.
        int depth() {
            return Math.min(TILE_DIMENSIONS, dimensions());
        }

        /// Documents of a tile.
        int rows() {
            long fitting = TILE_BYTES / Math.max(1, (long) depth() * type().byteSize());
            return (int) Math.min(MOST_ROWS, fitting);
        }

        @Override
        public void close() {
            operand.close();
        }
    }

    @Override
    public Panel prepare(double[] queries, int count, int dimensions, Precision documents) {
        DType type = documents == Precision.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
        var panel = new Prepared(algebra.allocate(type, count, dimensions), documents);
        algebra.upload(MemorySegment.ofArray(queries), DType.FLOAT64, panel.operand);
        reserve(panel);
        return panel;
    }

    /// Makes room for the products of a tile; the tile itself always fits.
    private void reserve(Prepared panel) {
        long result = (long) panel.rows() * panel.queries() * Double.BYTES;
        if (sums.byteSize() < result) {
            sums.close();
            sums = HostMemory.allocate(result);
            products.close();
            products = algebra.allocate(DType.FLOAT64, result / Double.BYTES);
        }
    }

    @Override
    public void accumulate(
            MemorySegment values,
            Precision precision,
            @Nullable MemorySegment scales,
            int rows,
            Panel panel,
            double[] scores) {
        var prepared = (Prepared) panel;
        if (precision != prepared.documents) {
            throw new IllegalArgumentException(
                    "precision: expected " + prepared.documents + ", which the panel is for, got " + precision);
        }
        if (prepared.queries() == 0 || prepared.dimensions() == 0) {
            return;
        }
        for (int row = 0; row < rows; row += prepared.rows()) {
            int count = Math.min(prepared.rows(), rows - row);
            multiply(values, row, count, prepared);
            add(scales, row, count, prepared, scores);
        }
    }

    /// The products of `count` documents into `sums`, (count, Q).
    private void multiply(MemorySegment values, int row, int count, Prepared panel) {
        Tensor result = Tensor.of(products.memory(), panel.type(), count, panel.queries());
        for (int from = 0; from < panel.dimensions(); from += panel.depth()) {
            int depth = Math.min(panel.depth(), panel.dimensions() - from);
            Tensor tile = Tensor.of(documents.memory(), panel.type(), count, depth);
            load(values, row, from, panel, tile);
            Tensor part = panel.operand.columns(from, from + depth);
            algebra.gemm(1, tile, part.transposed(), from == 0 ? 0 : 1, result);
        }
        algebra.download(result, sums.segment(), panel.type());
    }

    /// The dimensions from `from` on of as many documents as the tile has, from document `row` on.
    private void load(MemorySegment values, int row, int from, Prepared panel, Tensor tile) {
        MemorySegment target = onHost(tile) ? tile.segment() : widened.segment();
        int depth = tile.length(1);
        parallel.forRanges(tile.size(0), (first, last) -> {
            for (long d = first; d < last; d++) {
                long at = (row + d) * panel.dimensions() + from;
                widen(
                        values,
                        panel.documents,
                        at,
                        depth,
                        target,
                        d * depth * tile.type().byteSize());
            }
        });
        if (!onHost(tile)) {
            algebra.upload(target, tile.type(), tile);
        }
    }

    private void add(@Nullable MemorySegment scales, int row, int count, Prepared panel, double[] scores) {
        MemorySegment from = sums.segment();
        boolean single = panel.type() == DType.FLOAT32;
        for (int d = 0; d < count; d++) {
            double scale = scales == null ? 1 : scales.getAtIndex(ValueLayout.JAVA_FLOAT, row + d);
            for (int q = 0; q < panel.queries(); q++) {
                int at = d * panel.queries() + q;
                double sum = single
                        ? from.getAtIndex(ValueLayout.JAVA_FLOAT, at)
                        : from.getAtIndex(ValueLayout.JAVA_DOUBLE, at);
                scores[row * panel.queries() + at] += scale * sum;
            }
        }
    }

    /// Number `from` and those behind it, as FLOAT64 or FLOAT32, from byte `to` on. Loops that the JIT turns into
    /// vector instructions: 2 to 3 numbers a nanosecond on one core.
    private static void widen(
            MemorySegment values, Precision precision, long from, int count, MemorySegment target, long to) {
        switch (precision) {
            case FLOAT64, FLOAT32 -> {
                int size = precision.byteSize();
                MemorySegment.copy(values, from * size, target, to, (long) count * size);
            }
            case BFLOAT16 -> {
                for (int i = 0; i < count; i++) {
                    int bits = values.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * from + 2L * i);
                    target.set(ValueLayout.JAVA_INT_UNALIGNED, to + 4L * i, bits << Short.SIZE);
                }
            }
            case INT8 -> {
                for (int i = 0; i < count; i++) {
                    byte value = values.get(ValueLayout.JAVA_BYTE, from + i);
                    target.set(ValueLayout.JAVA_FLOAT_UNALIGNED, to + 4L * i, value);
                }
            }
        }
    }

    @Override
    public void close() {
        documents.close();
        products.close();
        widened.close();
        sums.close();
    }
}
