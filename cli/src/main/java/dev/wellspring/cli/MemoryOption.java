package dev.wellspring.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Mixin: how much memory.
final class MemoryOption {
    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            converter = Converters.Size.class,
            description = "What the process may take beside the model's weights, such as 1G, 8G or 1.5g. "
                    + "Default: half of the machine's.")
    private @Nullable MemorySize memory;

    /// The memory that tensors may take.
    MemorySize size() {
        return memory == null ? MemorySize.halfOfMachine() : memory;
    }
}
