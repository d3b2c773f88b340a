package dev.wellspring.model;

import dev.wellspring.model.DecoderConfig.AttentionHalf;
import dev.wellspring.model.DecoderConfig.LearnedPositions;
import dev.wellspring.model.DecoderConfig.RotaryPositions;
import dev.wellspring.model.DecoderWeights.Kind;
import dev.wellspring.model.DecoderWeights.Weight;
import dev.wellspring.model.LinearModule.Part;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which tensors a configuration asks for, their names and shapes in the checkpoint, and where they are held.
final class WeightLayout {
    final List<Weight> weights = new ArrayList<>();
    /// Every tensor as it is allocated, in the same order for every layout of one configuration.
    final List<Tensor> held = new ArrayList<>();
    final Tensor embedding;
    final @Nullable Tensor positions;
    final List<BlockWeights> blocks = new ArrayList<>();
    final BlockWeights.Norm finalNorm;
    final Tensor head;

    private final DecoderConfig config;
    private final TensorNames names;
    private final DType type;
    private final Allocation allocation;

    WeightLayout(DecoderConfig config, DType type, Allocation allocation) {
        this.config = config;
        this.names = config.names();
        this.type = type;
        this.allocation = (elementType, shape) -> {
            Tensor tensor = allocation.allocate(elementType, shape);
            held.add(tensor);
            return tensor;
        };
        embedding = table(names.model() + names.embedding(), Kind.EMBEDDING, config.vocabulary());
        positions = switch (config.positions()) {
            case LearnedPositions learned -> table(names.model() + names.positions(), Kind.POSITION, learned.count());
            case RotaryPositions _ -> null;
        };
        for (int layer = 0; layer < config.layers(); layer++) {
            blocks.add(block(layer));
        }
        finalNorm = norm(names.model() + names.finalNorm(), config.hidden());
        head = config.tiedHead() ? embedding : table(names.head(), Kind.HEAD, config.vocabulary());
    }

    /// Whether a tensor is the weight or the bias of a norm.
    boolean isNorm(Tensor tensor) {
        return weights.stream().anyMatch(weight -> weight.kind() == Kind.NORM && weight.tensor() == tensor);
    }

    private Tensor table(String name, Kind kind, int rows) {
        Tensor table = allocation.allocate(type, rows, config.hidden());
        weights.add(new Weight(name + ".weight", kind, table));
        return table;
    }

    private BlockWeights block(int layer) {
        AttentionHalf attention = config.attention();
        TensorNames.Norms norms = names.norms();
        boolean oneInput = config.parallel()
                && norms.beforeMlp() == null
                && attention.inputBias() == config.mlp().bias();
        String attentionGroup = names.inBlock(layer, oneInput ? "input" : "attention.input");
        String mlpGroup = names.inBlock(layer, oneInput ? "input" : "mlp.input");
        var norm = hiddenNorm(layer, norms.beforeAttention());
        var queryKeyValue = inputs(
                layer,
                Part.ATTENTION,
                names.queryKeyValue().names(),
                new int[] {attention.queryWidth(), attention.keyWidth(), attention.keyWidth()},
                attention.inputBias(),
                attentionGroup);
        var query = headNorm(layer, norms.query(), attention.heads());
        var key = headNorm(layer, norms.key(), attention.keyValueHeads());
        Linear attentionOutput =
                output(layer, Part.ATTENTION, names.attentionOutput(), attention.queryWidth(), attention.outputBias());
        var afterAttention = hiddenNorm(layer, norms.afterAttention());
        var beforeMlp = norms.beforeMlp() == null && config.parallel() ? norm : hiddenNorm(layer, norms.beforeMlp());
        int inner = config.mlp().inner();
        var mlpInput = inputs(
                layer,
                Part.MLP,
                names.mlpInput().names(),
                config.mlp().gated() ? new int[] {inner, inner} : new int[] {inner},
                config.mlp().bias(),
                mlpGroup);
        Linear mlpOutput =
                output(layer, Part.MLP, names.mlpOutput(), inner, config.mlp().bias());
        var afterMlp = hiddenNorm(layer, norms.afterMlp());
        return new BlockWeights(
                queryKeyValue,
                attentionOutput,
                mlpInput,
                mlpOutput,
                norm,
                afterAttention,
                beforeMlp,
                afterMlp,
                query,
                key);
    }

    /// The maps that read one input: one for each part, or one fused map for all.
    private List<Linear> inputs(
            int layer, Part part, List<String> moduleNames, int[] widths, boolean bias, String group) {
        if (moduleNames.size() == 1) {
            int width = Arrays.stream(widths).sum();
            return List.of(linear(layer, part, moduleNames.getFirst(), config.hidden(), width, bias, group));
        }
        List<Linear> linears = new ArrayList<>();
        for (int i = 0; i < widths.length; i++) {
            linears.add(linear(layer, part, moduleNames.get(i), config.hidden(), widths[i], bias, group));
        }
        return linears;
    }

    private Linear output(int layer, Part part, String name, int inputs, boolean bias) {
        return linear(layer, part, name, inputs, config.hidden(), bias, names.inBlock(layer, name));
    }

    private Linear linear(int layer, Part part, String name, int inputs, int outputs, boolean bias, String inputGroup) {
        String fullName = names.inBlock(layer, name);
        var module = new LinearModule(fullName, layer, part, inputs, outputs, bias, inputGroup);
        Linear linear = Linear.allocate(allocation, type, module);
        Tensor matrix = linear.matrix().columns(0, inputs);
        weights.add(new Weight(fullName + ".weight", Kind.LINEAR, names.transposed() ? matrix.transposed() : matrix));
        if (bias) {
            weights.add(
                    new Weight(fullName + ".bias", Kind.LINEAR, linear.matrix().select(1, inputs)));
        }
        return linear;
    }

    private BlockWeights.@Nullable Norm hiddenNorm(int layer, @Nullable String name) {
        return name == null ? null : norm(names.inBlock(layer, name), config.hidden());
    }

    private BlockWeights.@Nullable Norm headNorm(int layer, @Nullable String name, int heads) {
        int size = config.attention().headSize();
        long[] shape = switch (config.attention().queryKeyNorm()) {
            case NONE -> new long[0];
            case SHARED_BY_HEADS -> new long[] {size};
            case OWN_PER_HEAD -> new long[] {heads, size};
            case WHOLE_ROW -> new long[] {(long) heads * size};
        };
        return name == null || shape.length == 0
                ? null
                : new BlockWeights.Norm(normVector(names.inBlock(layer, name) + ".weight", shape), null);
    }

    private BlockWeights.Norm norm(String name, int size) {
        Tensor weight = normVector(name + ".weight", size);
        return new BlockWeights.Norm(weight, config.norm().bias() ? normVector(name + ".bias", size) : null);
    }

    /// Norm weights are few and stay at least FLOAT32, so that 1 + weight is not rounded.
    private Tensor normVector(String name, long... shape) {
        Tensor vector = allocation.allocate(DecoderMemory.precise(type), shape);
        weights.add(new Weight(name, Kind.NORM, vector));
        return vector;
    }
}
