package dev.wellspring.linalg.cpu;

import dev.wellspring.linalg.DotProducts;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.linalg.cpu.TileKernel.Tile;
import dev.wellspring.tensor.HostMemory;
import dev.wellspring.tensor.Precision;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// The kernel in vector instructions, on documents where they lie. Threads take whole documents; a document's sums are
/// formed in an order that depends on its own length alone.
public final class VectorDotProducts implements DotProducts {
    /// The word that people know this kernel by.
    public static final String NAME = "vector";

    /// Documents that go to a thread together.
    private static final int GROUP = 6;

    /// Multiplications from which on waking another thread pays.
    private static final double WORTH_SPREADING = 1 << 21;

    private final RowParallel parallel;
    private final Map<TileKernel, Queue<Tile>> idle = new ConcurrentHashMap<>();

    /// @param parallel spreads documents over threads
    public VectorDotProducts(RowParallel parallel) {
        this.parallel = parallel;
    }

    /// The bits of a vector register, as far as the JVM uses it.
    public static int registerBits() {
        return Widening.FLOATS.vectorBitSize();
    }

    @Override
    public String name() {
        return NAME;
    }

    /// @param memory the queries as `kernel` reads them
    private record Packed(TileKernel kernel, Precision documents, int queries, int dimensions, HostMemory memory)
            implements Panel {
        @Override
        public void close() {
            memory.close();
        }
    }

    @Override
    public Panel prepare(double[] queries, int count, int dimensions, Precision documents) {
        TileKernel kernel = TileKernel.of(count, documents);
        HostMemory memory = HostMemory.allocate(kernel.panelBytes(dimensions));
        kernel.pack(queries, dimensions, memory.segment());
        return new Packed(kernel, documents, count, dimensions, memory);
    }

    @Override
    public void accumulate(
            MemorySegment values,
            Precision precision,
            @Nullable MemorySegment scales,
            int rows,
            Panel panel,
            double[] scores) {
        var packed = (Packed) panel;
        if (precision != packed.documents) {
            throw new IllegalArgumentException(
                    "precision: expected " + packed.documents + ", which the panel is for, got " + precision);
        }
        double multiplications = (double) rows * packed.dimensions * packed.queries;
        RowParallel threads = multiplications < WORTH_SPREADING ? RowParallel.serial() : parallel;
        threads.forRanges(Math.ceilDiv(rows, GROUP), (first, last) -> {
            Queue<Tile> tiles = idle.computeIfAbsent(packed.kernel, kernel -> new ConcurrentLinkedQueue<>());
            Tile used = tiles.poll();
            Tile tile = used == null ? packed.kernel.tile() : used;
            int end = (int) Math.min(rows, last * GROUP);
            int most = packed.kernel.documents();
            for (int row = (int) first * GROUP; row < end; row += most) {
                multiply(values, row, Math.min(most, end - row), packed, tile);
                add(scales, row, Math.min(most, end - row), packed.queries, tile, scores);
            }
            tiles.add(tile);
        });
    }

    private static void multiply(MemorySegment values, int first, int rows, Packed panel, Tile tile) {
        int size = panel.documents.byteSize();
        long stride = (long) panel.dimensions * size;
        int most = panel.kernel.dimensions();
        tile.clear();
        for (int from = 0; from < panel.dimensions; from += most) {
            long at = first * stride + (long) from * size;
            int depth = Math.min(most, panel.dimensions - from);
            tile.multiply(values, at, stride, rows, panel.memory.segment(), from, depth);
        }
    }

    private static void add(
            @Nullable MemorySegment scales, int first, int rows, int queries, Tile tile, double[] scores) {
        for (int row = 0; row < rows; row++) {
            double scale = scales == null ? 1 : scales.getAtIndex(ValueLayout.JAVA_FLOAT, first + row);
            int at = (first + row) * queries;
            for (int query = 0; query < queries; query++) {
                scores[at + query] += scale * tile.sum(row, query);
            }
        }
    }

    @Override
    public void close() {
        idle.clear();
    }
}
