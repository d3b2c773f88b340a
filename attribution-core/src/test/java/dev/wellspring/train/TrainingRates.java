package dev.wellspring.train;

import dev.wellspring.linalg.Backends;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.DecoderWeights;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.Sequence;
import dev.wellspring.model.checkpoint.ConfigFile;
import dev.wellspring.run.WorkerPool;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/// How fast models are trained, beside the seam's product in the same rounds: tokens a second, and what share of the
/// product's operations a second that is. Operations of a token are six for each weight of a map and of the head: two
/// forward, four backward; attention, norms, activations and the optimiser are not counted.
///
/// Arguments, all optional: rounds (7) and threads (all processors).
public final class TrainingRates implements AutoCloseable {
    private static final int PIECES = 2;
    private static final int PRODUCT_ROWS = 1024;
    private static final double SECONDS_A_ROUND = 2;

    private final WorkerPool pool;
    private final LinearAlgebra algebra;
    private final List<LinearAlgebra> lanes;
    private final int rounds;
    private final PrintStream out = System.out;

    /// @param sequences of a step
    /// @param tokens that are predicted of each
    private record Size(int layers, int width, int heads, int vocabulary, int sequences, int tokens) {}

    private TrainingRates(int threads, int rounds) {
        this.rounds = rounds;
        pool = new WorkerPool(threads);
        algebra = Backends.open("nd4j", DType.FLOAT32, pool).algebra();
        lanes = Stream.generate(() -> Backends.open("nd4j", DType.FLOAT32, RowParallel.serial())
                        .algebra())
                .limit(PIECES)
                .toList();
    }

    /// Prints the table.
    public static void main(String[] arguments) throws IOException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 7;
        int threads = arguments.length > 1
                ? Integer.parseInt(arguments[1])
                : Runtime.getRuntime().availableProcessors();
        try (var rates = new TrainingRates(threads, rounds)) {
            rates.head(threads);
            for (Size size : List.of(
                    new Size(3, 96, 4, 256, 128, 5),
                    new Size(3, 96, 4, 256, 32, 64),
                    new Size(4, 256, 8, 2048, 32, 64),
                    new Size(6, 384, 8, 4096, 16, 128))) {
                rates.measure(size);
            }
        }
    }

    private void head(int threads) {
        out.printf(
                Locale.ROOT,
                "%s, %s, Java %s, %d threads, %d pieces, AdamW, float32; median of %d rounds (least, most)%n%n",
                System.getProperty("os.arch"),
                algebra.description(),
                Runtime.version(),
                threads,
                PIECES,
                rounds);
        out.println("| model | parameters | a step | tokens/s | GFLOP/s | of the product | peak memory |");
        out.println("|---|---|---|---|---|---|---|");
    }

    private void measure(Size size) throws IOException {
        DecoderConfig config = config(size);
        List<Sequence> batch = batch(size);
        double[] training = new double[rounds];
        double[] multiplying = new double[rounds];
        long parameters;
        try (DecoderWeights weights = new Initialisation.Normal(0.02).weights(algebra, config, DType.FLOAT32, 1);
                Trainer trainer = new Trainer(
                        algebra,
                        lanes,
                        pool,
                        weights,
                        Optimizer.AdamW.withDecay(0),
                        1,
                        DType.FLOAT32,
                        size.sequences() * size.tokens());
                var work = new Workspace(algebra)) {
            parameters = weights.parameters().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            Tensor a = work.allocate(DType.FLOAT32, PRODUCT_ROWS, PRODUCT_ROWS);
            Tensor b = work.allocate(DType.FLOAT32, PRODUCT_ROWS, PRODUCT_ROWS);
            Tensor c = work.allocate(DType.FLOAT32, PRODUCT_ROWS, PRODUCT_ROWS);
            algebra.fill(a, 0.5);
            algebra.fill(b, 0.25);
            int step = warmUp(trainer, batch);
            for (int round = 0; round < rounds; round++) {
                int first = step;
                long start = System.nanoTime();
                while (System.nanoTime() - start < SECONDS_A_ROUND * 1e9) {
                    trainer.step(batch, 1e-4, step++);
                }
                double steps = step - first;
                training[round] = steps * size.sequences() * size.tokens() / ((System.nanoTime() - start) / 1e9);
                multiplying[round] = product(a, b, c);
            }
        }
        print(size, config, parameters, training, multiplying);
    }

    private static int warmUp(Trainer trainer, List<Sequence> batch) {
        long start = System.nanoTime();
        int step = 0;
        double first = trainer.step(batch, 1e-4, step++).loss();
        while (System.nanoTime() - start < 3 * SECONDS_A_ROUND * 1e9) {
            double loss = trainer.step(batch, 1e-4, step++).loss();
            if (!(loss < first + 1)) {
                throw new IllegalStateException("expected a loss that falls, got " + loss + " after " + first);
            }
        }
        return step;
    }

    /// Operations a second of a product that fills every thread.
    private double product(Tensor a, Tensor b, Tensor c) {
        long start = System.nanoTime();
        int count = 0;
        while (System.nanoTime() - start < SECONDS_A_ROUND * 1e9 / 4) {
            algebra.gemm(1, a, b, 0, c);
            count++;
        }
        return 2.0 * count * PRODUCT_ROWS * PRODUCT_ROWS * PRODUCT_ROWS / ((System.nanoTime() - start) / 1e9);
    }

    private void print(Size size, DecoderConfig config, long parameters, double[] training, double[] multiplying)
            throws IOException {
        double multiplied =
                config.modules().stream().mapToDouble(LinearModule::parameters).sum()
                        + (double) size.vocabulary() * size.width();
        double[] shares = new double[rounds];
        Arrays.setAll(shares, round -> 6 * multiplied * training[round] / multiplying[round]);
        double tokens = median(training);
        out.printf(
                Locale.ROOT,
                "| %d layers × %d | %,d | %d × %d | %,.0f | %.1f | %.0f %% (%.0f, %.0f) | %s |%n",
                size.layers(),
                size.width(),
                parameters,
                size.sequences(),
                size.tokens(),
                tokens,
                6 * multiplied * tokens / 1e9,
                100 * median(shares),
                100 * Arrays.stream(shares).min().orElseThrow(),
                100 * Arrays.stream(shares).max().orElseThrow(),
                peakMemory());
    }

    /// The most that the process has had in memory so far, where the system says so.
    private static String peakMemory() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return "";
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024 + " MiB")
                .findFirst()
                .orElse("");
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static List<Sequence> batch(Size size) {
        var random = new Random(1);
        List<Sequence> batch = new ArrayList<>();
        for (int i = 0; i < size.sequences(); i++) {
            batch.add(Sequence.document(
                    random.ints(size.tokens() + 1, 0, size.vocabulary()).toArray()));
        }
        return batch;
    }

    private static DecoderConfig config(Size size) throws IOException {
        Path file = Files.createTempFile("config", ".json");
        Files.writeString(file, """
                {"model_type": "llama", "vocab_size": %d, "hidden_size": %d, "num_hidden_layers": %d,
                 "num_attention_heads": %d, "intermediate_size": %d, "rms_norm_eps": 1e-5, "hidden_act": "silu",
                 "max_position_embeddings": 512, "rope_theta": 10000.0}
                """.formatted(
                size.vocabulary(), size.width(), size.layers(), size.heads(), Math.ceilDiv(8 * size.width(), 24) * 8));
        try {
            return DecoderConfig.read(ConfigFile.read(file));
        } finally {
            Files.delete(file);
        }
    }

    @Override
    public void close() {
        lanes.forEach(LinearAlgebra::close);
        algebra.close();
        pool.close();
    }
}
