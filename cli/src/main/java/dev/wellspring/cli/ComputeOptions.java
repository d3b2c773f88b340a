package dev.wellspring.cli;

import dev.wellspring.tensor.DType;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Mixin: what computes, in which numbers, on how many threads.
final class ComputeOptions {
    /// What computes.
    enum BackendChoice {
        AUTO,
        CUDA,
        CPU,
        ND4J,
        REFERENCE
    }

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            defaultValue = "auto",
            description =
                    "What computes: auto, cuda, cpu, nd4j or reference (slow, exact). 'wellspring backends' lists them. "
                            + "Default: ${DEFAULT-VALUE}.")
    BackendChoice backend = BackendChoice.AUTO;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "float32",
            description = "The numbers the model is computed in: float32, bfloat16 or float64. "
                    + "Default: ${DEFAULT-VALUE}.")
    DType dtype = DType.FLOAT32;

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    /// What computes, as manifests say it.
    String backendWord() {
        return backend.name().toLowerCase(Locale.ROOT);
    }

    /// The same options, to be handed on.
    List<String> arguments() {
        return List.of(
                "--backend",
                backendWord(),
                "--dtype",
                dtype.name().toLowerCase(Locale.ROOT),
                "--threads",
                Integer.toString(threads()));
    }

    /// How many threads compute, at least 1.
    int threads() {
        return threads.count();
    }
}
