package dev.wellspring.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import dev.wellspring.run.WorkerPool;
import dev.wellspring.tensor.Precision;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// How long a search takes, and how much memory, as a store grows to a million documents. The stores are synthetic, the
/// searches are the command's own, from arguments to scores on disk. The last answer of each
/// size is checked against plain loops.
///
/// Arguments, all optional: precisions (`int8,bfloat16`), numbers of documents (`10000,100000,1000000`), rounds (3),
/// the folder that takes a store at a time (a temporary one), documents kept of a ranking (100).
public final class MillionDocuments {
    private static final int QUERIES = 100;
    private static final List<Integer> CHECKED = List.of(0, 49, 99);
    private static final Path LAUNCHER = Path.of("cli", "src", "main", "launcher");
    private static final List<MemoryPoolMXBean> HEAP = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(part -> part.getType() == MemoryType.HEAP)
            .toList();
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final List<String> PARTS = List.of("read", "check", "product", "rank", "keep");

    private final PrintStream out = System.out;
    private final WorkerPool pool = new WorkerPool(Runtime.getRuntime().availableProcessors());
    private final int rounds;
    private final Path folder;
    private final int keep;
    private int searches;

    /// One search.
    ///
    /// @param reading the seconds of a plain reading just before
    /// @param command the seconds from arguments to the last file
    /// @param processor the seconds of a processor that all threads had meanwhile
    /// @param scan those of the stage that reads the store
    /// @param parts of the scan, in the order of [#PARTS]
    private record Round(double reading, double command, double processor, double scan, double[] parts) {}

    private MillionDocuments(int rounds, Path folder, int keep) {
        this.rounds = rounds;
        this.folder = folder;
        this.keep = keep;
    }

    /// Prints the tables.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        String[] precisions = argument(arguments, 0, "int8,bfloat16").split(",", -1);
        long[] sizes = Arrays.stream(
                        argument(arguments, 1, "10000,100000,1000000").split(",", -1))
                .mapToLong(Long::parseLong)
                .toArray();
        int rounds = Integer.parseInt(argument(arguments, 2, "3"));
        Path folder = arguments.length > 3
                ? Files.createDirectories(Path.of(arguments[3]))
                : Files.createTempDirectory("million");
        var run = new MillionDocuments(rounds, folder, Integer.parseInt(argument(arguments, 4, "100")));
        try {
            run.head();
            for (String precision : precisions) {
                run.measure(Precision.parse(precision), sizes);
            }
        } finally {
            run.pool.close();
        }
    }

    private static String argument(String[] arguments, int index, String otherwise) {
        return arguments.length > index ? arguments[index] : otherwise;
    }

    private void head() {
        out.printf(
                Locale.ROOT,
                "%s, Java %s, %d threads, heap of at most %d MiB; %d dimensions, %d queries, top %d; %d rounds%n",
                System.getProperty("os.arch"),
                Runtime.version(),
                pool.threads(),
                Runtime.getRuntime().maxMemory() >> 20,
                SyntheticStore.DIMENSIONS,
                QUERIES,
                keep,
                rounds);
    }

    /// A store of one precision that grows; it is deleted in the end.
    private void measure(Precision precision, long[] sizes) throws IOException, InterruptedException {
        Path own = Files.createDirectories(folder.resolve(precision.word()));
        try {
            SyntheticStore store = SyntheticStore.make(own, precision, QUERIES);
            for (long size : sizes) {
                long before = store.documents() == 0 ? 0 : store.bytes();
                double writing = store.growTo(size);
                out.printf(
                        Locale.ROOT,
                        "%n%s, %,d documents: %.3f GB; written at %.0f MB/s%n",
                        precision.word(),
                        size,
                        store.bytes() / 1e9,
                        (store.bytes() - before) / 1e6 / writing);
                warm(store, size);
            }
            cold(store);
        } finally {
            try (Stream<Path> files = Files.walk(own)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private void warm(SyntheticStore store, long size) throws IOException, InterruptedException {
        List<Path> files = store.files();
        PlainReading.mapped(files, pool);
        List<Round> measured = new ArrayList<>();
        Path run = store.path();
        System.gc(); // what writing has left
        System.gc(); // what writing has left
        HEAP.forEach(MemoryPoolMXBean::resetPeakUsage);
        for (int round = 0; round < rounds; round++) {
            run = nextRun(store);
            measured.add(search(store, run, PlainReading.mapped(files, pool)));
        }
        long heap =
                HEAP.stream().mapToLong(part -> part.getPeakUsage().getUsed()).sum();
        print("page cache warm", store, measured);
        Path err = store.path().resolveSibling("err");
        Object[] command = store.searching(nextRun(store), "--keep", keep, "--progress", "off");
        SearchProcess alone = SearchProcess.run(LAUNCHER, err, command);
        out.printf(
                Locale.ROOT,
                "  heap in use, garbage included: at most %d MiB. A process of its own, with %s: %.2f s; at most %d MiB beside"
                        + " %d MiB of mapped files%n",
                heap >> 20,
                SearchProcess.HEAP,
                alone.seconds(),
                alone.anonymous() >> 20,
                alone.mapped() >> 20);
        out.printf(
                Locale.ROOT,
                "  checked: the top %d of %d queries are those of plain loops over all documents, scores differ by %.1e of"
                        + " the largest%n",
                keep,
                CHECKED.size(),
                PlainScores.compare(size, run, CHECKED, keep));
    }

    private void cold(SyntheticStore store) throws IOException, InterruptedException {
        List<Path> files = store.files();
        if (!PlainReading.forget(files)) {
            out.println("  page cache cold: not measured, as this system does not forget pages when asked");
            return;
        }
        double reading = PlainReading.sequential(files);
        PlainReading.forget(files);
        print("page cache cold", store, List.of(search(store, nextRun(store), reading)));
    }

    private Path nextRun(SyntheticStore store) {
        return store.path().resolveSibling("run-" + searches++);
    }

    private Round search(SyntheticStore store, Path run, double reading) throws IOException {
        Path metrics = store.path().resolveSibling("metrics.json");
        Object[] search = store.searching(run, "--keep", keep, "--metrics", metrics, "--progress", "off");
        long processorBegin = SYSTEM.getProcessCpuTime();
        long begin = System.nanoTime();
        Commands.succeed(search);
        double command = (System.nanoTime() - begin) / 1e9;
        double processor = (SYSTEM.getProcessCpuTime() - processorBegin) / 1e9;
        JsonNode scan = new ObjectMapper().readTree(metrics.toFile()).path("scan");
        double[] parts = PARTS.stream()
                .mapToDouble(part -> scan.at("/operations/" + part + "/seconds").asDouble())
                .toArray();
        return new Round(reading, command, processor, scan.path("seconds").asDouble(), parts);
    }

    private void print(String state, SyntheticStore store, List<Round> measured) {
        out.printf(
                Locale.ROOT,
                "  %s, load average %.1f, the first command %.2f s%n",
                state,
                SYSTEM.getSystemLoadAverage(),
                measured.getFirst().command);
        List<Round> sorted = measured.stream()
                .sorted(Comparator.comparingDouble(Round::scan))
                .toList();
        print("fastest", store, sorted.getFirst());
        if (sorted.size() > 1) {
            print("median", store, sorted.get(sorted.size() / 2));
            print("slowest", store, sorted.getLast());
        }
    }

    /// A row of the table.
    private void print(String which, SyntheticStore store, Round round) {
        double gigabytes = store.bytes() / 1e9;
        double operations = 2.0 * store.documents() * SyntheticStore.DIMENSIONS * QUERIES;
        out.printf(
                Locale.ROOT,
                "  %-7s command %.2f s (processors %.2f s), scan %.2f s: %.2f GB/s, %.1f %% of reading at %.1f GB/s,"
                        + " %,.0f documents/s; product at %.1f GFLOP/s;",
                which,
                round.command,
                round.processor,
                round.scan,
                gigabytes / round.scan,
                100 * round.reading / round.scan,
                gigabytes / round.reading,
                store.documents() / round.scan,
                operations / 1e9 / round.parts[PARTS.indexOf("product")]);
        for (int part = 0; part < PARTS.size(); part++) {
            out.printf(Locale.ROOT, " %s %.2f s", PARTS.get(part), round.parts[part]);
        }
        out.println();
    }
}
