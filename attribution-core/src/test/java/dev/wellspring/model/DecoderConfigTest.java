package dev.wellspring.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.linalg.Activation;
import dev.wellspring.linalg.AttentionShape;
import dev.wellspring.model.DecoderConfig.RotaryPositions;
import dev.wellspring.model.checkpoint.CheckpointException;
import dev.wellspring.model.checkpoint.ConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecoderConfigTest {
    private static final String LLAMA = """
            {"model_type": "llama", "vocab_size": 19, "hidden_size": 12, "num_hidden_layers": 2,
             "num_attention_heads": 3, "num_key_value_heads": 1, "intermediate_size": 10, "rms_norm_eps": 1e-5,
             "hidden_act": "silu"EXTRA}
            """;

    @TempDir
    Path folder;

    @Test
    void olderAndNewerSpellingsMeanTheSame() throws IOException {
        DecoderConfig older = llama("""
                , "torch_dtype": "float32", "rope_theta": 500.0, "rope_scaling": {"type": "linear", "factor": 4}""");
        DecoderConfig newer = llama("""
                , "dtype": "float32", "rope_parameters": {"rope_type": "linear", "rope_theta": 500.0, "factor": 4}""");
        assertThat(older).isEqualTo(newer);
        assertThat(((RotaryPositions) older.positions()).frequencies())
                .containsExactly(1 / 4.0, 1 / Math.sqrt(500) / 4);
        assertThat(config(TinyModel.GPT_NEOX_SEQUENTIAL.config()))
                .isEqualTo(config(TinyModel.GPT_NEOX_SEQUENTIAL
                        .config()
                        .replace("\"rotary_pct\": 0.5", "\"partial_rotary_factor\": 0.5")
                        .replace("\"rotary_emb_base\"", "\"rope_theta\"")));
    }

    @Test
    void whatTheFileLeavesOutIsAsHuggingFaceHasIt() throws IOException {
        DecoderConfig config = llama("");
        assertThat(config.attention().headSize()).isEqualTo(4);
        assertThat(config.tiedHead()).isFalse();
        assertThat(config.attention().inputBias()).isFalse();
        assertThat(((RotaryPositions) config.positions()).frequencies()).containsExactly(1.0, 0.01);
        assertThat(config.attention().shapes()).containsOnly(new AttentionShape(0.5, 0, 0));
    }

    @Test
    void windowsAreReadAsEachFamilySpellsThem() throws IOException {
        assertThat(windows(LLAMA.replace("llama", "mistral").replace("EXTRA", "")))
                .containsExactly(4096, 4096);
        assertThat(windows(LLAMA.replace("llama", "mistral").replace("EXTRA", ", \"sliding_window\": null")))
                .containsExactly(0, 0);
        assertThat(windows(LLAMA.replace("llama", "mistral").replace("EXTRA", ", \"sliding_window\": 8")))
                .containsExactly(8, 8);
        assertThat(windows(TinyModel.GEMMA2.config())).containsExactly(4, 0, 4);
        assertThat(windows(TinyModel.QWEN2_SLIDING.config())).containsExactly(0, 3, 3);
        String listed = TinyModel.QWEN2_SLIDING
                .config()
                .replace(
                        "\"max_window_layers\": 1",
                        "\"layer_types\": [\"sliding_attention\", \"full_attention\", \"full_attention\"]");
        assertThat(windows(listed)).containsExactly(3, 0, 0);
        assertThat(windows(
                        TinyModel.QWEN2_SLIDING.config().replace("max_window_layers\": 1", "max_window_layers\": 0")))
                .containsExactly(3, 3, 3);
    }

    @Test
    void aWindowOfNullIsNoneInEveryFamily() throws IOException {
        assertThat(windows(TinyModel.GEMMA2.config().replace("\"sliding_window\": 4", "\"sliding_window\": null")))
                .containsExactly(0, 0, 0);
        assertThat(windows(
                        TinyModel.QWEN2_SLIDING.config().replace("\"sliding_window\": 3", "\"sliding_window\": null")))
                .containsExactly(0, 0, 0);
    }

    @Test
    void gemmasCapsAreThoseOfTheFileOrElseTheDefaults() throws IOException {
        String gemma = TinyModel.GEMMA2.config();
        assertThat(config(gemma).logitSoftCap()).isEqualTo(3);
        assertThat(config(gemma.replace("final_logit_softcapping", "other")).logitSoftCap())
                .isEqualTo(30);
        assertThat(config(gemma.replace("\"final_logit_softcapping\": 3.0", "\"final_logit_softcapping\": null"))
                        .logitSoftCap())
                .isZero();
    }

    @Test
    void llama3StretchesLongWavesOnly() throws IOException {
        var rotary = (RotaryPositions) config(TinyModel.LLAMA3_TIED.config()).positions();
        assertThat(rotary.frequencies().getFirst()).isEqualTo(1);
        assertThat(rotary.frequencies().getLast()).isCloseTo(Math.pow(300, -0.75) / 8, within(1e-15));
        double middle = Math.pow(300, -0.25);
        assertThat(rotary.frequencies().get(1)).isBetween(middle / 8, middle).isNotEqualTo(middle);
    }

    @Test
    void activationsGoBySeveralNames() throws IOException {
        assertThat(config(LLAMA.replace("silu", "gelu_new").replace("EXTRA", ""))
                        .mlp()
                        .activation())
                .isEqualTo(Activation.GELU_TANH);
        assertThat(config(LLAMA.replace("silu", "swish").replace("EXTRA", ""))
                        .mlp()
                        .activation())
                .isEqualTo(Activation.SILU);
    }

    @Test
    void gpt2MayDivideScoresByTheLayerNumber() throws IOException {
        DecoderConfig config = config("""
                {"model_type": "gpt2", "vocab_size": 19, "n_embd": 8, "n_layer": 2, "n_head": 2, "n_positions": 16,
                 "layer_norm_epsilon": 1e-5, "activation_function": "gelu_new",
                 "scale_attn_by_inverse_layer_idx": true}
                """);
        assertThat(config.attention().shapes())
                .containsExactly(new AttentionShape(0.5, 0, 0), new AttentionShape(0.25, 0, 0));
        assertThat(config.mlp().inner()).isEqualTo(32);
        assertThat(config.tiedHead()).isTrue();
    }

    @Test
    void whatIsNotSupportedIsNamedWithWhatIs() {
        assertRefused(LLAMA.replace("llama", "mamba"), "model_type", "gpt2", "phi3", "\"mamba\"", "not supported");
        assertRefused(LLAMA.replace("silu", "quick_gelu"), "hidden_act", "silu", "gelu_new", "\"quick_gelu\"");
        assertRefused(
                LLAMA.replace("EXTRA", ", \"rope_scaling\": {\"type\": \"yarn\", \"factor\": 2}"),
                "rope_scaling.type",
                "default, linear, llama3",
                "\"yarn\"");
        assertRefused(
                TinyModel.PHI3
                        .config()
                        .replace("\"rope_scaling\": null", "\"rope_scaling\": {\"rope_type\": \"longrope\"}"),
                "rope_scaling.rope_type",
                "\"longrope\", which is not supported");
        assertRefused(
                LLAMA.replace(
                        "EXTRA",
                        ", \"rope_parameters\": {\"full_attention\": {\"rope_theta\": 5, \"rope_type\": \"default\"}}"),
                "rope_parameters.full_attention: expected one setting for all layers");
        assertRefused(
                TinyModel.GEMMA2
                        .config()
                        .replace("\"head_dim\"", "\"use_bidirectional_attention\": true, \"head_dim\""),
                "use_bidirectional_attention: expected false");
        assertRefused(
                TinyModel.QWEN2_SLIDING.config().replace("\"max_window_layers\": 1", "\"layer_types\": [\"linear\"]"),
                "layer_types",
                "[linear]");
    }

    @Test
    void aWrongFieldIsNamedWithWhatWasExpected() {
        assertRefused(
                LLAMA.replace("\"vocab_size\": 19, ", ""), "config.json: vocab_size: expected a value, found none");
        assertRefused(
                LLAMA.replace("\"hidden_size\": 12", "\"hidden_size\": 0"), "hidden_size: expected an integer >= 1");
        assertRefused(LLAMA.replace("\"hidden_size\": 12", "\"hidden_size\": \"12\""), "hidden_size", "\"12\"");
        assertRefused(
                LLAMA.replace("\"hidden_size\": 12", "\"hidden_size\": 13"), "num_attention_heads: expected a divisor");
        assertRefused(LLAMA.replace("value_heads\": 1", "value_heads\": 2"), "num_key_value_heads", "divisor of 3");
        assertRefused(LLAMA.replace("1e-5", "\"small\""), "rms_norm_eps: expected a number, found \"small\"");
        assertRefused(LLAMA.replace("EXTRA", ", \"attention_bias\": 1"), "attention_bias: expected true or false");
        assertRefused(LLAMA.replace("\"silu\"", "7"), "hidden_act: expected a string, found 7");
        assertRefused(LLAMA.replace("EXTRA", ", \"rope_parameters\": 3"), "rope_parameters: expected an object");
        assertRefused("[1]", "config.json: expected a JSON object");
        assertRefused("{\n\"model_type\": \"llama\",\n", "config.json:3: expected JSON");
    }

    private DecoderConfig llama(String extra) throws IOException {
        return config(LLAMA.replace("EXTRA", extra));
    }

    private DecoderConfig config(String json) throws IOException {
        Path file = Files.writeString(folder.resolve("config.json"), json);
        return DecoderConfig.read(ConfigFile.read(file));
    }

    private List<Integer> windows(String json) throws IOException {
        return config(json).attention().shapes().stream()
                .map(AttentionShape::window)
                .toList();
    }

    private void assertRefused(String json, String... parts) {
        assertThatThrownBy(() -> config(json.replace("EXTRA", "")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("config.json")
                .hasMessageContainingAll(parts)
                .hasMessageNotContaining("\n");
    }
}
