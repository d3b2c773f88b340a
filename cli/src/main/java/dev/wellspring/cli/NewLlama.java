package dev.wellspring.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// The `config.json` of a Llama that is known by its size alone.
final class NewLlama {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private NewLlama() {}

    /// The MLP is 8/3 as wide as the stream, rounded up to 8, which gives it as many weights as one of four times the
    /// width
    /// without a gate.
    static String config(int layers, int width, int heads, int vocabulary, int context) {
        ObjectNode config = JSON.createObjectNode();
        config.put("model_type", "llama");
        config.putArray("architectures").add("LlamaForCausalLM");
        config.put("vocab_size", vocabulary);
        config.put("hidden_size", width);
        config.put("num_hidden_layers", layers);
        config.put("num_attention_heads", heads);
        config.put("num_key_value_heads", heads);
        config.put("intermediate_size", Math.ceilDiv(8 * width, 24) * 8);
        config.put("hidden_act", "silu");
        config.put("rms_norm_eps", 1e-5);
        config.put("max_position_embeddings", context);
        config.put("rope_theta", 10000.0);
        config.put("initializer_range", 0.02);
        config.put("tie_word_embeddings", false);
        config.put("attention_bias", false);
        config.put("mlp_bias", false);
        config.put("torch_dtype", "float32");
        try {
            return JSON.writeValueAsString(config) + "\n";
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("config.json: " + impossible.getOriginalMessage(), impossible);
        }
    }
}
