package dev.wellspring.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Mixin: how a long run behaves.
final class RunOptions {
    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Where all randomness begins; it is written to the manifest. Default: ${DEFAULT-VALUE}.")
    long seed;

    @Mixin
    private MemoryOption memory = new MemoryOption();

    @Mixin
    ProgressOption progress = new ProgressOption();

    @Option(
            names = "--metrics",
            paramLabel = "FILE",
            description = "Write where the time went to this file, as JSON: by stage and by operation.")
    @Nullable
    Path metrics;

    /// The memory that tensors may take.
    MemorySize memory() {
        return memory.size();
    }

    /// The memory that was asked for, if any.
    Optional<MemorySize> memoryAsked() {
        return memory.asked();
    }

    /// Seed, memory and progress, to be handed on.
    List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("--seed", Long.toString(seed)));
        memoryAsked().ifPresent(asked -> arguments.addAll(List.of("--memory", Long.toString(asked.bytes()))));
        arguments.addAll(List.of("--progress", progress.mode.name().toLowerCase(Locale.ROOT)));
        return arguments;
    }
}
