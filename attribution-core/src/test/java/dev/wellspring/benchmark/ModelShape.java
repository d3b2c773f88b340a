package dev.wellspring.benchmark;

import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.checkpoint.ConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// The models that are timed, by their `config.json` as Hugging Face's code reads it.
public enum ModelShape {
    /// For trying things out: a few seconds in plain loops.
    TOY("""
        {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 384, "hidden_size": 32,
         "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8,
         "intermediate_size": 72, "hidden_act": "silu", "max_position_embeddings": 1024, "rms_norm_eps": 1e-06,
         "rope_theta": 10000.0, "tie_word_embeddings": false, "dtype": "bfloat16"}
        """),
    TINY_10M("""
        {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 8192, "hidden_size": 256,
         "num_hidden_layers": 6, "num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": 32,
         "intermediate_size": 768, "hidden_act": "silu", "max_position_embeddings": 1024, "rms_norm_eps": 1e-06,
         "rope_theta": 10000.0, "tie_word_embeddings": false, "dtype": "bfloat16"}
        """),
    PYTHIA_160M("""
        {"architectures": ["GPTNeoXForCausalLM"], "model_type": "gpt_neox", "vocab_size": 50304, "hidden_size": 768,
         "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072, "hidden_act": "gelu",
         "max_position_embeddings": 2048, "layer_norm_eps": 1e-05, "attention_bias": true,
         "use_parallel_residual": true, "tie_word_embeddings": false, "dtype": "bfloat16",
         "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0, "partial_rotary_factor": 0.25}}
        """),
    LLAMA_QUARTER("""
        {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 32000, "hidden_size": 2048,
         "num_hidden_layers": 4, "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 64,
         "intermediate_size": 8192, "hidden_act": "silu", "max_position_embeddings": 2048, "rms_norm_eps": 1e-06,
         "rope_theta": 10000.0, "tie_word_embeddings": false, "dtype": "bfloat16"}
        """),
    LLAMA_1B("""
        {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 32000, "hidden_size": 2048,
         "num_hidden_layers": 16, "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 64,
         "intermediate_size": 8192, "hidden_act": "silu", "max_position_embeddings": 2048, "rms_norm_eps": 1e-06,
         "rope_theta": 10000.0, "tie_word_embeddings": false, "dtype": "bfloat16"}
        """);

    /// The contents of `config.json`.
    private final String config;

    ModelShape(String config) {
        this.config = config;
    }

    /// Writes `config.json` into a folder and reads it back.
    public DecoderConfig write(Path folder) throws IOException {
        Path file = folder.resolve("config.json");
        Files.writeString(file, config);
        return DecoderConfig.read(ConfigFile.read(file));
    }

    /// The word that scripts know it by, for example `pythia-160m`.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The shape of a word.
    ///
    /// @throws IllegalArgumentException when there is none
    public static ModelShape of(String word) {
        return Arrays.stream(values())
                .filter(shape -> shape.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("shape: expected one of "
                        + Arrays.stream(values()).map(ModelShape::word).collect(Collectors.joining(", ")) + ", got "
                        + word));
    }
}
