package dev.wellspring.influence;

import dev.wellspring.curvature.BatchCapacity;
import dev.wellspring.curvature.HostArrays;
import dev.wellspring.curvature.Preconditioner;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.model.GradientTap;
import dev.wellspring.model.LinearModule;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What each row of a query adds to its score with a document: Σ_modules g_qtᵀ P_d a_qt, with P_d the document's
/// gradient, preconditioned. Preconditioning is linear and self-adjoint, ⟨P_q, G_d⟩ = ⟨G_q, P_d⟩, and G_q = Σ_t g_qt
/// a_qtᵀ, so the rows of a query add up to the score: to that of the full query gradient, whatever rank the run's
/// scores were compressed to.
///
/// Everything stays in the eigenbasis: with rows rotated once, g_qtᵀ P_d a_qt = (Q_Sᵀ g_qt)ᵀ ((Q_Sᵀ G_d Q_A) /
/// (Λ+λ)) (Q_Aᵀ a_qt).
///
/// Cost per document of T rows and module: 2·T·(in² + out² + in·out) operations, and 2·in·out for each row of
/// a query.
public final class QueryTokenKernel implements GradientTap, AutoCloseable {
    private final LinearAlgebra algebra;
    private final QueryRows queries;
    private final Map<LinearModule, Preconditioner> preconditioners;
    private final BatchCapacity capacity;
    private final Workspace memory;
    private final Tensor rotatedActivations;
    private final Tensor rotatedGradients;
    private final Tensor gradient;
    private final Tensor product;
    /// (documents, rows of all queries, 1)
    private final Tensor scores;

    private final Set<LinearModule> finished = new HashSet<>();
    private int[][] wanted = new int[0][];

    /// @param queries with every row in it, which are rotated here; they stay the caller's
    /// @param preconditioners of every module; they stay the caller's
    /// @param type the element type to compute in: FLOAT64 or FLOAT32
    public QueryTokenKernel(
            LinearAlgebra algebra,
            QueryRows queries,
            Map<LinearModule, Preconditioner> preconditioners,
            BatchCapacity capacity,
            DType type) {
        this.algebra = algebra;
        this.queries = queries;
        this.preconditioners = new LinkedHashMap<>(preconditioners);
        this.preconditioners.forEach(queries::rotate);
        this.capacity = capacity;
        this.memory = new Workspace(algebra);
        var sizes = Sizes.of(queries.modules());
        this.rotatedActivations = memory.allocate(type, capacity.rows() * sizes.in());
        this.rotatedGradients = memory.allocate(type, capacity.rows() * sizes.out());
        this.gradient = memory.allocate(type, sizes.parameters());
        this.product = memory.allocate(type, queries.longest() * sizes.in());
        this.scores = memory.allocate(DType.FLOAT64, capacity.documents(), queries.count(), 1);
    }

    /// The backend memory that a kernel takes, in bytes, without the queries' rows and the preconditioners, and what
    /// its results take.
    ///
    /// @param rows of all queries
    /// @param longest the rows of the longest query
    public static long byteSize(
            List<LinearModule> modules, long rows, long longest, BatchCapacity capacity, DType type) {
        var sizes = Sizes.of(modules);
        long batch = capacity.rows() * (sizes.in() + sizes.out()) + sizes.parameters() + longest * sizes.in();
        long rotation = rows * Math.max(sizes.in(), sizes.out());
        return Math.addExact(batch, rotation) * type.byteSize()
                + 2 * rows * capacity.documents() * DType.FLOAT64.byteSize();
    }

    /// Begins a batch.
    ///
    /// @param queriesOfDocument (documents, some) the numbers of the queries that each document is wanted for
    public void begin(int[][] queriesOfDocument) {
        wanted = queriesOfDocument.clone();
        finished.clear();
        algebra.fill(scores, 0);
    }

    @Override
    public void accept(LinearModule module, Tensor activations, Tensor outputGradients, Segments segments) {
        capacity.require(segments.rows(), segments.count());
        if (segments.count() != wanted.length || !finished.add(module)) {
            throw new IllegalArgumentException("batch: expected " + wanted.length
                    + " documents, and each module once, got " + segments.count() + " and " + module.name());
        }
        Preconditioner preconditioner = preconditioners.get(module);
        if (preconditioner == null) {
            throw new IllegalArgumentException("module: expected one with a preconditioner, got " + module.name());
        }
        Tensor a = shaped(rotatedActivations, segments.rows(), module.activationSize());
        Tensor g = shaped(rotatedGradients, segments.rows(), module.outputs());
        preconditioner.rotateActivations(activations, a);
        preconditioner.rotateOutputGradients(outputGradients, g);
        Tensor p = shaped(gradient, module.outputs(), module.activationSize());
        for (int d = 0; d < segments.count(); d++) {
            int from = segments.start(d);
            int to = segments.end(d);
            algebra.gemm(1, g.rows(from, to).transposed(), a.rows(from, to), 0, p);
            preconditioner.divideRotated(p);
            for (int query : wanted[d]) {
                add(module, p, query, scores.select(0, d));
            }
        }
    }

    /// Adds g_qtᵀ P_d a_qt of every row of one query.
    private void add(LinearModule module, Tensor p, int query, Tensor ofDocument) {
        int from = queries.start(query);
        int to = queries.end(query);
        long in = module.activationSize();
        Tensor gp = shaped(product, to - from, in);
        algebra.gemm(1, queries.outputGradients(module).rows(from, to), p, 0, gp);
        Tensor a = queries.activations(module).rows(from, to);
        algebra.rowDot(gp.split(1, 1, in), a.split(1, 1, in), 1, ofDocument.rows(from, to));
    }

    /// Ends the batch.
    ///
    /// @return (documents, wanted queries, rows of the query) nats per unit weight of the document
    /// @throws IllegalStateException when a module was not handed out
    public double[][][] finish() {
        if (finished.size() < queries.modules().size()) {
            throw new IllegalStateException(
                    "batch: expected " + queries.modules().size() + " modules before its end, got " + finished.size());
        }
        double[][][] result = new double[wanted.length][][];
        for (int d = 0; d < wanted.length; d++) {
            double[] all = HostArrays.download(algebra, scores.select(0, d));
            result[d] = new double[wanted[d].length][];
            for (int i = 0; i < wanted[d].length; i++) {
                int query = wanted[d][i];
                result[d][i] = Arrays.copyOfRange(all, queries.start(query), queries.end(query));
            }
        }
        return result;
    }

    private static Tensor shaped(Tensor flat, long rows, long columns) {
        return flat.rows(rows * columns).reshape(rows, columns);
    }

    @Override
    public void close() {
        memory.close();
    }

    /// The largest of any module.
    private record Sizes(long in, long out, long parameters) {
        static Sizes of(List<LinearModule> modules) {
            return new Sizes(
                    modules.stream()
                            .mapToLong(LinearModule::activationSize)
                            .max()
                            .orElse(0),
                    modules.stream().mapToLong(LinearModule::outputs).max().orElse(0),
                    modules.stream().mapToLong(LinearModule::parameters).max().orElse(0));
        }
    }
}
