package dev.wellspring.influence;

import dev.wellspring.curvature.Preconditioner;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.model.LinearModule;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// What the gradients of all queries are made of, for some modules: the rows g_t and a_t of G_q = Σ_t g_t
/// a_tᵀ. A query has some dozens of rows, so that they are smaller than G_q, and cheaper to rotate. When all
/// modules together are too large, take a few at a time: a backward pass over the queries costs little.
public final class QueryRows implements QueryTap, AutoCloseable {
    private final LinearAlgebra algebra;
    private final Workspace memory;
    private final int[] offsets;
    private final Map<LinearModule, Rows> rows = new LinkedHashMap<>();
    private final Map<LinearModule, Integer> present = new LinkedHashMap<>();
    private int first;

    /// @param activations a, (all rows, in)
    /// @param gradients g, (all rows, out)
    private record Rows(Tensor activations, Tensor gradients) {}

    /// @param lengths the rows of each query
    /// @param type the element type of the rows: FLOAT64 or FLOAT32
    public QueryRows(LinearAlgebra algebra, List<LinearModule> modules, int[] lengths, DType type) {
        this.algebra = algebra;
        this.memory = new Workspace(algebra);
        this.offsets = new int[lengths.length + 1];
        for (int q = 0; q < lengths.length; q++) {
            offsets[q + 1] = Math.addExact(offsets[q], lengths[q]);
        }
        long count = offsets[lengths.length];
        for (LinearModule module : modules) {
            rows.put(
                    module,
                    new Rows(
                            memory.allocate(type, count, module.activationSize()),
                            memory.allocate(type, count, module.outputs())));
            present.put(module, 0);
        }
    }

    /// The backend memory that the rows of these modules take, in bytes.
    ///
    /// @param count the rows of all queries
    public static long byteSize(List<LinearModule> modules, long count, DType type) {
        return modules.stream()
                        .mapToLong(module -> module.activationSize() + (long) module.outputs())
                        .sum()
                * count
                * type.byteSize();
    }

    @Override
    public void startAt(int query) {
        first = query;
    }

    @Override
    public void accept(LinearModule module, Tensor activations, Tensor outputGradients, Segments segments) {
        int last = first + segments.count();
        if (last >= offsets.length || segments.rows() != offsets[last] - offsets[first]) {
            throw new IllegalArgumentException("batch: expected the rows of the queries from number " + first
                    + " on, got " + segments.rows() + " rows of " + segments.count() + " queries");
        }
        Rows all = rows(module);
        algebra.copy(activations, all.activations().rows(offsets[first], offsets[last]));
        algebra.copy(outputGradients, all.gradients().rows(offsets[first], offsets[last]));
        present.merge(module, segments.count(), Integer::sum);
    }

    /// Brings the rows of one module into the basis where its preconditioner divides, in place: a Q_A and g Q_S.
    ///
    /// @throws IllegalStateException when a query is still missing
    void rotate(LinearModule module, Preconditioner preconditioner) {
        Rows all = complete(module);
        try (Workspace work = new Workspace(algebra)) {
            Tensor a = work.allocate(all.activations().type(), all.activations().shape());
            algebra.copy(all.activations(), a);
            preconditioner.rotateActivations(a, all.activations());
        }
        try (Workspace work = new Workspace(algebra)) {
            Tensor g = work.allocate(all.gradients().type(), all.gradients().shape());
            algebra.copy(all.gradients(), g);
            preconditioner.rotateOutputGradients(g, all.gradients());
        }
    }

    int queries() {
        return offsets.length - 1;
    }

    /// Of all queries.
    int count() {
        return offsets[queries()];
    }

    int start(int query) {
        return offsets[query];
    }

    int end(int query) {
        return offsets[query + 1];
    }

    int longest() {
        return IntStream.range(0, queries()).map(q -> end(q) - start(q)).max().orElse(0);
    }

    List<LinearModule> modules() {
        return List.copyOf(rows.keySet());
    }

    /// (rows, in)
    Tensor activations(LinearModule module) {
        return rows(module).activations();
    }

    /// (rows, out)
    Tensor outputGradients(LinearModule module) {
        return rows(module).gradients();
    }

    private Rows complete(LinearModule module) {
        if (present.getOrDefault(module, 0) < queries()) {
            throw new IllegalStateException(module.name() + ": expected the rows of " + queries() + " queries, got "
                    + present.getOrDefault(module, 0));
        }
        return rows(module);
    }

    private Rows rows(LinearModule module) {
        Rows all = rows.get(module);
        if (all == null) {
            throw new IllegalArgumentException("module: expected one of the tracked ones, got " + module.name());
        }
        return all;
    }

    @Override
    public void close() {
        memory.close();
    }
}
