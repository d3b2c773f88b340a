package dev.wellspring.cli;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;

/// How long all analyses of a run and its report take, and how much heap, beside a plain reading of the same
/// files. The scores are synthetic, files and commands are the real ones; correlations and ranks are checked
/// against plain loops.
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
                var passed = new Passed();
                Analyses[] found = new Analyses[1];
                Cost analyses = Cost.of(() -> found[0] = RunAnalyses.of(run, RunAnalyses.TOP, pool, passed));
                out.printf(
                        Locale.ROOT,
                        "  round %d, load average %.1f: plain reading %.2f s; all analyses %s, of which the pass %.2f s%n",
                        round + 1,
                        SYSTEM.getSystemLoadAverage(),
                        reading,
                        analyses,
                        passed.seconds);
                Path report = run.resolve("report.html");
                Cost whole = Cost.of(() -> Commands.succeed("report", run, "--progress", "off"));
                out.printf(Locale.ROOT, "    report %s; %.1f MB%n", whole, Files.size(report) / 1e6);
                if (round == rounds - 1) {
                    out.printf(
                            Locale.ROOT,
                            "  checked: correlations of %d queries differ by %.1e from plain loops; %d of %d ranks in the"
                                    + " report are wrong%n",
                            CHECKED,
                            difference(found[0], documents),
                            wrongRanks(ReportPages.read(report), documents, queries),
                            CHECKED * 2 * RunAnalyses.TOP);
                }
            }
        }
    }

    /// What something took: by the clock, of all processors, and of the heap with its garbage.
    private record Cost(double seconds, double processors, long heapMiB) {
        static Cost of(Runnable work) {
            System.gc(); // what came before
            HEAP.forEach(MemoryPoolMXBean::resetPeakUsage);
            long processor = SYSTEM.getProcessCpuTime();
            long start = System.nanoTime();
            work.run();
            return new Cost(
                    MillionScores.seconds(start),
                    (SYSTEM.getProcessCpuTime() - processor) / 1e9,
                    HEAP.stream()
                                    .mapToLong(part -> part.getPeakUsage().getUsed())
                                    .sum()
                            >> 20);
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%.2f s (processors %.2f s; heap in use, garbage included: at most %d MiB)",
                    seconds,
                    processors,
                    heapMiB);
        }
    }

    /// How many documents of the report stand elsewhere by raw influence than it says, of the first queries.
    private static int wrongRanks(ReportPages page, int documents, int queries) {
        double[][] plain = SyntheticScores.inMemory(documents, queries, CHECKED);
        JsonNode shown = page.json("documents");
        int wrong = 0;
        for (int q = 0; q < CHECKED; q++) {
            double[] sorted = plain[q].clone();
            Arrays.sort(sorted);
            for (String end : List.of("top", "bottom")) {
                JsonNode ranking = page.json("ranking-" + q).path(end);
                for (int i = 0; i < ranking.path("document").size(); i++) {
                    String id = shown.get(ranking.path("document").get(i).asInt())
                            .get(0)
                            .asText();
                    double own = plain[q][Integer.parseInt(id.substring(1))];
                    int exceeding = documents;
                    while (exceeding > 0 && sorted[exceeding - 1] > own) {
                        exceeding--;
                    }
                    wrong += ranking.path("rawRank").get(i).asInt() == documents - exceeding + 1 ? 0 : 1;
                }
            }
        }
        return wrong;
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
