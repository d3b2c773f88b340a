package dev.wellspring.model;

/// Configurations of families and options that no golden case covers.
enum TinyModel {
    GEMMA2("""
            {"model_type": "gemma2", "vocab_size": 19, "hidden_size": 12, "num_hidden_layers": 3, "head_dim": 6,
             "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 10, "rms_norm_eps": 1e-6,
             "hidden_activation": "gelu_pytorch_tanh", "query_pre_attn_scalar": 8, "attn_logit_softcapping": 2.0,
             "final_logit_softcapping": 3.0, "sliding_window": 4, "tie_word_embeddings": true,
             "max_position_embeddings": 64, "rope_theta": 100.0}
            """),
    PHI3("""
            {"model_type": "phi3", "vocab_size": 19, "hidden_size": 12, "num_hidden_layers": 2,
             "num_attention_heads": 3, "num_key_value_heads": 1, "intermediate_size": 10, "rms_norm_eps": 1e-5,
             "hidden_act": "silu", "sliding_window": 5, "partial_rotary_factor": 0.5, "rope_scaling": null,
             "tie_word_embeddings": false, "max_position_embeddings": 64, "rope_theta": 100.0}
            """),
    GPT_NEOX_SEQUENTIAL("""
            {"model_type": "gpt_neox", "vocab_size": 19, "hidden_size": 12, "num_hidden_layers": 2,
             "num_attention_heads": 3, "intermediate_size": 20, "layer_norm_eps": 1e-5, "hidden_act": "gelu",
             "use_parallel_residual": false, "attention_bias": false, "rotary_pct": 0.5, "rotary_emb_base": 100,
             "max_position_embeddings": 64}
            """),
    GPT_NEOX_PARALLEL("""
            {"model_type": "gpt_neox", "vocab_size": 19, "hidden_size": 12, "num_hidden_layers": 2,
             "num_attention_heads": 3, "intermediate_size": 20, "layer_norm_eps": 1e-5, "hidden_act": "gelu",
             "rope_parameters": {"rope_type": "default", "rope_theta": 50.0, "partial_rotary_factor": 1.0},
             "max_position_embeddings": 64}
            """),
    LLAMA3_TIED("""
            {"model_type": "llama", "vocab_size": 19, "hidden_size": 20, "num_hidden_layers": 2, "head_dim": 8,
             "num_attention_heads": 5, "num_key_value_heads": 1, "intermediate_size": 14, "rms_norm_eps": 1e-5,
             "hidden_act": "silu", "tie_word_embeddings": true, "max_position_embeddings": 64, "rope_theta": 300.0,
             "rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                              "original_max_position_embeddings": 32}}
            """),
    LLAMA_BIASED("""
            {"model_type": "llama", "vocab_size": 19, "hidden_size": 12, "num_hidden_layers": 2,
             "num_attention_heads": 3, "num_key_value_heads": 3, "intermediate_size": 14, "rms_norm_eps": 1e-5,
             "hidden_act": "silu", "attention_bias": true, "mlp_bias": true, "max_position_embeddings": 64,
             "rope_theta": 300.0, "rope_scaling": {"type": "linear", "factor": 2.0}}
            """),
    QWEN2_SLIDING("""
            {"model_type": "qwen2", "vocab_size": 19, "hidden_size": 12, "num_hidden_layers": 3,
             "num_attention_heads": 3, "num_key_value_heads": 1, "intermediate_size": 14, "rms_norm_eps": 1e-6,
             "hidden_act": "silu", "use_sliding_window": true, "sliding_window": 3, "max_window_layers": 1,
             "max_position_embeddings": 64, "rope_theta": 100.0}
            """),
    COHERE_QUERY_KEY_NORM("""
            {"model_type": "cohere", "vocab_size": 19, "hidden_size": 12, "num_hidden_layers": 2,
             "num_attention_heads": 2, "num_key_value_heads": 1, "intermediate_size": 10, "layer_norm_eps": 1e-5,
             "hidden_act": "silu", "logit_scale": 0.5, "use_qk_norm": true, "attention_bias": true,
             "tie_word_embeddings": true, "max_position_embeddings": 64, "rope_theta": 100.0}
            """);

    private final String config;

    TinyModel(String config) {
        this.config = config;
    }

    /// The contents of its config.json.
    String config() {
        return config;
    }
}
