package dev.wellspring.cli;

import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.checkpoint.ConfigFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Mixin: a model of which only the shape matters.
final class ModelShapeOptions {
    @Option(names = "--config", paramLabel = "FILE", description = "The shape: a config.json of any family,")
    private @Nullable Path config;

    @Option(names = "--model", paramLabel = "DIR", description = "or the folder that it lies in; weights are not read,")
    private @Nullable Path model;

    @Option(
            names = "--shape",
            paramLabel = "NAME",
            description = "or llama-1b (Llama 3.2 1B), llama-7b (Llama 2 7B), llama-35b (Command R).")
    private @Nullable ModelShape shape;

    /// @throws BadInputException when not exactly one is given
    DecoderConfig read() throws IOException {
        long given =
                Stream.of(config, model, shape).filter(option -> option != null).count();
        if (given != 1) {
            throw new BadInputException(
                    "--config, --model, --shape: expected one of the three, got " + (given == 0 ? "none" : "several"));
        }
        if (shape != null) {
            return shape.read();
        }
        return DecoderConfig.read(ConfigFile.read(model != null ? model.resolve("config.json") : file()));
    }

    private Path file() {
        if (config == null) {
            throw new IllegalStateException("config: expected one, got none");
        }
        return config;
    }
}
