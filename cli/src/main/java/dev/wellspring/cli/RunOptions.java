package dev.wellspring.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// Mixin: how a long run behaves.
final class RunOptions {
    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Where all randomness begins; it is written to the manifest. Default: ${DEFAULT-VALUE}.")
    long seed;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            converter = MemoryConverter.class,
            description = "What the process may take beside the model's weights, such as 1G, 8G or 1.5g. "
                    + "Default: half of the machine's.")
    private @Nullable MemorySize memory;

    @Mixin
    ProgressOption progress = new ProgressOption();

    @Option(names = "--metrics", paramLabel = "FILE", description = "Write where the time went to this file, as JSON.")
    @Nullable
    Path metrics;

    /// The memory that tensors may take.
    MemorySize memory() {
        return memory == null ? MemorySize.halfOfMachine() : memory;
    }

    /// From text to a size.
    static final class MemoryConverter implements ITypeConverter<MemorySize> {
        @Override
        public MemorySize convert(String text) {
            try {
                return MemorySize.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
