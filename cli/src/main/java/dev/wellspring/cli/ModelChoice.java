package dev.wellspring.cli;

import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.model.checkpoint.ConfigFile;
import dev.wellspring.queries.token.Tokenizer;
import dev.wellspring.run.train.TrainingStart;
import dev.wellspring.train.Initialisation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Mixin: what a training begins with. One of a checkpoint, a `config.json`, or a size.
final class ModelChoice {
    /// What belongs to a checkpoint beside weights, as far as it is there.
    private static final List<String> TOKENIZER_FILES =
            List.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "generation_config.json");

    @Option(names = "--model", paramLabel = "DIR", description = "Begin with the weights of this checkpoint.")
    private @Nullable Path model;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Begin with new weights for this config.json, of any family that fit and score know.")
    private @Nullable Path config;

    @Option(names = "--layers", paramLabel = "N", description = "Begin with new weights for a Llama of so many layers,")
    private @Nullable Integer layers;

    @Option(names = "--width", paramLabel = "N", description = "of this width (its MLP is 8/3 as wide),")
    private @Nullable Integer width;

    @Option(
            names = "--heads",
            paramLabel = "N",
            description = "and so many heads. Default: one for each 24 of the width.")
    private @Nullable Integer heads;

    @Option(
            names = "--context",
            paramLabel = "N",
            defaultValue = "512",
            description = "The longest sequence of such a Llama. Default: ${DEFAULT-VALUE}.")
    private int context = 512;

    @Option(
            names = "--initialisation",
            paramLabel = "HOW",
            description =
                    "New weights: normal (numbers of the spread that config.json calls initializer_range, as Hugging"
                            + " Face's code) or modules (as PyTorch's modules by themselves: embeddings standard normal, maps"
                            + " uniform up to 1/sqrt(inputs)). Default: normal.")
    private Scheme scheme = Scheme.NORMAL;

    /// How new weights are drawn.
    enum Scheme {
        NORMAL,
        MODULES
    }

    @Option(
            names = "--tokenizer",
            paramLabel = "DIR",
            description =
                    "The folder with tokenizer.json, which 'wellspring corpus tokenizer' makes. Default: --model, or"
                            + " where --config lies.")
    private @Nullable Path tokenizer;

    /// What was chosen, open.
    ///
    /// @param companions the checkpoint's files beside weights, by name
    record Opened(
            TrainingStart start,
            DecoderConfig config,
            Tokenizer tokenizer,
            Map<String, Path> companions,
            @Nullable Checkpoint checkpoint,
            @Nullable Path scratch)
            implements AutoCloseable {
        @Override
        public void close() throws IOException {
            tokenizer.close();
            if (checkpoint != null) {
                checkpoint.close();
            }
            if (scratch != null) {
                Files.deleteIfExists(scratch);
            }
        }
    }

    /// @throws BadInputException when not exactly one beginning is given
    Opened open() throws IOException {
        long given = List.of(model != null, config != null, layers != null || width != null).stream()
                .filter(one -> one)
                .count();
        if (given != 1) {
            throw new BadInputException("--model, --config, --layers with --width: expected one of the three, got "
                    + (given == 0 ? "none" : "several"));
        }
        if (model != null) {
            return openCheckpoint(model);
        }
        return config != null ? openConfig(config, null) : openSize();
    }

    private Opened openCheckpoint(Path folder) throws IOException {
        Checkpoint checkpoint = Checkpoint.open(folder);
        DecoderConfig read = DecoderConfig.read(checkpoint.config());
        return new Opened(
                new TrainingStart.FromCheckpoint(read, checkpoint),
                read,
                Tokenizer.open(tokenizer == null ? folder : tokenizer),
                companions(checkpoint.config().path(), tokenizer == null ? folder : tokenizer),
                checkpoint,
                null);
    }

    private Opened openConfig(Path file, @Nullable Path scratch) throws IOException {
        ConfigFile read = ConfigFile.read(file);
        DecoderConfig decoder = DecoderConfig.read(read);
        Path folder = tokenizer != null ? tokenizer : file.toAbsolutePath().getParent();
        return new Opened(
                new TrainingStart.FromScratch(decoder, Digests.of(List.of(file)), initialisation(read)),
                decoder,
                Tokenizer.open(folder == null ? Path.of("") : folder),
                companions(file, folder),
                null,
                scratch);
    }

    /// The vocabulary is the tokenizer's.
    private Opened openSize() throws IOException {
        if (layers == null || width == null || tokenizer == null) {
            throw new BadInputException(
                    "--layers, --width, --tokenizer: expected all three for a new Llama, got " + missing());
        }
        int chosenHeads = heads == null ? Math.max(1, width / 24) : heads;
        if (layers < 1 || width < 2 || chosenHeads < 1 || width % (2 * chosenHeads) != 0) {
            throw new BadInputException("--width, --heads: expected a width that is a multiple of twice the heads, got "
                    + width + " and " + chosenHeads);
        }
        int vocabulary;
        try (Tokenizer opened = Tokenizer.open(tokenizer)) {
            vocabulary = opened.vocabularySize();
        }
        Path file = Files.createTempFile("config", ".json");
        Files.writeString(file, NewLlama.config(layers, width, chosenHeads, vocabulary, context));
        return openConfig(file, file);
    }

    private String missing() {
        return (layers == null ? "no --layers" : width == null ? "no --width" : "no --tokenizer");
    }

    private Initialisation initialisation(ConfigFile config) {
        return switch (scheme) {
            case NORMAL -> new Initialisation.Normal(config.number("initializer_range", 0.02));
            case MODULES -> new Initialisation.Modules();
        };
    }

    /// The files of a checkpoint beside its weights, by name.
    ///
    /// @param tokenizer the folder of the tokenizer
    static Map<String, Path> companions(Path config, @Nullable Path tokenizer) {
        Map<String, Path> files = new TreeMap<>();
        files.put("config.json", config);
        if (tokenizer != null) {
            for (String name : TOKENIZER_FILES) {
                if (Files.exists(tokenizer.resolve(name))) {
                    files.put(name, tokenizer.resolve(name));
                }
            }
        }
        return files;
    }
}
