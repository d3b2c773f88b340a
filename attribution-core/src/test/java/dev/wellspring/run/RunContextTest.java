package dev.wellspring.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.Decoder;
import dev.wellspring.model.TinyCheckpoint;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunContextTest {
    private static final String BIASED = """
            {"model_type": "llama", "vocab_size": 19, "hidden_size": 12, "num_hidden_layers": 1,
             "num_attention_heads": 3, "intermediate_size": 14, "rms_norm_eps": 1e-5, "hidden_act": "silu",
             "mlp_bias": true}
            """;

    @TempDir
    Path folder;

    @Test
    void tensorsThatTheModelHasNoPlaceForAreNamed() throws IOException {
        TinyCheckpoint.write(folder, BIASED, 7);
        assertThat(notesOfLoading()).isEmpty();
        Files.writeString(folder.resolve("config.json"), BIASED.replace("true", "false"));
        assertThat(notesOfLoading())
                .singleElement()
                .asString()
                .contains("3 tensors", "model.layers.0.mlp.")
                .contains(".bias");
    }

    private List<String> notesOfLoading() throws IOException {
        var listener = new Listener();
        try (LinearAlgebra algebra = new ReferenceLinearAlgebra();
                Checkpoint checkpoint = Checkpoint.open(folder)) {
            var context = new RunContext(
                    algebra, listener, Metrics.inMemory(), new Cancellation(), Duration.ofSeconds(30), "1.0");
            try (Decoder decoder = context.load(checkpoint, DType.FLOAT64, 4)) {
                assertThat(decoder.maxRows()).isEqualTo(4);
            }
        }
        return listener.notes();
    }
}
