package dev.wellspring.influence;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.model.LinearModule;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The gradients G_q of all queries for some modules, from packed batches of queries. When all modules together
/// are too large, take a few at a time: a backward pass over the queries costs little.
public final class QueryGradients implements QueryTap, AutoCloseable {
    private final LinearAlgebra algebra;
    private final Workspace memory;
    private final int queries;
    private final Map<LinearModule, Tensor> gradients = new LinkedHashMap<>();
    private final Map<LinearModule, BitSet> present = new LinkedHashMap<>();
    private int first;

    /// @param queries the number of queries of all batches
    /// @param type the element type of the gradients: FLOAT64 or FLOAT32
    public QueryGradients(LinearAlgebra algebra, List<LinearModule> modules, int queries, DType type) {
        this.algebra = algebra;
        this.memory = new Workspace(algebra);
        this.queries = queries;
        for (LinearModule module : modules) {
            gradients.put(module, memory.allocate(type, queries, module.outputs(), module.activationSize()));
            present.put(module, new BitSet(queries));
        }
    }

    /// The backend memory that the gradients of these modules take, in bytes.
    public static long byteSize(List<LinearModule> modules, int queries, DType type) {
        return modules.stream().mapToLong(LinearModule::parameters).sum() * queries * type.byteSize();
    }

    @Override
    public void startAt(int query) {
        first = query;
    }

    @Override
    public void accept(LinearModule module, Tensor activations, Tensor outputGradients, Segments segments) {
        if (first + segments.count() > queries) {
            throw new IllegalArgumentException(
                    "batch: expected at most " + (queries - first) + " queries, got " + segments.count());
        }
        Tensor all = of(module);
        for (int s = 0; s < segments.count(); s++) {
            Tensor g = outputGradients.rows(segments.start(s), segments.end(s));
            Tensor a = activations.rows(segments.start(s), segments.end(s));
            algebra.gemm(1, g.transposed(), a, 0, all.select(0, first + s));
        }
        present.getOrDefault(module, new BitSet()).set(first, first + segments.count());
    }

    /// G_q of one module for all queries, (queries, out, in).
    ///
    /// @throws IllegalStateException when a query is still missing
    public Tensor gradients(LinearModule module) {
        Tensor all = of(module);
        int missing = present.getOrDefault(module, new BitSet()).nextClearBit(0);
        if (missing < queries) {
            throw new IllegalStateException(module.name() + ": expected the gradients of " + queries
                    + " queries, got none for number " + missing);
        }
        return all;
    }

    @Override
    public void close() {
        memory.close();
    }

    private Tensor of(LinearModule module) {
        Tensor all = gradients.get(module);
        if (all == null) {
            throw new IllegalArgumentException("module: expected one of the tracked ones, got " + module.name());
        }
        return all;
    }
}
