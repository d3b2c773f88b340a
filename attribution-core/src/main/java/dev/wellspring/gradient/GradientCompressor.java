package dev.wellspring.gradient;

import dev.wellspring.curvature.BatchCapacity;
import dev.wellspring.curvature.HostArrays;
import dev.wellspring.influence.GradientNorms;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.model.GradientTap;
import dev.wellspring.model.LinearModule;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Precision;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The gradients of a batch of documents in a store's coordinates and precision: C_d = B_Sᵀ G_d B_A of every module.
///
/// The rows of a batch are turned by two large products, a·B_A and g·B_S; one small product per document then gives
/// C_d = Σ_t (B_Sᵀ g_t)(B_Aᵀ a_t)ᵀ, without forming G_d.
///
/// Cost per batch and module: 2·R·(in·k_A + out·k_S + k_S·k_A) operations, and those of the norms.
public final class GradientCompressor implements GradientTap, AutoCloseable {
    /// Numbers of C that are on the host at a time.
    private static final int HOST_VALUES = 1 << 20;

    private final LinearAlgebra algebra;
    private final BatchCapacity capacity;
    private final Precision precision;
    private final Workspace memory;
    private final Arena arena = Arena.ofConfined();
    private final Map<LinearModule, Bases> bases = new LinkedHashMap<>();
    private final GradientNorms gradientNorms;
    private final Tensor norms;
    private final Tensor turnedActivations;
    private final Tensor turnedGradients;
    private final Tensor products;
    private final double[] squares;
    private final double[] errors;
    private int handedOut;

    /// What one module needs, and where its numbers go.
    private record Bases(
            StoredModule stored, Tensor gradient, Tensor activation, MemorySegment values, float[] scales) {}

    /// @param layout what is stored, in the order of `modules`
    /// @param type the element type of the rows
    public GradientCompressor(
            LinearAlgebra algebra,
            BasisFile file,
            List<LinearModule> modules,
            GradientLayout layout,
            BatchCapacity capacity,
            DType type)
            throws IOException {
        this.algebra = algebra;
        this.capacity = capacity;
        this.precision = layout.precision();
        this.memory = new Workspace(algebra);
        this.gradientNorms = new GradientNorms(algebra, modules, capacity, type);
        this.norms = memory.allocate(DType.FLOAT64, capacity.documents(), 1);
        this.squares = new double[capacity.documents()];
        this.errors = new double[capacity.documents()];
        long k = 0;
        long c = 0;
        try (BasisReader reader = file.open(algebra)) {
            for (int m = 0; m < modules.size(); m++) {
                StoredModule stored = layout.modules().get(m);
                bases.put(modules.get(m), load(reader, modules.get(m), stored, type));
                k = Math.max(k, Math.max(stored.activationDirections(), stored.gradientDirections()));
                c = Math.max(c, (long) documentsAtOnce(stored) * stored.dimensions());
            }
        }
        this.turnedActivations = memory.allocate(type.sumType(), capacity.rows() * k);
        this.turnedGradients = memory.allocate(type.sumType(), capacity.rows() * k);
        this.products = memory.allocate(type.sumType(), c);
    }

    private Bases load(BasisReader reader, LinearModule module, StoredModule stored, DType type) {
        try (Workspace work = new Workspace(algebra)) {
            ModuleCoordinates coordinates = reader.read(work, module, type.sumType());
            return new Bases(
                    stored,
                    coordinates.gradient().documents(algebra, memory, type.sumType()),
                    coordinates.activation().documents(algebra, memory, type.sumType()),
                    arena.allocate((long) capacity.documents() * stored.values() * precision.byteSize(), 64),
                    new float[capacity.documents()]);
        }
    }

    private int documentsAtOnce(StoredModule stored) {
        return Math.clamp(HOST_VALUES / stored.dimensions(), 1, capacity.documents());
    }

    /// The memory that it takes, in bytes, on the backend and on the host.
    public static long byteSize(List<LinearModule> modules, GradientLayout layout, BatchCapacity capacity, DType type) {
        long bytes = GradientNorms.byteSize(modules, capacity, type);
        long k = 0;
        long c = HOST_VALUES;
        for (int m = 0; m < modules.size(); m++) {
            StoredModule stored = layout.modules().get(m);
            bytes += ((long) modules.get(m).outputs() * stored.gradientDirections()
                            + (long) modules.get(m).activationSize() * stored.activationDirections())
                    * type.sumType().byteSize();
            k = Math.max(k, Math.max(stored.activationDirections(), stored.gradientDirections()));
            c = Math.max(c, stored.dimensions());
        }
        long host = capacity.documents() * layout.bytesPerDocument() + c * DType.FLOAT64.byteSize();
        return bytes + (2L * capacity.rows() * k + c) * type.sumType().byteSize() + host;
    }

    @Override
    public void accept(LinearModule module, Tensor activations, Tensor outputGradients, Segments segments) {
        capacity.require(segments.rows(), segments.count());
        Bases own = bases.get(module);
        if (own == null) {
            throw new IllegalArgumentException("module: expected one of those stored, got " + module.name());
        }
        Tensor a = turned(activations, own.activation, turnedActivations);
        Tensor g = turned(outputGradients, own.gradient, turnedGradients);
        int step = documentsAtOnce(own.stored);
        for (int from = 0; from < segments.count(); from += step) {
            int to = Math.min(segments.count(), from + step);
            Tensor c = products.rows((long) (to - from) * own.stored.dimensions())
                    .reshape(to - from, own.stored.gradientDirections(), own.stored.activationDirections());
            for (int d = from; d < to; d++) {
                int first = segments.start(d);
                int end = segments.end(d);
                algebra.gemm(1, g.rows(first, end).transposed(), a.rows(first, end), 0, c.select(0, d - from));
            }
            keep(own, c, from);
        }
        gradientNorms.add(module, activations, outputGradients, segments, norms);
        handedOut++;
    }

    private Tensor turned(Tensor rows, Tensor basis, Tensor target) {
        Tensor result = target.rows(rows.size(0) * basis.size(1)).reshape(rows.size(0), basis.size(1));
        algebra.gemm(1, rows, basis, 0, result);
        return result;
    }

    /// Brings C of some documents into their stored form.
    private void keep(Bases own, Tensor c, int firstDocument) {
        int documents = c.length(0);
        int dimensions = own.stored.dimensions();
        double[] exact = HostArrays.download(algebra, c);
        double[] kept = own.stored.rank() == 0 ? exact.clone() : factors(own.stored, c);
        int values = own.stored.values();
        for (int d = 0; d < documents; d++) {
            long at = (long) (firstDocument + d) * values * precision.byteSize();
            own.scales[firstDocument + d] = ValueEncoder.encode(kept, d * values, values, precision, own.values, at);
            double[] read = new double[dimensions];
            FactorExpansion.expand(own.stored, kept, d * values, read);
            for (int i = 0; i < dimensions; i++) {
                double value = exact[d * dimensions + i];
                double error = value - read[i];
                squares[firstDocument + d] += value * value;
                errors[firstDocument + d] += error * error;
            }
        }
    }

    /// Uᵀ and Vᵀ of every document's C ≈ U Vᵀ; singular values are shared between both, so that one scale serves both.
    private double[] factors(StoredModule stored, Tensor c) {
        int s = stored.gradientDirections();
        int a = stored.activationDirections();
        int rank = stored.rank();
        double[] factors = new double[c.length(0) * stored.values()];
        try (Workspace work = new Workspace(algebra)) {
            Tensor u = work.allocate(c.type(), s, rank);
            Tensor v = work.allocate(c.type(), a, rank);
            for (int d = 0; d < c.length(0); d++) {
                algebra.truncatedSvd(c.select(0, d), u, v);
                double[] left = HostArrays.download(algebra, u);
                double[] right = HostArrays.download(algebra, v);
                FactorExpansion.balance(left, right, rank, factors, d * stored.values());
            }
        }
        return factors;
    }

    /// The number of documents of the batch that [#document] knows.
    ///
    /// @throws IllegalStateException when a module was not handed out
    public void requireWhole() {
        if (handedOut != bases.size()) {
            throw new IllegalStateException(
                    "batch: expected " + bases.size() + " modules before its end, got " + handedOut);
        }
    }

    /// ‖G_d‖ of the batch's documents.
    public double[] norms(int documents) {
        requireWhole();
        return Arrays.stream(HostArrays.download(algebra, norms.rows(documents)))
                .map(square -> Math.sqrt(Math.max(0, square))) // float32 may cancel to just below zero
                .toArray();
    }

    /// ‖C − Ĉ‖ / ‖C‖ of one document.
    public double error(int document) {
        return squares[document] == 0 ? 0 : Math.sqrt(errors[document] / squares[document]);
    }

    /// The stored numbers of one document, module by module; valid until the next batch.
    public List<MemorySegment> values(int document) {
        List<MemorySegment> values = new ArrayList<>();
        for (Bases own : bases.values()) {
            long bytes = (long) own.stored.values() * precision.byteSize();
            values.add(own.values.asSlice(document * bytes, bytes));
        }
        return values;
    }

    /// The scales of one document, module by module; none where the precision has none.
    public float[] scales(int document) {
        float[] scales = new float[precision.hasScales() ? bases.size() : 0];
        int m = 0;
        for (Bases own : bases.values()) {
            if (m < scales.length) {
                scales[m++] = own.scales[document];
            }
        }
        return scales;
    }

    /// Forgets the batch.
    public void reset() {
        handedOut = 0;
        Arrays.fill(squares, 0);
        Arrays.fill(errors, 0);
        algebra.fill(norms, 0);
    }

    @Override
    public void close() {
        gradientNorms.close();
        memory.close();
        arena.close();
    }
}
