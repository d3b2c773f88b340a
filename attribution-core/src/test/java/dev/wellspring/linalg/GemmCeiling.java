package dev.wellspring.linalg;

import dev.wellspring.run.WorkerPool;
import dev.wellspring.tensor.DType;
import java.util.Arrays;
import java.util.Locale;
import java.util.StringJoiner;

/// Prints, as one line of JSON, the operations a second of a backend's square product in each type asked for: what a
/// stage that did nothing but multiply would reach. The median of several rounds.
///
/// Arguments: backend (`auto` or a name), threads, rows, types such as `float32`.
public final class GemmCeiling {
    private GemmCeiling() {}

    /// Prints the line.
    public static void main(String[] arguments) {
        var line = new StringJoiner(", ", "{", "}");
        try (var pool = new WorkerPool(Integer.parseInt(arguments[1]))) {
            for (String word : Arrays.asList(arguments).subList(3, arguments.length)) {
                DType type = DType.valueOf(word.toUpperCase(Locale.ROOT));
                try (LinearAlgebra algebra =
                        Backends.open(arguments[0], type, pool).algebra()) {
                    double rate = MachineRates.gemm(
                            algebra, type, Integer.parseInt(arguments[2]), MachineRates.SECONDS_A_ROUND);
                    line.add(String.format(Locale.ROOT, "\"%s\": %.0f", word, rate));
                }
            }
        }
        System.out.println(line);
    }
}
