package dev.wellspring.cli;

import com.sun.management.OperatingSystemMXBean;
import dev.wellspring.analysis.Coefficient;
import dev.wellspring.cli.report.Analyses;
import dev.wellspring.cli.report.RunAnalyses;
import dev.wellspring.run.Progress;
import dev.wellspring.run.WorkerPool;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;

/// How long all analyses of a run take, and how much heap, beside a plain reading of the same files. The scores are
/// synthetic, files and analyses are the real ones; a correlation is checked against plain loops.
///
/// Arguments, all optional: documents (1000000), queries (100), rounds (3), the folder that takes the run (a
/// temporary one).
public final class MillionScores {
    private static final List<MemoryPoolMXBean> HEAP = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(part -> part.getType() == MemoryType.HEAP)
            .toList();
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final int CHECKED = 3;

    private MillionScores() {}

    /// Prints the figures.
    public static void main(String[] arguments) throws IOException {
        int documents = argument(arguments, 0, 1_000_000);
        int queries = argument(arguments, 1, 100);
        int rounds = argument(arguments, 2, 3);
        Path run = arguments.length > 3
                ? Files.createDirectories(Path.of(arguments[3]))
                : Files.createTempDirectory("million-scores");
        PrintStream out = System.out;
        long begin = System.nanoTime();
        List<Path> files = SyntheticScores.write(run, documents, queries);
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.size(file);
        }
        try (var pool = new WorkerPool(Runtime.getRuntime().availableProcessors())) {
            out.printf(
                    Locale.ROOT,
                    "%s, Java %s, %d threads, heap of at most %d MiB; %,d documents, %d queries, %.3f GB, made in %.0f s%n",
                    System.getProperty("os.arch"),
                    Runtime.version(),
                    pool.threads(),
                    Runtime.getRuntime().maxMemory() >> 20,
                    documents,
                    queries,
                    bytes / 1e9,
                    seconds(begin));
            for (int round = 0; round < rounds; round++) {
                double reading = PlainReading.mapped(files, pool);
                System.gc(); // what came before
                HEAP.forEach(MemoryPoolMXBean::resetPeakUsage);
                long processor = SYSTEM.getProcessCpuTime();
                long start = System.nanoTime();
                var passed = new Passed();
                Analyses found = RunAnalyses.of(run, RunAnalyses.TOP, pool, passed);
                double took = seconds(start);
                out.printf(
                        Locale.ROOT,
                        "  round %d, load average %.1f: plain reading %.2f s; all analyses %.2f s (processors %.2f s), of"
                                + " which the pass %.2f s; heap in use, garbage included: at most %d MiB%n",
                        round + 1,
                        SYSTEM.getSystemLoadAverage(),
                        reading,
                        took,
                        (SYSTEM.getProcessCpuTime() - processor) / 1e9,
                        passed.seconds,
                        HEAP.stream()
                                        .mapToLong(part -> part.getPeakUsage().getUsed())
                                        .sum()
                                >> 20);
                if (round == rounds - 1) {
                    out.printf(
                            Locale.ROOT,
                            "  checked: correlations of %d queries differ by %.1e from plain loops%n",
                            CHECKED,
                            difference(found, documents));
                }
            }
        }
    }

    /// Of the first queries, which are the same however many there are; only their scores are held.
    private static double difference(Analyses found, int documents) {
        int queries = found.queries().size();
        double[][] plain = SyntheticScores.inMemory(documents, queries, CHECKED);
        double worst = 0;
        for (int i = 0; i < CHECKED; i++) {
            for (int j = 0; j < i; j++) {
                double expected = new PearsonsCorrelation().correlation(plain[i], plain[j]);
                worst = Math.max(
                        worst,
                        Math.abs(expected
                                - found.correlation()
                                        .matrix(Coefficient.PEARSON)
                                        .at(i, j)));
            }
        }
        return worst;
    }

    /// Hears how long the pass took.
    private static final class Passed implements Progress {
        private long begin;
        private double seconds;

        @Override
        public void start(String stage, long totalUnits, String unit) {
            begin = System.nanoTime();
        }

        @Override
        public void advance(long units, long tokens) {}

        @Override
        public void note(String line) {}

        @Override
        public void finish() {
            seconds = seconds(begin);
        }
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    private static int argument(String[] arguments, int index, int otherwise) {
        return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
    }
}
