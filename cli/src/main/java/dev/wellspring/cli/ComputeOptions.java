package dev.wellspring.cli;

import dev.wellspring.tensor.DType;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// Mixin: what computes, in which numbers, on how many threads.
final class ComputeOptions {
    /// What computes.
    enum BackendChoice {
        AUTO,
        REFERENCE,
        ND4J;

        /// The word for it on the command line.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "What computes: auto, reference (slow, exact) or nd4j. 'wellspring backends' lists them. "
                    + "Default: ${DEFAULT-VALUE}.")
    BackendChoice backend = BackendChoice.AUTO;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "float32",
            converter = DTypeConverter.class,
            completionCandidates = DTypeNames.class,
            description = "The numbers the model is computed in: float32, bfloat16 or float64. "
                    + "Default: ${DEFAULT-VALUE}.")
    DType dtype = DType.FLOAT32;

    @Option(names = "--threads", paramLabel = "N", description = "Threads that compute. Default: one per core.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /// How many threads compute, at least 1.
    int threads() {
        if (threads < 1) {
            throw new ParameterException(
                    command.commandLine(), "Invalid value for option '--threads': expected at least 1, got " + threads);
        }
        return threads;
    }

    /// The words of `--dtype`.
    static final class DTypeNames implements Iterable<String> {
        static final Map<String, DType> BY_NAME =
                Map.of("float32", DType.FLOAT32, "bfloat16", DType.BFLOAT16, "float64", DType.FLOAT64);

        @Override
        public Iterator<String> iterator() {
            return List.of("float32", "bfloat16", "float64").iterator();
        }
    }

    /// From a word to a type.
    static final class DTypeConverter implements ITypeConverter<DType> {
        @Override
        public DType convert(String word) {
            DType type = DTypeNames.BY_NAME.get(word.toLowerCase(Locale.ROOT));
            if (type == null) {
                throw new TypeConversionException("expected one of float32, bfloat16, float64 but was '" + word + "'");
            }
            return type;
        }
    }
}
