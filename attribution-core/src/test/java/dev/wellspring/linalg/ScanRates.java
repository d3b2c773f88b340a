package dev.wellspring.linalg;

import dev.wellspring.linalg.DotProducts.Panel;
import dev.wellspring.linalg.StoredRows.Numbers;
import dev.wellspring.run.WorkerPool;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Precision;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// How close kernels come to what the machine can do: reading the same mapped bytes, and multiplying with the seam's
/// product. All are measured in turn, round after round, so that what else the machine does meets them alike; the table
/// has medians over the rounds. Answers are checked against plain double loops before anything is printed.
///
/// Arguments, all optional: the MiB of a file of documents (256), rounds (7), threads (all processors), and whose
/// seconds
/// count: `wall`, or `cpu` for those that its threads had, which is what to take on a machine that others use too.
public final class ScanRates implements AutoCloseable {
    private static final int DIMENSIONS = 4096;
    private static final int[] QUERIES = {1, 4, 16, 100};
    private static final int PRODUCT_ROWS = 4096;
    private static final int CHECKED = 50;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final WorkerPool pool;
    private final LinearAlgebra algebra;
    private final List<DotProducts> kernels = new ArrayList<>();
    private final int rounds;
    private final boolean cpu;
    private final PrintStream out = System.out;
    private long read;

    private ScanRates(int threads, int rounds, boolean cpu) {
        this.rounds = rounds;
        this.cpu = cpu;
        pool = new WorkerPool(threads);
        algebra = Backends.open("nd4j", DType.FLOAT32, pool).algebra();
        kernels.add(DotProductKernels.open("vector", algebra, pool).products());
        kernels.add(DotProductKernels.open("seam", algebra, pool).products());
    }

    /// Prints the table.
    public static void main(String[] arguments) throws IOException {
        int batches = number(arguments, 0, 256) / (int) (StoredFile.BATCH_BYTES >> 20);
        int rounds = number(arguments, 1, 7);
        int threads = number(arguments, 2, Runtime.getRuntime().availableProcessors());
        boolean cpu = arguments.length > 3 && arguments[3].equals("cpu");
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        try (var rates = new ScanRates(threads, rounds, cpu)) {
            rates.head(threads, batches);
            for (Precision precision : Precision.values()) {
                try (var file = new StoredFile(folder, precision, DIMENSIONS, Math.max(1, batches))) {
                    for (int queries : QUERIES) {
                        rates.measure(file, queries);
                    }
                }
            }
        }
    }

    private static int number(String[] arguments, int index, int otherwise) {
        return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
    }

    private void head(int threads, int batches) {
        out.printf(
                Locale.ROOT,
                "%s, %s, Java %s, %d threads, %s time; %d MiB of %d dimensions, median of %d rounds%n%n",
                System.getProperty("os.arch"),
                algebra.description(),
                Runtime.version(),
                threads,
                cpu ? "processor" : "wall",
                batches * (StoredFile.BATCH_BYTES >> 20),
                DIMENSIONS,
                rounds);
        out.println("| precision | queries | kernel | GB/s | least, most | GFLOP/s | of reading | of the product |");
        out.println("|---|---|---|---|---|---|---|---|");
    }

    /// One precision and number of queries: a round reads, multiplies, and scans with each kernel.
    private void measure(StoredFile file, int queries) {
        double[] q = StoredRows.queries(queries, DIMENSIONS, Numbers.REAL, 2);
        double[] reading = new double[rounds];
        double[] multiplying = new double[rounds];
        double[][] scanning = new double[kernels.size()][rounds];
        List<Panel> panels = new ArrayList<>();
        double[] scores = new double[file.batch().count() * queries];
        DType type = file.batch().precision() == Precision.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
        try (var work = new Workspace(algebra)) {
            Tensor documents = work.allocate(type, PRODUCT_ROWS, DIMENSIONS);
            Tensor columns = work.allocate(type, queries, DIMENSIONS);
            Tensor product = work.allocate(type, PRODUCT_ROWS, queries);
            algebra.fill(documents, 0.5);
            algebra.upload(MemorySegment.ofArray(q), DType.FLOAT64, columns);
            for (DotProducts kernel : kernels) {
                Panel panel =
                        kernel.prepare(q, queries, DIMENSIONS, file.batch().precision());
                panels.add(panel);
                scan(file, kernel, panel, scores);
                check(file, kernel, q, queries, scores);
            }
            for (int round = 0; round < rounds; round++) {
                reading[round] = bytes(file) / seconds(() -> read(file));
                Tensor turned = columns.transposed();
                multiplying[round] = 2.0
                        * PRODUCT_ROWS
                        * DIMENSIONS
                        * queries
                        / seconds(() -> algebra.gemm(1, documents, turned, 0, product));
                for (int k = 0; k < kernels.size(); k++) {
                    DotProducts kernel = kernels.get(k);
                    Panel panel = panels.get(k);
                    scanning[k][round] = bytes(file) / seconds(() -> scan(file, kernel, panel, scores));
                }
            }
        } finally {
            panels.forEach(Panel::close);
        }
        for (int k = 0; k < kernels.size(); k++) {
            print(file.batch().precision(), queries, kernels.get(k).name(), scanning[k], reading, multiplying);
        }
    }

    private void print(
            Precision precision,
            int queries,
            String kernel,
            double[] scanning,
            double[] reading,
            double[] multiplying) {
        double rate = median(scanning);
        double operations = rate / precision.byteSize() * 2 * queries;
        out.printf(
                Locale.ROOT,
                "| %s | %d | %s | %.2f | %.2f, %.2f | %.1f | %.0f %% of %.1f | %.0f %% of %.1f |%n",
                precision.word(),
                queries,
                kernel,
                rate / 1e9,
                Arrays.stream(scanning).min().orElseThrow() / 1e9,
                Arrays.stream(scanning).max().orElseThrow() / 1e9,
                operations / 1e9,
                100 * rate / median(reading),
                median(reading) / 1e9,
                100 * operations / median(multiplying),
                median(multiplying) / 1e9);
    }

    private static double bytes(StoredFile file) {
        return (double) file.batches() * StoredFile.BATCH_BYTES;
    }

    private double seconds(Runnable work) {
        long start = time();
        work.run();
        return (time() - start) / 1e9;
    }

    /// Nanoseconds: by the clock, or those of a processor that each thread had.
    private long time() {
        return cpu
                ? Arrays.stream(THREADS.getAllThreadIds())
                                .map(THREADS::getThreadCpuTime)
                                .sum()
                        / pool.threads()
                : System.nanoTime();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /// Every thread sums a part of each batch.
    private void read(StoredFile file) {
        for (int batch = 0; batch < file.batches(); batch++) {
            MemorySegment values = file.values(batch);
            long[] sums = new long[pool.threads()];
            pool.forRanges(pool.threads(), (first, last) -> {
                for (long part = first; part < last; part++) {
                    long size = values.byteSize() / pool.threads() / Long.BYTES * Long.BYTES;
                    sums[(int) part] = sum(values.asSlice(part * size, size));
                }
            });
            read += Arrays.stream(sums).sum();
        }
    }

    private static long sum(MemorySegment values) {
        long sum = 0;
        int count = (int) (values.byteSize() / Long.BYTES);
        for (int i = 0; i < count; i++) {
            sum += values.getAtIndex(ValueLayout.JAVA_LONG, i);
        }
        return sum;
    }

    private static void scan(StoredFile file, DotProducts kernel, Panel panel, double[] scores) {
        Arrays.fill(scores, 0);
        for (int batch = 0; batch < file.batches(); batch++) {
            kernel.accumulate(
                    file.values(batch),
                    file.batch().precision(),
                    file.scales(),
                    file.batch().count(),
                    panel,
                    scores);
        }
    }

    /// All batches are equal, so scores are a multiple of one batch's; some of its documents are computed again.
    private static void check(StoredFile file, DotProducts kernel, double[] q, int queries, double[] scores) {
        StoredRows documents = file.batch();
        int step = documents.count() / CHECKED;
        double roundoff = documents.precision() == Precision.FLOAT64 ? 0x1p-53 : 0x1p-24;
        double tolerance = 2 * roundoff * DIMENSIONS * documents.largest() * file.batches();
        for (int row = 0; row < documents.count(); row += step) {
            double[] expected = documents.rows(row, row + 1).products(q, queries);
            for (int i = 0; i < queries; i++) {
                double score = scores[row * queries + i];
                if (!(Math.abs(score - file.batches() * expected[i]) <= tolerance)) {
                    throw new AssertionError(kernel.name() + ": expected " + file.batches() * expected[i] + " within "
                            + tolerance + " for document " + row + " and query " + i + ", got " + score);
                }
            }
        }
    }

    @Override
    public void close() {
        out.println();
        out.println("The longs that were read sum to " + read + ".");
        kernels.forEach(DotProducts::close);
        algebra.close();
        pool.close();
    }
}
