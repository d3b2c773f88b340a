package dev.wellspring.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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

    @Option(names = "--metrics", paramLabel = "FILE", description = "Write where the time went to this file, as JSON.")
    @Nullable
    Path metrics;

    /// The memory that tensors may take.
    MemorySize memory() {
        return memory.size();
    }

    /// Seed, memory and progress, to be handed on.
    List<String> arguments() {
        return List.of(
                "--seed",
                Long.toString(seed),
                "--memory",
                Long.toString(memory().bytes()),
                "--progress",
                progress.mode.name().toLowerCase(Locale.ROOT));
    }
}
