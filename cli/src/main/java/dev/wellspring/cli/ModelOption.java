package dev.wellspring.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/// Mixin: which checkpoint.
final class ModelOption {
    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description = "A Hugging Face checkpoint: config.json, *.safetensors, tokenizer.json.")
    Path model;
}
