package dev.wellspring.cli;

import dev.wellspring.curvature.Damping;
import picocli.CommandLine.Option;

/// Mixin: what is added to Λ before queries are divided by it.
final class DampingOption {
    @Option(
            names = "--damping",
            paramLabel = "D",
            defaultValue = "0.1x",
            converter = Converters.DampingValue.class,
            description = "What is added to Λ: a multiple of each module's mean such as 0.1x, or a number such as 1e-3."
                    + " Default: ${DEFAULT-VALUE}.")
    Damping value = new Damping.Relative(0.1);
}
