package dev.wellspring.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Mixin: how much memory.
final class MemoryOption {
    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            converter = Converters.Size.class,
            description = "What may be taken beside the model's weights, such as 1G, 8G or 1.5g. Default: half of the "
                    + "machine's, or, on a GPU, nine tenths of the GPU's.")
    private @Nullable MemorySize memory;

    /// The size, if one was given.
    Optional<MemorySize> asked() {
        return Optional.ofNullable(memory);
    }

    /// The memory that tensors may take.
    MemorySize size() {
        return memory == null ? MemorySize.halfOfMachine() : memory;
    }
}
