package dev.wellspring.cli;

import dev.wellspring.tensor.DType;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Mixin: what computes, in which numbers, on how many threads.
final class ComputeOptions {
    /// What computes.
    enum BackendChoice {
        AUTO,
        REFERENCE,
        ND4J
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
}
