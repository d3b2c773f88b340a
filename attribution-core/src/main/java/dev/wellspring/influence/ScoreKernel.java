package dev.wellspring.influence;

import dev.wellspring.curvature.BatchCapacity;
import dev.wellspring.curvature.HostArrays;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.model.GradientTap;
import dev.wellspring.model.LinearModule;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The scores of a packed batch of documents for all queries of a block: Σ over modules of ⟨P_q, G_d⟩, while the
/// backward pass hands out the modules. [#finish] ends a batch, and the next may begin.
///
/// Each module takes the contraction that needs less time for its operations and bytes ([#plans]). All memory is
/// allocated once, for the largest batch. A document's scores do not depend on the
/// batch it is in, but for last digits on a device.
public final class ScoreKernel implements GradientTap, AutoCloseable {
    private final LinearAlgebra algebra;
    private final QueryBlock block;
    private final BatchCapacity capacity;
    private final ScoreOptions options;
    private final Map<LinearModule, ContractionPlan> plans;
    private final Workspace memory;
    private final Scratch scratch;
    private final RowContraction byRows;
    private final FormedContraction byDocuments;
    private final GradientNorms gradientNorms;

    private final Tensor scores;
    private final Tensor norms;
    private final Tensor moduleScores;
    private final Tensor moduleRows;
    private final Tensor rowScores;

    private final Map<LinearModule, double[]> finished = new LinkedHashMap<>();
    private @Nullable Segments batch;

    /// @param block stays the caller's, and open as long as this scores
    /// @param scratchBytes how much memory intermediate products may take; more is taken where a single row or
    ///     document needs it, and [#byteSize] says how much in all
    public ScoreKernel(
            LinearAlgebra algebra, QueryBlock block, BatchCapacity capacity, ScoreOptions options, long scratchBytes) {
        this.algebra = algebra;
        this.block = block;
        this.capacity = capacity;
        this.options = options;
        var sizes = new Sizes(block.queries(), block.rank(), block.type(), capacity, options, scratchBytes);
        this.plans = block.modules().stream()
                .collect(Collectors.toMap(m -> m, sizes::plan, (one, other) -> one, LinkedHashMap::new));
        this.memory = new Workspace(algebra);
        this.scratch = new Scratch(algebra, block.type().sumType(), sizes.scratchElements(block.modules()));
        this.byRows = new RowContraction(algebra, scratch, block.queries(), sizes.budget());
        this.byDocuments =
                new FormedContraction(algebra, scratch, block.queries(), capacity.documents(), sizes.budget());
        this.gradientNorms = new GradientNorms(algebra, scratch);

        this.scores = memory.allocate(DType.FLOAT64, capacity.documents(), block.queries());
        this.norms = memory.allocate(DType.FLOAT64, capacity.documents(), 1);
        this.moduleScores = memory.allocate(DType.FLOAT64, capacity.documents(), block.queries());
        this.moduleRows = memory.allocate(DType.FLOAT64, capacity.rows(), block.queries());
        this.rowScores = memory.allocate(DType.FLOAT64, options.rowScores() ? capacity.rows() : 0, block.queries());
    }

    /// The memory that a kernel takes, in bytes, without the block: on the backend, and for the results of a batch.
    ///
    /// @param rank the block's rank
    /// @param type the block's element type
    public static long byteSize(
            List<LinearModule> modules,
            int queries,
            int rank,
            DType type,
            BatchCapacity capacity,
            ScoreOptions options,
            long scratchBytes) {
        var sizes = new Sizes(queries, rank, type, capacity, options, scratchBytes);
        long rows = (options.rowScores() ? 2L : 1L) * capacity.rows();
        long results = (rows + 2L * capacity.documents()) * queries + capacity.documents();
        long shares = options.moduleScores() ? modules.size() : 0;
        long downloaded = ((rows - capacity.rows()) + (1 + shares) * capacity.documents()) * queries;
        return sizes.scratchElements(modules) * type.sumType().byteSize()
                + (results + downloaded) * DType.FLOAT64.byteSize();
    }

    /// The contraction that a kernel would take for each module, and the operations of both.
    ///
    /// @param rank the block's rank
    /// @param type the block's element type
    public static List<ContractionPlan> plans(
            List<LinearModule> modules,
            int queries,
            int rank,
            DType type,
            BatchCapacity capacity,
            ScoreOptions options,
            long scratchBytes) {
        var sizes = new Sizes(queries, rank, type, capacity, options, scratchBytes);
        return modules.stream().map(sizes::plan).toList();
    }

    /// What one way of contracting would cost each module for a full batch.
    ///
    /// @param contraction which way
    /// @param rank the block's rank
    /// @param type the block's element type
    /// @param rows the type of activations and output gradients
    public static List<ContractionCost> costs(
            List<LinearModule> modules,
            Contraction contraction,
            int queries,
            int rank,
            DType type,
            DType rows,
            BatchCapacity capacity,
            ScoreOptions options,
            long scratchBytes) {
        var sizes = new Sizes(queries, rank, type, capacity, options, scratchBytes);
        return modules.stream()
                .map(module -> ContractionCost.of(
                        sizes.plan(module), contraction, queries, capacity, options, rows, type, sizes.budget()))
                .toList();
    }

    /// The contraction of each module, with the operations that were counted for both.
    public List<ContractionPlan> plans() {
        return List.copyOf(plans.values());
    }

    @Override
    public void accept(LinearModule module, Tensor activations, Tensor outputGradients, Segments segments) {
        ContractionPlan plan = plans.get(module);
        if (plan == null || finished.containsKey(module)) {
            throw new IllegalArgumentException(
                    "module: expected each of the block's modules once in a batch, got " + module.name());
        }
        begin(segments);
        Tensor own = moduleScores.rows(segments.count());
        switch (plan.contraction()) {
            case ROWS -> scoreByRows(module, activations, outputGradients, segments, own);
            case FORMED ->
                byDocuments.score(
                        module,
                        block.form(module),
                        activations,
                        outputGradients,
                        segments,
                        own,
                        options.norms() ? Optional.of(norms) : Optional.empty());
        }
        algebra.add(1, own, scores.rows(segments.count()));
        finished.put(module, options.moduleScores() ? HostArrays.download(algebra, own) : new double[0]);
    }

    private void scoreByRows(
            LinearModule module, Tensor activations, Tensor outputGradients, Segments segments, Tensor own) {
        Tensor rows = moduleRows.rows(segments.rows());
        byRows.score(module, block.form(module), activations, outputGradients, rows);
        algebra.segmentSum(rows, segments, 0, own);
        if (options.rowScores()) {
            algebra.add(1, rows, rowScores.rows(segments.rows()));
        }
        if (options.norms()) {
            gradientNorms.add(module, activations, outputGradients, segments, norms);
        }
    }

    /// Ends the batch and brings its scores to the host.
    ///
    /// @throws IllegalStateException when a module of the block was not handed out
    public BatchScores finish() {
        Segments segments = batch;
        if (segments == null || finished.size() < plans.size()) {
            throw new IllegalStateException(
                    "batch: expected " + plans.size() + " modules before its end, got " + finished.size());
        }
        int documents = segments.count();
        var result = new BatchScores(
                block.queries(),
                IntStream.rangeClosed(0, documents)
                        .map(d -> d < documents ? segments.start(d) : segments.rows())
                        .toArray(),
                HostArrays.download(algebra, scores.rows(documents)),
                HostArrays.download(algebra, rowScores.rows(options.rowScores() ? segments.rows() : 0)),
                options.moduleScores() ? inBlockOrder() : Map.of(),
                HostArrays.download(algebra, norms.rows(options.norms() ? documents : 0)));
        batch = null;
        finished.clear();
        return result;
    }

    /// What the backward pass handed out last layer first.
    private Map<LinearModule, double[]> inBlockOrder() {
        Map<LinearModule, double[]> ordered = new LinkedHashMap<>();
        for (LinearModule module : plans.keySet()) {
            ordered.put(module, finished.getOrDefault(module, new double[0]));
        }
        return ordered;
    }

    private void begin(Segments segments) {
        if (batch != null) {
            return;
        }
        capacity.require(segments.rows(), segments.count());
        batch = segments;
        algebra.fill(scores, 0);
        algebra.fill(norms, 0);
        algebra.fill(rowScores, 0);
    }

    @Override
    public void close() {
        scratch.close();
        memory.close();
    }

    /// What plans and scratch memory follow from.
    private record Sizes(
            int queries, int rank, DType type, BatchCapacity capacity, ScoreOptions options, long scratchBytes) {
        /// In elements.
        long budget() {
            return scratchBytes / type.sumType().byteSize();
        }

        int rank(LinearModule module) {
            return QueryBlock.compresses(module, rank) ? rank : QueryBlock.FULL;
        }

        ContractionPlan plan(LinearModule module) {
            int documentsAtOnce = FormedContraction.documentsAtOnce(module, capacity.documents(), budget());
            ContractionPlan counted =
                    ContractionPlan.of(module, rank(module), queries, capacity, documentsAtOnce, options);
            boolean open = options.byteOperations() > 0 && !options.rowScores();
            return open ? counted.with(cheaper(counted)) : counted;
        }

        private Contraction cheaper(ContractionPlan counted) {
            return amount(counted, Contraction.ROWS) < amount(counted, Contraction.FORMED)
                    ? Contraction.ROWS
                    : Contraction.FORMED;
        }

        /// Operations, and what bytes count as.
        private double amount(ContractionPlan counted, Contraction contraction) {
            ContractionCost cost =
                    ContractionCost.of(counted, contraction, queries, capacity, options, type, type, budget());
            return (double) cost.operations()
                    + (double) cost.wideOperations()
                    + options.byteOperations() * (double) cost.bytes();
        }

        long scratchElements(List<LinearModule> modules) {
            return modules.stream()
                    .mapToLong(module -> scratchElements(plan(module)))
                    .max()
                    .orElse(0);
        }

        private long scratchElements(ContractionPlan plan) {
            LinearModule module = plan.module();
            return switch (plan.contraction()) {
                case ROWS ->
                    Math.max(
                            RowContraction.scratchElements(module, plan.rank(), queries, capacity.rows(), budget()),
                            options.norms() ? GradientNorms.scratchElements(module, capacity.rows()) : 0);
                case FORMED ->
                    FormedContraction.scratchElements(module, plan.rank(), queries, capacity.documents(), budget());
            };
        }
    }
}
