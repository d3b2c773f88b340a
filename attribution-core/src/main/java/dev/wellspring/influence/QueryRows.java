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

/// The rows a_qt and g_qt that the gradients of all queries are sums of, for some modules, in the basis in which the
/// curvature divides: a_qt Q_A and g_qt Q_S.
public final class QueryRows implements QueryTap, AutoCloseable {
    private final Map<LinearModule, Preconditioner> preconditioners;
    private final Workspace memory;
    private final Map<LinearModule, Tensor> activations = new LinkedHashMap<>();
    private final Map<LinearModule, Tensor> outputGradients = new LinkedHashMap<>();
    /// (queries + 1) the first row of each, and how many there are.
    private final int[] offsets;
    private int first;

    /// @param preconditioners of every module; they stay the caller's
    /// @param lengths (queries) the rows of each query
    /// @param type the element type to keep rows in: FLOAT64 or FLOAT32
    public QueryRows(
            LinearAlgebra algebra, Map<LinearModule, Preconditioner> preconditioners, int[] lengths, DType type) {
        this.preconditioners = new LinkedHashMap<>(preconditioners);
        this.memory = new Workspace(algebra);
        this.offsets = new int[lengths.length + 1];
        for (int q = 0; q < lengths.length; q++) {
            offsets[q + 1] = offsets[q] + lengths[q];
        }
        for (LinearModule module : preconditioners.keySet()) {
            activations.put(module, memory.allocate(type, rows(), module.activationSize()));
            outputGradients.put(module, memory.allocate(type, rows(), module.outputs()));
        }
    }

    /// The backend memory that the rows of these modules take, in bytes.
    ///
    /// @param rows of all queries
    public static long byteSize(List<LinearModule> modules, long rows, DType type) {
        return modules.stream()
                        .mapToLong(module -> module.activationSize() + module.outputs())
                        .sum()
                * rows
                * type.byteSize();
    }

    @Override
    public void startAt(int query) {
        first = query;
    }

    @Override
    public void accept(LinearModule module, Tensor activations, Tensor outputGradients, Segments segments) {
        int last = first + segments.count();
        if (last > queries() || offsets[last] - offsets[first] != segments.rows()) {
            throw new IllegalArgumentException("batch: expected queries from number " + first + " on, of " + queries()
                    + " with their lengths, got " + segments.count() + " of " + segments.rows() + " rows");
        }
        Preconditioner preconditioner = preconditioner(module);
        preconditioner.rotateActivations(activations, activations(module).rows(offsets[first], offsets[last]));
        preconditioner.rotateOutputGradients(
                outputGradients, outputGradients(module).rows(offsets[first], offsets[last]));
    }

    int queries() {
        return offsets.length - 1;
    }

    /// Of all queries.
    int rows() {
        return offsets[queries()];
    }

    int start(int query) {
        return offsets[query];
    }

    int end(int query) {
        return offsets[query + 1];
    }

    int longest() {
        int longest = 0;
        for (int q = 0; q < queries(); q++) {
            longest = Math.max(longest, end(q) - start(q));
        }
        return longest;
    }

    List<LinearModule> modules() {
        return List.copyOf(activations.keySet());
    }

    Preconditioner preconditioner(LinearModule module) {
        return of(preconditioners, module);
    }

    /// (rows, in)
    Tensor activations(LinearModule module) {
        return of(activations, module);
    }

    /// (rows, out)
    Tensor outputGradients(LinearModule module) {
        return of(outputGradients, module);
    }

    private static <T> T of(Map<LinearModule, T> byModule, LinearModule module) {
        T found = byModule.get(module);
        if (found == null) {
            throw new IllegalArgumentException("module: expected one with a preconditioner, got " + module.name());
        }
        return found;
    }

    @Override
    public void close() {
        memory.close();
    }
}
