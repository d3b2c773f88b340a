package dev.wellspring.cli;

import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.checkpoint.ConfigFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/// Shapes of well-known models, each with the `config.json` it was published with, as far as it says what is
/// computed.
enum ModelShape {
    /// Llama 3.2 1B.
    LLAMA_1B,
    /// Llama 2 7B.
    LLAMA_7B,
    /// Command R, the open model of the family and size that Ruis et al. (arXiv 2411.12580) study as the larger one.
    LLAMA_35B;

    /// Reads the shape as any other configuration is read.
    DecoderConfig read() throws IOException {
        String file = "shapes/" + name().toLowerCase(Locale.ROOT).replace('_', '-') + ".json";
        try (InputStream in = Objects.requireNonNull(ModelShape.class.getResourceAsStream(file), file)) {
            return DecoderConfig.read(ConfigFile.read(Path.of(file), in));
        }
    }
}
