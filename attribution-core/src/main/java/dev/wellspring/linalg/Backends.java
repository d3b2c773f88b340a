package dev.wellspring.linalg;

import dev.wellspring.linalg.nd4j.Nd4jLinearAlgebra;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.tensor.DType;

/// Temporary chooser.
public final class Backends {
    private Backends() {}

    /// c
    public record Choice(String name, String why) {}

    /// o
    public record Opened(LinearAlgebra algebra, Choice choice) {}

    /// o
    public static Opened open(String choice, DType type, int threads, RowParallel parallel) {
        LinearAlgebra algebra =
                choice.equals("reference") ? new ReferenceLinearAlgebra() : new Nd4jLinearAlgebra(parallel, threads);
        return new Opened(algebra, new Choice(algebra.name(), "temporary " + choice + type + threads + parallel));
    }
}
