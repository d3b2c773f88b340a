package dev.wellspring.model;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.model.checkpoint.CheckpointException;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// The weights of a decoder in a backend's memory. Several decoders may share them.
public final class DecoderWeights implements AutoCloseable {
    /// Tensors that checkpoints carry and nobody needs: fixed masks and tables.
    private static final Pattern HARMLESS = Pattern.compile(
            ".*\\.(rotary_emb\\.inv_freq|attn\\.bias|attn\\.masked_bias|attention\\.bias|attention\\.masked_bias"
                    + "|position_ids)");

    /// What a weight is for.
    public enum Kind {
        /// One row per token id.
        EMBEDDING,
        /// One row per position.
        POSITION,
        /// Weights and biases of norms.
        NORM,
        /// Weights and biases of the blocks' linear maps.
        LINEAR,
        /// The language-model head, when it is not the embedding table.
        HEAD
    }

    /// One tensor of the checkpoint.
    ///
    /// @param name its full name there
    /// @param tensor where it is held, in the shape it has there; norm weights of families that multiply by 1 +
    ///     weight are held with the 1 added
    public record Weight(String name, Kind kind, Tensor tensor) {}

    private final DecoderConfig config;
    private final Workspace workspace;
    private final WeightLayout layout;
    private final List<Part> parts;
    private final List<String> unused = new ArrayList<>();

    private DecoderWeights(LinearAlgebra algebra, DecoderConfig config, DType type) {
        this.config = config;
        workspace = new Workspace(algebra);
        layout = new WeightLayout(config, type, workspace::allocate);
        parts = parts(layout);
    }

    /// Zeroed weights, for training from scratch.
    public static DecoderWeights allocate(LinearAlgebra algebra, DecoderConfig config, DType type) {
        return new DecoderWeights(algebra, config, type);
    }

    /// Reads a checkpoint, one tensor after the other, converting each to `type`.
    ///
    /// @throws CheckpointException when a tensor is missing, has a wrong shape, or holds NaN or infinity
    public static DecoderWeights load(Checkpoint checkpoint, LinearAlgebra algebra, DType type) {
        var weights = new DecoderWeights(algebra, DecoderConfig.read(checkpoint.config()), type);
        try {
            weights.read(checkpoint, algebra);
            return weights;
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    /// The bytes that weights of this type take on a backend.
    public static long byteSize(DecoderConfig config, DType type) {
        var count = new Allocation.Count();
        new WeightLayout(config, type, count);
        return count.byteSize();
    }

    /// The number of parameters of a model, without making it.
    public static long parameters(DecoderConfig config) {
        return new WeightLayout(config, DType.FLOAT32, new Allocation.Count())
                .weights.stream()
                        .mapToLong(weight -> weight.tensor().elementCount())
                        .sum();
    }

    /// The bytes these weights take.
    public long byteSize() {
        return workspace.byteSize();
    }

    /// What they are the weights of.
    public DecoderConfig config() {
        return config;
    }

    /// All linear maps of all blocks, in forward order.
    public List<LinearModule> modules() {
        return layout.blocks.stream()
                .flatMap(BlockWeights::linears)
                .map(Linear::module)
                .toList();
    }

    /// W of one linear map with the bias as its last column, (outputs, activationSize), to be read or changed.
    public Tensor matrix(LinearModule module) {
        return layout.blocks
                .get(module.layer())
                .linears()
                .filter(linear -> linear.module().equals(module))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "module: expected a linear map of this model, got " + module.name()))
                .weights();
    }

    /// Every tensor by its name in the checkpoint, in forward order.
    public List<Weight> tensors() {
        return List.copyOf(layout.weights);
    }

    /// What an optimiser moves: every parameter once, in the same order for all weights of one configuration.
    ///
    /// @param values whose last axis has stride 1
    /// @param decays whether weight decay is for it: for tables and maps, not for biases and norms
    public record Part(Tensor values, boolean decays) {}

    /// Every parameter once.
    public List<Part> parts() {
        return parts;
    }

    /// The memory of all weights as it is held, padding included, in the same order for all weights of one
    /// configuration: what a state that must come back bit for bit consists of.
    public List<Tensor> held() {
        return List.copyOf(layout.held);
    }

    /// The number of parameters of each kind.
    public Map<Kind, Long> parameters() {
        Map<Kind, Long> counts = new EnumMap<>(Kind.class);
        layout.weights.forEach(
                weight -> counts.merge(weight.kind(), weight.tensor().elementCount(), Long::sum));
        return counts;
    }

    /// Tensors of the checkpoint that this model does not know, other than masks and tables known as harmless.
    public List<String> unusedTensors() {
        return List.copyOf(unused);
    }

    WeightLayout layout() {
        return layout;
    }

    @Override
    public void close() {
        workspace.close();
    }

    private static List<Part> parts(WeightLayout layout) {
        Set<Tensor> matrices = new LinkedHashSet<>();
        List<Part> parts = new ArrayList<>();
        layout.blocks.stream().flatMap(BlockWeights::linears).forEach(linear -> {
            LinearModule module = linear.module();
            matrices.add(linear.matrix());
            parts.add(new Part(linear.matrix().columns(0, module.inputs()), true));
            if (module.bias()) {
                parts.add(new Part(linear.matrix().columns(module.inputs(), module.activationSize()), false));
            }
        });
        for (Tensor tensor : layout.held) {
            if (!matrices.contains(tensor)) {
                parts.add(new Part(tensor, tensor.rank() == 2 && !layout.isNorm(tensor)));
            }
        }
        return List.copyOf(parts);
    }

    private void read(Checkpoint checkpoint, LinearAlgebra algebra) {
        Set<String> used = new HashSet<>();
        for (Weight weight : layout.weights) {
            String name = nameIn(checkpoint, weight.name());
            checkpoint.load(name, algebra, weight.tensor());
            used.add(name);
            if (weight.kind() == Kind.NORM && config.norm().onePlusWeight()) {
                addOne(algebra, weight.tensor());
            }
        }
        String head = config.names().head() + ".weight";
        checkpoint.names().stream()
                .filter(name ->
                        !used.contains(name) && !HARMLESS.matcher("." + name).matches())
                .filter(name -> !(config.tiedHead() && name.equals(head)))
                .forEach(unused::add);
    }

    /// Checkpoints of the bare model, without a head, leave out the name that its parts begin with.
    private String nameIn(Checkpoint checkpoint, String name) {
        String model = config.names().model();
        boolean bare =
                !checkpoint.has(name) && name.startsWith(model) && checkpoint.has(name.substring(model.length()));
        return bare ? name.substring(model.length()) : name;
    }

    private static void addOne(LinearAlgebra algebra, Tensor weight) {
        try (Tensor one = algebra.allocate(weight.type(), weight.shape())) {
            algebra.fill(one, 1);
            algebra.add(1, one, weight);
        }
    }
}
