package dev.wellspring.model;

import dev.wellspring.linalg.NormKind;
import dev.wellspring.model.DecoderConfig.QueryKeyNorm;
import dev.wellspring.model.TensorNames.MlpInput;
import dev.wellspring.model.TensorNames.Norms;
import dev.wellspring.model.TensorNames.QueryKeyValue;
import dev.wellspring.model.checkpoint.ConfigFile;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntToDoubleFunction;

/// The known families. Each is a row of the table: the word in `model_type`, the names of its tensors, other
/// words for the common fields, and what it changes of a plain Llama.
final class DecoderFamilies {
    private DecoderFamilies() {}

    /// @param type config.json's `model_type`
    /// @param names what its tensors are called
    /// @param fields the common fields that it calls something else
    /// @param change what it does otherwise than Llama
    private record Family(String type, TensorNames names, Map<String, String> fields, Consumer<DecoderDraft> change) {
        Family(String type, TensorNames names, Consumer<DecoderDraft> change) {
            this(type, names, Map.of(), change);
        }
    }

    private static final Norms LLAMA_NORMS = Norms.before("input_layernorm", "post_attention_layernorm");

    private static final TensorNames GPT2_NAMES = new TensorNames(
            "transformer.",
            "wte",
            "wpe",
            "h.{}.",
            new QueryKeyValue(List.of("attn.c_attn"), false),
            "attn.c_proj",
            new MlpInput(List.of("mlp.c_fc"), false),
            "mlp.c_proj",
            Norms.before("ln_1", "ln_2"),
            "ln_f",
            "lm_head",
            true);

    private static final TensorNames GPT_NEOX_NAMES = new TensorNames(
            "gpt_neox.",
            "embed_in",
            null,
            "layers.{}.",
            new QueryKeyValue(List.of("attention.query_key_value"), true),
            "attention.dense",
            new MlpInput(List.of("mlp.dense_h_to_4h"), false),
            "mlp.dense_4h_to_h",
            LLAMA_NORMS,
            "final_layer_norm",
            "embed_out",
            false);

    private static final Map<String, String> GPT2_FIELDS = Map.of(
            "hidden_size", "n_embd",
            "num_hidden_layers", "n_layer",
            "num_attention_heads", "n_head",
            "max_position_embeddings", "n_positions",
            "intermediate_size", "n_inner",
            "hidden_act", "activation_function",
            "layer_norm_eps", "layer_norm_epsilon");

    private static final List<Family> TABLE = List.of(
            new Family("gpt2", GPT2_NAMES, GPT2_FIELDS, DecoderFamilies::gpt2),
            new Family("gpt_neox", GPT_NEOX_NAMES, DecoderFamilies::gptNeox),
            new Family("llama", TensorNames.llama(LLAMA_NORMS), DecoderFamilies::llama),
            new Family("mistral", TensorNames.llama(LLAMA_NORMS), DecoderFamilies::mistral),
            new Family("qwen2", TensorNames.llama(LLAMA_NORMS), DecoderFamilies::qwen2),
            new Family(
                    "qwen3",
                    TensorNames.llama(LLAMA_NORMS.withQueryKey("self_attn.q_norm", "self_attn.k_norm")),
                    DecoderFamilies::qwen3),
            new Family(
                    "olmo2",
                    TensorNames.llama(new Norms(
                            null,
                            "post_attention_layernorm",
                            null,
                            "post_feedforward_layernorm",
                            "self_attn.q_norm",
                            "self_attn.k_norm")),
                    DecoderFamilies::olmo2),
            new Family(
                    "cohere",
                    TensorNames.llama(
                            Norms.before("input_layernorm", null).withQueryKey("self_attn.q_norm", "self_attn.k_norm")),
                    DecoderFamilies::cohere),
            new Family(
                    "gemma2",
                    TensorNames.llama(new Norms(
                            "input_layernorm",
                            "post_attention_layernorm",
                            "pre_feedforward_layernorm",
                            "post_feedforward_layernorm",
                            null,
                            null)),
                    DecoderFamilies::gemma2),
            new Family(
                    "phi3",
                    TensorNames.llama(LLAMA_NORMS)
                            .withInputs(
                                    new QueryKeyValue(List.of("self_attn.qkv_proj"), false),
                                    new MlpInput(List.of("mlp.gate_up_proj"), true)),
                    DecoderFamilies::phi3));

    static DecoderConfig read(ConfigFile file) {
        String type = file.text("model_type");
        Family family = TABLE.stream()
                .filter(known -> known.type().equals(type))
                .findFirst()
                .orElseThrow(() -> file.wrong(
                        "model_type",
                        "one of "
                                + String.join(
                                        ", ", TABLE.stream().map(Family::type).toList()),
                        "\"" + type + "\", which is not supported"));
        var draft = new DecoderDraft(file.withNames(family.fields()), family.names());
        family.change().accept(draft);
        return draft.finish(type);
    }

    private static void gpt2(DecoderDraft draft) {
        ConfigFile config = draft.config;
        config.refuse("add_cross_attention");
        draft.layerNorm(true);
        draft.inner = config.count("intermediate_size", 4 * draft.hidden);
        draft.biases(true, true);
        draft.tiedHead = config.flag("tie_word_embeddings", true);
        draft.learnedPositions = config.count("max_position_embeddings");
        if (!config.flag("scale_attn_weights", true)) {
            draft.scale = layer -> 1;
        }
        if (config.flag("scale_attn_by_inverse_layer_idx", false)) {
            IntToDoubleFunction scale = draft.scale;
            draft.scale = layer -> scale.applyAsDouble(layer) / (layer + 1);
        }
    }

    private static void gptNeox(DecoderDraft draft) {
        ConfigFile config = draft.config;
        draft.layerNorm(true);
        draft.biases(config.flag("attention_bias", true), true);
        draft.parallel = config.flag("use_parallel_residual", true);
        draft.rotatedShare = 0.25;
    }

    private static void llama(DecoderDraft draft) {
        draft.biases(draft.config.flag("attention_bias", false), draft.config.flag("mlp_bias", false));
    }

    private static void mistral(DecoderDraft draft) {
        draft.slideEverywhere(4096);
    }

    private static void qwen2(DecoderDraft draft) {
        draft.inputBias = true;
        draft.slideFromLayer();
    }

    private static void qwen3(DecoderDraft draft) {
        draft.headSize = draft.config.count("head_dim", 128);
        draft.biases(draft.config.flag("attention_bias", false), false);
        draft.queryKeyNorm = QueryKeyNorm.SHARED_BY_HEADS;
        draft.slideFromLayer();
    }

    private static void olmo2(DecoderDraft draft) {
        draft.biases(draft.config.flag("attention_bias", false), false);
        draft.queryKeyNorm = QueryKeyNorm.WHOLE_ROW;
    }

    private static void cohere(DecoderDraft draft) {
        ConfigFile config = draft.config;
        draft.layerNorm(false);
        draft.parallel = true;
        draft.biases(config.flag("attention_bias", false), false);
        draft.logitScale = config.number("logit_scale", 0.0625);
        draft.tiedHead = config.flag("tie_word_embeddings", true);
        draft.queryKeyNorm = config.flag("use_qk_norm", false) ? QueryKeyNorm.OWN_PER_HEAD : QueryKeyNorm.NONE;
        draft.interleaved = true;
    }

    private static void gemma2(DecoderDraft draft) {
        ConfigFile config = draft.config;
        config.refuse("use_bidirectional_attention");
        draft.norm = new DecoderConfig.Norm(NormKind.RMS_NORM, config.number("rms_norm_eps"), false, true);
        draft.activation = config.text("hidden_activation", "gelu_pytorch_tanh");
        draft.headSize = config.count("head_dim", 256);
        draft.biases(config.flag("attention_bias", false), false);
        draft.tiedHead = config.flag("tie_word_embeddings", true);
        draft.embeddingScale = Math.sqrt(draft.hidden);
        double scale = 1 / Math.sqrt(config.number("query_pre_attn_scalar", 256));
        draft.scale = layer -> scale;
        draft.softCap = draft.cap("attn_logit_softcapping", 50);
        draft.logitSoftCap = draft.cap("final_logit_softcapping", 30);
        draft.slide(4096, layer -> layer % 2 == 0);
    }

    private static void phi3(DecoderDraft draft) {
        draft.slideEverywhere(0);
    }
}
