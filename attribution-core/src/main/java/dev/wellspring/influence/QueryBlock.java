package dev.wellspring.influence;

import dev.wellspring.curvature.HostArrays;
import dev.wellspring.curvature.Preconditioner;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.SubspaceSearch;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.checkpoint.CheckpointException;
import dev.wellspring.model.checkpoint.SafetensorsFile;
import dev.wellspring.model.checkpoint.SafetensorsWriter;
import dev.wellspring.model.checkpoint.TensorStorage;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The preconditioned gradients of all queries, full or as P_q ≈ U Vᵀ of a given rank, ready to be multiplied with
/// documents. The error of the compression is measured on what is stored.
///
/// A module is compressed where that takes less memory, r·(out + in) < out·in; elsewhere it stays full and exact.
public final class QueryBlock implements AutoCloseable {
    /// The rank that stands for no compression.
    public static final int FULL = 0;

    /// Matrices with so few rows or columns are decomposed in full.
    private static final int SMALL = 256;

    private static final String U = "/u";
    private static final String V = "/v";
    private static final String P = "/p";
    private static final String ERROR = "/error_squared";
    private static final String NORM = "/norm_squared";

    private final LinearAlgebra algebra;
    private final int queries;
    private final int rank;
    private final DType type;
    private final QueryForms forms;
    private final Map<LinearModule, CompressionError> errors = new LinkedHashMap<>();

    /// An empty block in the backend's memory, to be filled with [#put].
    ///
    /// @param rank r, or [#FULL]
    /// @param type the element type to keep the gradients in
    public QueryBlock(LinearAlgebra algebra, int queries, int rank, DType type) {
        this(algebra, queries, rank, type, Placement.RESIDENT);
    }

    /// The same, kept elsewhere; what is computed with it has the same bytes.
    public QueryBlock(LinearAlgebra algebra, int queries, int rank, DType type, Placement placement) {
        if (queries < 1 || rank < 0) {
            throw new IllegalArgumentException(
                    "block: expected at least 1 query and a rank >= 0, got " + queries + " and " + rank);
        }
        this.algebra = algebra;
        this.queries = queries;
        this.rank = rank;
        this.type = type;
        this.forms = new QueryForms(algebra, queries, rank, type, placement);
    }

    /// What a block of these modules takes where it is kept, in bytes.
    public static long byteSize(List<LinearModule> modules, int queries, int rank, DType type) {
        return modules.stream()
                        .mapToLong(module -> compresses(module, rank)
                                ? (long) rank * (module.outputs() + module.activationSize())
                                : module.parameters())
                        .sum()
                * queries
                * type.byteSize();
    }

    /// What such a block takes of the backend's memory, in bytes: all, or where it is offloaded, room for two
    /// modules.
    public static long backendBytes(
            List<LinearModule> modules, int queries, int rank, DType type, Placement placement) {
        return switch (placement) {
            case RESIDENT -> byteSize(modules, queries, rank, type);
            case OFFLOADED -> QueryForms.rotationBytes(modules, queries, rank, type);
        };
    }

    /// Whether a module's gradients are kept as factors of that rank.
    public static boolean compresses(LinearModule module, int rank) {
        return rank != FULL && (long) rank * (module.outputs() + module.activationSize()) < module.parameters();
    }

    /// The working memory that [#put] needs for a module at its peak, in bytes: the rest that the error is
    /// measured on, and FLOAT64 singular value decompositions, for ranks that leave little to save with all
    /// singular vectors of an (m, n) matrix, m ≥ n, and LAPACK's copies of everything.
    public static long workBytes(LinearModule module, int rank, DType type) {
        long rest = module.parameters() * type.byteSize();
        if (!compresses(module, rank)) {
            return rest;
        }
        long n = Math.min(module.outputs(), module.activationSize());
        long leading = module.parameters() + 4 * n * n;
        long inFull = 4 * module.parameters() + 7 * n * n;
        return rest + (n <= SMALL || n < 8L * rank ? inFull : leading) * DType.FLOAT64.byteSize();
    }

    /// The working memory that [#put] needs for a module's rows at its peak, in bytes, beside its scratch: a copy of
    /// the rows, one query's M_q with its factors, and what its decomposition takes.
    ///
    /// @param rows of all queries
    public static long workBytes(LinearModule module, int rank, long rows, DType type) {
        long sides = module.outputs() + (long) module.activationSize();
        return (rows * sides + module.parameters() + 2L * rank * sides) * type.byteSize()
                + workBytes(module, rank, type);
    }

    /// Adds a module, compressing its gradients and measuring the error.
    ///
    /// Cost: one singular value decomposition of an (out, in) matrix per query.
    ///
    /// @param preconditioned P_q, (Q, out, in); kept as it is
    public void put(LinearModule module, Tensor preconditioned) {
        preconditioned.require(
                module.name() + " preconditioned gradients", queries, module.outputs(), module.activationSize());
        QueryForm kept = forms.add(module);
        try (Workspace work = new Workspace(algebra)) {
            QueryForm form = forms.filling(kept, module, work);
            Tensor error = work.allocate(DType.FLOAT64, queries, 1);
            Tensor norm = work.allocate(DType.FLOAT64, queries, 1);
            Tensor rest = work.allocate(preconditioned.type(), module.outputs(), module.activationSize());
            for (int q = 0; q < queries; q++) {
                Tensor p = preconditioned.select(0, q);
                algebra.copy(p, rest);
                switch (form) {
                    case QueryForm.Full(Tensor full) -> {
                        algebra.copy(p, full.select(0, q));
                        algebra.add(-1, full.select(0, q), rest);
                    }
                    case QueryForm.Factored(Tensor u, Tensor v) -> {
                        compress(p, u.select(0, q), v.select(0, q));
                        algebra.gemm(-1, u.select(0, q).transposed(), v.select(0, q), 1, rest);
                    }
                }
                algebra.dot(p, p, 0, norm.select(0, q));
                algebra.dot(rest, rest, 0, error.select(0, q));
            }
            forms.keep(form, kept);
            errors.put(
                    module,
                    new CompressionError(HostArrays.download(algebra, error), HostArrays.download(algebra, norm)));
        }
    }

    /// Adds a module out of the rows that its gradients are made of: the same as adding P_q, at a fraction of the
    /// cost. G_q = Σ_t g_t a_tᵀ has few rows, so these are rotated into the eigenbasis instead of G_q; and since
    /// rotations keep singular values, the division's result M_q is compressed there, M_q ≈ Σ_k u_k v_kᵀ, and
    /// only the u_k and v_k are rotated back.
    ///
    /// Cost: 2·(R + Q·r)·(in² + out²) operations, and for every query one product of its rows and one singular
    /// value decomposition of an (out, in) matrix.
    ///
    /// @param rows of at least this module, R altogether; left rotated
    /// @param preconditioner of this module
    /// @param scratch what the M_q of several queries may take together, in bytes; one at least is in memory
    public void put(LinearModule module, QueryRows rows, Preconditioner preconditioner, long scratch) {
        if (rows.queries() != queries) {
            throw new IllegalArgumentException("rows: expected " + queries + " queries, got " + rows.queries());
        }
        QueryForm kept = forms.add(module);
        rows.rotate(module, preconditioner);
        Tensor a = rows.activations(module);
        Tensor g = rows.outputGradients(module);
        DType workType = a.type();
        try (Workspace work = new Workspace(algebra)) {
            QueryForm form = forms.filling(kept, module, work);
            Tensor error = work.allocate(DType.FLOAT64, queries, 1);
            Tensor norm = work.allocate(DType.FLOAT64, queries, 1);
            int together = together(module, workType, scratch);
            Tensor divided = work.allocate(workType, together, module.outputs(), module.activationSize());
            for (int from = 0; from < queries; from += together) {
                int to = Math.min(queries, from + together);
                for (int q = from; q < to; q++) {
                    Tensor m = divided.select(0, q - from);
                    Tensor left = g.rows(rows.start(q), rows.end(q));
                    algebra.gemm(1, left.transposed(), a.rows(rows.start(q), rows.end(q)), 0, m);
                    preconditioner.divideRotated(m);
                    algebra.dot(m, m, 0, norm.select(0, q));
                }
                Tensor chunk = divided.rows(to - from);
                switch (form) {
                    case QueryForm.Full(Tensor full) -> returnFull(preconditioner, chunk, full.rows(from, to));
                    case QueryForm.Factored(Tensor u, Tensor v) ->
                        compress(preconditioner, chunk, u.rows(from, to), v.rows(from, to), error.rows(from, to));
                }
            }
            forms.keep(form, kept);
            errors.put(
                    module,
                    new CompressionError(HostArrays.download(algebra, error), HostArrays.download(algebra, norm)));
        }
    }

    /// Queries whose M_q, with their factors before and after the rotation and what finds these, are in memory
    /// together.
    private int together(LinearModule module, DType workType, long scratch) {
        long sides = module.outputs() + (long) module.activationSize();
        long one = module.parameters() + (2L * rank + 3L * (rank + SubspaceSearch.SPARE)) * sides;
        return Math.clamp(scratch / (one * workType.byteSize()), 1, queries);
    }

    private static void returnFull(Preconditioner preconditioner, Tensor divided, Tensor full) {
        for (long q = 0; q < divided.size(0); q++) {
            preconditioner.returnBoth(divided.select(0, q), full.select(0, q));
        }
    }

    private void compress(Preconditioner preconditioner, Tensor divided, Tensor u, Tensor v, Tensor error) {
        long count = divided.size(0);
        long out = divided.size(1);
        long in = divided.size(2);
        DType workType = divided.type();
        try (Workspace work = new Workspace(algebra)) {
            Tensor left = work.allocate(workType, count, out, rank);
            Tensor right = work.allocate(workType, count, in, rank);
            algebra.batchedTruncatedSvd(divided, left, right);
            algebra.batchedGemm(-1, left, right.transposed(), 1, divided);
            for (long q = 0; q < count; q++) {
                algebra.dot(divided.select(0, q), divided.select(0, q), 0, error.select(0, q));
            }
            Tensor leftRows = work.allocate(workType, count, rank, out);
            Tensor rightRows = work.allocate(workType, count, rank, in);
            algebra.copy(left.transposed(), leftRows);
            algebra.copy(right.transposed(), rightRows);
            long rows = count * rank;
            preconditioner.returnOutputGradients(leftRows.reshape(rows, out), u.reshape(rows, out));
            preconditioner.returnActivations(rightRows.reshape(rows, in), v.reshape(rows, in));
        }
    }

    private void compress(Tensor p, Tensor u, Tensor v) {
        try (Workspace work = new Workspace(algebra)) {
            Tensor left = work.allocate(p.type(), p.size(0), rank);
            Tensor right = work.allocate(p.type(), p.size(1), rank);
            algebra.truncatedSvd(p, left, right);
            algebra.copy(left.transposed(), u);
            algebra.copy(right.transposed(), v);
        }
    }

    /// Q.
    public int queries() {
        return queries;
    }

    /// r, or [#FULL].
    public int rank() {
        return rank;
    }

    /// The element type the gradients are kept in.
    public DType type() {
        return type;
    }

    /// The modules, in the order they were added.
    public List<LinearModule> modules() {
        return List.copyOf(forms.kept().keySet());
    }

    /// The error of the compression in one module.
    public CompressionError error(LinearModule module) {
        CompressionError found = errors.get(module);
        if (found == null) {
            throw new IllegalArgumentException("module: expected one of the block's, got " + module.name());
        }
        return found;
    }

    /// The error over all modules together.
    public CompressionError error() {
        return errors.values().stream()
                .reduce(CompressionError::plus)
                .orElseGet(() -> new CompressionError(new double[queries], new double[queries]));
    }

    /// Where it is kept.
    public Placement placement() {
        return forms.placement();
    }

    /// A module's gradients in the backend's memory, for what is asked of the backend before the next call.
    QueryForm form(LinearModule module) {
        return forms.get(module);
    }

    /// Writes the block, so that [#load] gives it back bit for bit.
    public void save(Path file) throws IOException {
        List<SafetensorsWriter.Slot> slots = new ArrayList<>();
        for (Map.Entry<String, Tensor> tensor : tensors().entrySet()) {
            slots.add(
                    TensorStorage.slot(tensor.getKey(), type, tensor.getValue().shape()));
        }
        for (LinearModule module : forms.kept().keySet()) {
            slots.add(TensorStorage.slot(module.name() + ERROR, DType.FLOAT64, queries));
            slots.add(TensorStorage.slot(module.name() + NORM, DType.FLOAT64, queries));
        }
        Map<String, String> metadata =
                Map.of("queries", Integer.toString(queries), "rank", Integer.toString(rank), "type", type.name());
        try (SafetensorsWriter writer = SafetensorsWriter.create(file, metadata, slots);
                Workspace work = new Workspace(algebra)) {
            for (Map.Entry<String, Tensor> tensor : tensors().entrySet()) {
                TensorStorage.write(algebra, tensor.getValue(), writer, tensor.getKey(), type);
            }
            Tensor row = work.allocate(DType.FLOAT64, queries);
            for (Map.Entry<LinearModule, CompressionError> error : errors.entrySet()) {
                HostArrays.upload(algebra, error.getValue().errorSquared(), row);
                TensorStorage.write(algebra, row, writer, error.getKey().name() + ERROR, DType.FLOAT64);
                HostArrays.upload(algebra, error.getValue().normSquared(), row);
                TensorStorage.write(algebra, row, writer, error.getKey().name() + NORM, DType.FLOAT64);
            }
            writer.finish();
        }
    }

    /// Reads a saved block into the backend's memory.
    ///
    /// @param modules those it was made for, in any order
    /// @throws CheckpointException when the file is not such a block
    public static QueryBlock load(LinearAlgebra algebra, Path file, List<LinearModule> modules) throws IOException {
        return load(algebra, file, modules, Placement.RESIDENT);
    }

    /// The same, to be kept elsewhere.
    public static QueryBlock load(LinearAlgebra algebra, Path file, List<LinearModule> modules, Placement placement)
            throws IOException {
        try (SafetensorsFile stored = SafetensorsFile.open(file);
                Workspace work = new Workspace(algebra)) {
            QueryBlock block = empty(algebra, stored, placement);
            Tensor row = work.allocate(DType.FLOAT64, block.queries);
            try {
                for (LinearModule module : modules) {
                    block.forms.add(module);
                    TensorStorage.read(algebra, stored, module.name() + ERROR, row);
                    double[] error = HostArrays.download(algebra, row);
                    TensorStorage.read(algebra, stored, module.name() + NORM, row);
                    block.errors.put(module, new CompressionError(error, HostArrays.download(algebra, row)));
                }
                block.tensors().forEach((name, tensor) -> TensorStorage.read(algebra, stored, name, tensor));
                return block;
            } catch (RuntimeException e) {
                block.close();
                throw e;
            }
        }
    }

    private static QueryBlock empty(LinearAlgebra algebra, SafetensorsFile stored, Placement placement) {
        Map<String, String> metadata = stored.metadata();
        try {
            return new QueryBlock(
                    algebra,
                    Integer.parseInt(metadata.getOrDefault("queries", "")),
                    Integer.parseInt(metadata.getOrDefault("rank", "")),
                    DType.valueOf(metadata.getOrDefault("type", "")),
                    placement);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(
                    stored.path() + ": metadata: expected queries, rank and type of a query block, found " + metadata,
                    e);
        }
    }

    private Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        forms.kept().forEach((module, form) -> {
            switch (form) {
                case QueryForm.Full(Tensor p) -> tensors.put(module.name() + P, p);
                case QueryForm.Factored(Tensor u, Tensor v) -> {
                    tensors.put(module.name() + U, u);
                    tensors.put(module.name() + V, v);
                }
            }
        });
        return tensors;
    }

    @Override
    public void close() {
        forms.close();
    }
}
