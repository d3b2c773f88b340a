package dev.wellspring.run.search;

import dev.wellspring.gradient.FactorExpansion;
import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.gradient.StoredBatch;
import dev.wellspring.gradient.StoredModule;
import dev.wellspring.linalg.DotProducts;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.tensor.Precision;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Σ_modules ⟨W_q, C_d⟩ of all queries and a batch of documents: never more than a tile of scores.
final class BatchScorer implements AutoCloseable {
    private final GradientLayout layout;
    private final DotProducts products;
    private final RowParallel parallel;
    private final int queries;
    /// For each module of the layout, or null where it does not count.
    private final List<DotProducts.@Nullable Panel> panels = new ArrayList<>();
    private final Arena arena = Arena.ofShared();
    private MemorySegment expanded = MemorySegment.NULL;
    private double[] tile = new double[0];

    /// @param coordinates the file of [QueryCoordinates]
    /// @param modules the names of those that count
    BatchScorer(
            LinearAlgebra algebra,
            DotProducts products,
            RowParallel parallel,
            Path coordinates,
            GradientLayout layout,
            Set<String> modules,
            int queries)
            throws IOException {
        this.layout = layout;
        this.products = products;
        this.parallel = parallel;
        this.queries = queries;
        for (StoredModule module : layout.modules()) {
            panels.add(
                    modules.contains(module.name())
                            ? products.prepare(
                                    QueryCoordinates.read(algebra, coordinates, module.name()),
                                    queries,
                                    module.dimensions(),
                                    multiplied(module))
                            : null);
        }
    }

    /// Factors are expanded before they are multiplied.
    private Precision multiplied(StoredModule module) {
        return module.rank() == 0 ? layout.precision() : Precision.FLOAT32;
    }

    /// (rows, queries), row-major; valid until the next batch.
    double[] score(StoredBatch batch) {
        int size = batch.rows() * queries;
        if (tile.length < size) {
            tile = new double[size];
        }
        Arrays.fill(tile, 0, size, 0);
        for (int m = 0; m < panels.size(); m++) {
            DotProducts.Panel panel = panels.get(m);
            if (panel == null) {
                continue;
            }
            StoredModule module = layout.modules().get(m);
            if (module.rank() == 0) {
                products.accumulate(batch.values(m), layout.precision(), batch.scales(m), batch.rows(), panel, tile);
            } else {
                products.accumulate(expand(batch, m, module), Precision.FLOAT32, null, batch.rows(), panel, tile);
            }
        }
        return tile;
    }

    private MemorySegment expand(StoredBatch batch, int m, StoredModule module) {
        long size = (long) batch.rows() * module.dimensions() * Float.BYTES;
        if (expanded.byteSize() < size) {
            expanded = arena.allocate(size, 64);
        }
        MemorySegment target = expanded;
        parallel.forRanges(
                batch.rows(),
                (from, to) -> FactorExpansion.expand(
                        module, layout.precision(), batch.values(m), batch.scales(m), (int) from, (int) to, target));
        return target.asSlice(0, size);
    }

    @Override
    public void close() {
        for (DotProducts.Panel panel : panels) {
            if (panel != null) {
                panel.close();
            }
        }
        arena.close();
    }
}
