package dev.wellspring.linalg;

import dev.wellspring.run.WorkerPool;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.util.Arrays;
import java.util.Locale;
import java.util.StringJoiner;

/// Prints, as one line of JSON, the operations a second of a backend's square product in each type asked for: what a
/// stage that did nothing but multiply would reach. The median of several rounds.
///
/// Arguments: backend (`auto` or a name), threads, rows, types such as `float32`.
public final class GemmCeiling {
    private static final int ROUNDS = 5;
    private static final double SECONDS_A_ROUND = 0.5;

    private GemmCeiling() {}

    /// Prints the line.
    public static void main(String[] arguments) {
        var line = new StringJoiner(", ", "{", "}");
        try (var pool = new WorkerPool(Integer.parseInt(arguments[1]))) {
            for (String word : Arrays.asList(arguments).subList(3, arguments.length)) {
                DType type = DType.valueOf(word.toUpperCase(Locale.ROOT));
                try (LinearAlgebra algebra =
                        Backends.open(arguments[0], type, pool).algebra()) {
                    double rate = rate(algebra, type, Integer.parseInt(arguments[2]));
                    line.add(String.format(Locale.ROOT, "\"%s\": %.0f", word, rate));
                }
            }
        }
        System.out.println(line);
    }

    private static double rate(LinearAlgebra algebra, DType type, int rows) {
        double[] rates = new double[ROUNDS];
        try (var memory = new Workspace(algebra)) {
            Tensor a = memory.allocate(type, rows, rows);
            Tensor b = memory.allocate(type, rows, rows);
            Tensor c = memory.allocate(type.sumType(), rows, rows);
            algebra.fill(a, 0.5);
            algebra.fill(b, 0.25);
            algebra.gemm(1, a, b, 0, c);
            for (int round = 0; round < ROUNDS; round++) {
                rates[round] = round(algebra, a, b, c);
            }
        }
        Arrays.sort(rates);
        return rates[ROUNDS / 2];
    }

    private static double round(LinearAlgebra algebra, Tensor a, Tensor b, Tensor c) {
        long begin = System.nanoTime();
        int count = 0;
        while (count == 0 || System.nanoTime() - begin < SECONDS_A_ROUND * 1e9) {
            algebra.gemm(1, a, b, 0, c);
            count++;
        }
        double rows = a.size(0);
        return 2 * count * rows * rows * rows / ((System.nanoTime() - begin) / 1e9);
    }
}
