package dev.wellspring.linalg;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wellspring.run.WorkerPool;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// What a machine itself can do, through a backend: square products in each type asked for, and a copy from
/// memory to memory. Medians of several rounds, each of which ends when everything is done. Prints one line of
/// JSON, with operations a second under `gemm` and bytes a second, read and written, under `copy`.
///
/// Arguments: backend (`auto` or a name), threads, rows of the products, MiB of the copy, types such as `bfloat16`.
public final class MachineRates {
    private static final int ROUNDS = 5;
    static final double SECONDS_A_ROUND = 0.4;

    private MachineRates() {}

    /// Prints the line; a backend that cannot be had gives a sentence and status 2.
    public static void main(String[] arguments) {
        try (var pool = new WorkerPool(Integer.parseInt(arguments[1]))) {
            List<DType> types = Stream.of(arguments)
                    .skip(4)
                    .map(word -> DType.valueOf(word.toUpperCase(Locale.ROOT)))
                    .toList();
            try (LinearAlgebra algebra =
                    Backends.open(arguments[0], types.getFirst(), pool).algebra()) {
                System.out.println(measure(
                        algebra,
                        types,
                        Integer.parseInt(arguments[2]),
                        Long.parseLong(arguments[3]) << 20,
                        SECONDS_A_ROUND));
            }
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    static ObjectNode measure(LinearAlgebra algebra, List<DType> types, int rows, long bytes, double secondsARound) {
        ObjectNode line = new ObjectMapper().createObjectNode();
        line.put("backend", algebra.description());
        line.put("rows", rows);
        ObjectNode products = line.putObject("gemm");
        for (DType type : types) {
            products.put(type.name().toLowerCase(Locale.ROOT), gemm(algebra, type, rows, secondsARound));
        }
        return line.put("copy", copy(algebra, bytes, secondsARound));
    }

    /// Operations a second of a square product of random numbers: some devices multiply equal ones faster.
    static double gemm(LinearAlgebra algebra, DType type, int rows, double secondsARound) {
        try (var memory = new Workspace(algebra)) {
            Tensor a = memory.allocate(type, rows, rows);
            Tensor b = memory.allocate(type, rows, rows);
            Tensor c = memory.allocate(type.sumType(), rows, rows);
            fillRandomly(algebra, a);
            fillRandomly(algebra, b);
            return 2.0
                    * rows
                    * rows
                    * rows
                    * callsPerSecond(algebra, () -> algebra.gemm(1, a, b, 0, c), c, secondsARound);
        }
    }

    /// Bytes a second, each counted where it is read and where it is written.
    static double copy(LinearAlgebra algebra, long bytes, double secondsARound) {
        try (var memory = new Workspace(algebra)) {
            long columns = 1024;
            long rows = Math.max(1, bytes / Float.BYTES / columns);
            Tensor from = memory.allocate(DType.FLOAT32, rows, columns);
            Tensor to = memory.allocate(DType.FLOAT32, rows, columns);
            fillRandomly(algebra, from);
            return 2.0
                    * rows
                    * columns
                    * Float.BYTES
                    * callsPerSecond(algebra, () -> algebra.copy(from, to), to, secondsARound);
        }
    }

    /// @param result what the call writes; reading one number of it waits for all that came before
    private static double callsPerSecond(LinearAlgebra algebra, Runnable call, Tensor result, double secondsARound) {
        Tensor corner = result.slice(0, 0, 1).slice(1, 0, 1);
        seconds(algebra, call, 1, corner); // warms up
        int calls = 1;
        double seconds = seconds(algebra, call, calls, corner);
        while (seconds < secondsARound) {
            calls = Math.clamp((long) (1.2 * calls * secondsARound / seconds), 2 * calls, 100 * calls);
            seconds = seconds(algebra, call, calls, corner);
        }
        double[] rates = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            rates[round] = calls / seconds(algebra, call, calls, corner);
        }
        Arrays.sort(rates);
        return rates[ROUNDS / 2];
    }

    private static double seconds(LinearAlgebra algebra, Runnable call, int calls, Tensor corner) {
        long begin = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            call.run();
        }
        algebra.download(corner, MemorySegment.ofArray(new float[1]), DType.FLOAT32);
        return (System.nanoTime() - begin) / 1e9;
    }

    /// A few rows of random numbers between −1 and 1, over and over.
    static void fillRandomly(LinearAlgebra algebra, Tensor tensor) {
        var random = new SplittableRandom(1);
        long rows = tensor.size(0);
        int height = (int) Math.min(64, rows);
        float[] values = new float[Math.toIntExact(height * tensor.size(1))];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        for (long row = 0; row < rows; row += height) {
            long to = Math.min(rows, row + height);
            MemorySegment block = MemorySegment.ofArray(values).asSlice(0, (to - row) * tensor.size(1) * Float.BYTES);
            algebra.upload(block, DType.FLOAT32, tensor.slice(0, row, to));
        }
    }
}
