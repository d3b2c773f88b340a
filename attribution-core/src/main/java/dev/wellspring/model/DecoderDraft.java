package dev.wellspring.model;

import dev.wellspring.linalg.Activation;
import dev.wellspring.linalg.AttentionShape;
import dev.wellspring.linalg.NormKind;
import dev.wellspring.model.DecoderConfig.AttentionHalf;
import dev.wellspring.model.DecoderConfig.LearnedPositions;
import dev.wellspring.model.DecoderConfig.MlpHalf;
import dev.wellspring.model.DecoderConfig.Norm;
import dev.wellspring.model.DecoderConfig.Positions;
import dev.wellspring.model.DecoderConfig.QueryKeyNorm;
import dev.wellspring.model.DecoderConfig.RotaryPositions;
import dev.wellspring.model.checkpoint.ConfigFile;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A configuration being read: it begins as a plain Llama, and the family then changes the fields in which it
/// differs. Zero and null mean: as the common fields of the file say.
final class DecoderDraft {
    final ConfigFile config;
    final int hidden;
    private final TensorNames names;
    private final int layers;
    private final int heads;

    @Nullable
    Norm norm;

    @Nullable
    String activation;

    int headSize;
    int inner;
    boolean inputBias;
    boolean outputBias;
    boolean mlpBias;
    boolean parallel;
    boolean tiedHead;
    QueryKeyNorm queryKeyNorm = QueryKeyNorm.NONE;
    int learnedPositions;
    double rotatedShare = 1;
    boolean interleaved;
    IntToDoubleFunction scale = layer -> 1 / Math.sqrt(headSize);
    double softCap;
    double embeddingScale = 1;
    double logitScale = 1;
    double logitSoftCap;
    private int window;
    private IntPredicate slides = layer -> false;

    DecoderDraft(ConfigFile config, TensorNames names) {
        this.config = config;
        this.names = names;
        hidden = config.count("hidden_size");
        layers = config.count("num_hidden_layers");
        heads = config.count("num_attention_heads");
        tiedHead = config.flag("tie_word_embeddings", false);
    }

    /// (x − mean)/√(variance + ε) instead of x/√(mean square + ε).
    void layerNorm(boolean bias) {
        norm = new Norm(NormKind.LAYER_NORM, config.number("layer_norm_eps"), bias, false);
    }

    /// Biases for all maps of a half.
    void biases(boolean attention, boolean mlp) {
        inputBias = attention;
        outputBias = attention;
        mlpBias = mlp;
    }

    /// One window for all layers.
    void slideEverywhere(int defaultWindow) {
        slide(defaultWindow, layer -> true);
    }

    /// A soft cap; a file that says null means none, and one that says nothing the default.
    double cap(String field, double defaultCap) {
        return config.number(field, config.mentions(field) ? 0 : defaultCap);
    }

    /// Qwen's way: a switch, and the first layer that slides.
    void slideFromLayer() {
        if (config.flag("use_sliding_window", false)) {
            double first = config.number("max_window_layers", 28);
            slide(4096, layer -> layer >= first);
        }
    }

    /// A window for those layers, unless the file lists its layers' types; a file that says null means none, and one
    /// that says nothing the default.
    void slide(int defaultWindow, IntPredicate defaultLayers) {
        window = config.count("sliding_window", config.mentions("sliding_window") ? 0 : defaultWindow);
        slides = config.has("layer_types") ? listedLayers() : defaultLayers;
    }

    /// Everything that no family has changed is now read from the common fields.
    DecoderConfig finish(String family) {
        headSize = headSize == 0 ? config.count("head_dim", evenShare()) : headSize;
        inner = inner == 0 ? config.count("intermediate_size") : inner;
        Norm norm = this.norm != null
                ? this.norm
                : new Norm(NormKind.RMS_NORM, config.number("rms_norm_eps"), false, false);
        return new DecoderConfig(
                family,
                config.count("vocab_size"),
                hidden,
                layers,
                norm,
                new AttentionHalf(heads, keyValueHeads(), headSize, inputBias, outputBias, queryKeyNorm, shapes()),
                new MlpHalf(inner, activation(), names.mlpInput().gated(), mlpBias),
                parallel,
                positions(),
                embeddingScale,
                logitScale,
                logitSoftCap,
                tiedHead,
                names);
    }

    private int evenShare() {
        if (hidden % heads != 0 && !config.has("head_dim")) {
            throw config.wrong("num_attention_heads", "a divisor of hidden_size " + hidden, Integer.toString(heads));
        }
        return hidden / heads;
    }

    private int keyValueHeads() {
        int count = config.count("num_key_value_heads", heads);
        if (heads % count != 0) {
            throw config.wrong("num_key_value_heads", "a divisor of " + heads + " heads", Integer.toString(count));
        }
        return count;
    }

    private List<AttentionShape> shapes() {
        return IntStream.range(0, layers)
                .mapToObj(layer ->
                        new AttentionShape(scale.applyAsDouble(layer), slides.test(layer) ? window : 0, softCap))
                .toList();
    }

    private Positions positions() {
        return learnedPositions > 0
                ? new LearnedPositions(learnedPositions)
                : new RotaryPositions(RotaryFrequencies.read(config, headSize, rotatedShare), interleaved);
    }

    private Activation activation() {
        String name = activation != null ? activation : config.text("hidden_act");
        return switch (name) {
            case "silu", "swish" -> Activation.SILU;
            case "gelu" -> Activation.GELU;
            case "gelu_new", "gelu_fast", "gelu_pytorch_tanh" -> Activation.GELU_TANH;
            case "relu" -> Activation.RELU;
            default ->
                throw config.wrong(
                        "hidden_act",
                        "one of silu, swish, gelu, gelu_new, gelu_fast, gelu_pytorch_tanh, relu",
                        "\"" + name + "\", which is not supported");
        };
    }

    private IntPredicate listedLayers() {
        List<String> types = config.texts("layer_types");
        if (types.size() != layers
                || !List.of("full_attention", "sliding_attention").containsAll(types)) {
            throw config.wrong("layer_types", layers + " times full_attention or sliding_attention", types.toString());
        }
        return layer -> types.get(layer).equals("sliding_attention");
    }
}
