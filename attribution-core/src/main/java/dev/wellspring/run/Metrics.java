package dev.wellspring.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Where the time of a run went: seconds per stage and per group of operations, and counts such as documents and
/// tokens. Safe from any thread.
///
/// The meters are `wellspring.stage` and `wellspring.operation` (timers) and `wellspring.count` (counters), tagged
/// with `stage`, `operation` and `what`; `wellspring.flop` counts the floating-point operations of products and
/// eigendecompositions.
public final class Metrics {
    /// Groups of operations that a line names.
    private static final int NAMED = 6;

    private final MeterRegistry registry;
    private final Map<String, Stage> stages = new LinkedHashMap<>();
    private @Nullable Stage latest;

    /// Meters in a registry of the caller's, whose clock is used.
    public Metrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /// Meters that live and end with this object.
    public static Metrics inMemory() {
        return new Metrics(new SimpleMeterRegistry());
    }

    /// Times a stage, or one more part of it: `try (var _ = metrics.stage("score")) { … }`.
    public synchronized Span stage(String stage) {
        latest = stageOf(stage);
        return new Span(registry, latest.timer, this::end);
    }

    private synchronized void end() {
        latest = null;
    }

    /// Times one group of operations of a stage: `try (var _ = metrics.operation("score", "backward")) { … }`.
    public Span operation(String stage, String operation) {
        return new Span(registry, stageOf(stage).operation(operation), () -> {});
    }

    /// Adds one call of the seam to the stage that runs, if one does.
    ///
    /// @param nanos what it took
    /// @param flop its floating-point operations, 0 when they are not counted
    void called(String operation, long nanos, double flop) {
        Stage stage;
        synchronized (this) {
            stage = latest;
        }
        if (stage != null) {
            stage.operation(operation).record(nanos, TimeUnit.NANOSECONDS);
            if (flop > 0) {
                stage.flop(operation).increment(flop);
            }
        }
    }

    /// Counts something a stage went through, such as `documents` or `tokens`.
    public void count(String stage, String what, long amount) {
        stageOf(stage).counter(what).increment((double) amount);
    }

    /// One line per stage, in the order in which the stages began, such as
    /// `score: 12.5 s, 1,000 documents (80 a second), of which backward 61 %, forward 30 %`.
    public synchronized List<String> summary() {
        return stages.values().stream().map(Stage::summary).toList();
    }

    /// Writes everything as JSON, under the final name only when it is complete.
    ///
    /// @throws UncheckedIOException when the file cannot be written
    public void writeJson(Path file) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.writeString(part, toJson().toPrettyString() + "\n");
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("metrics: cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    private synchronized ObjectNode toJson() {
        ObjectNode root = new ObjectMapper().createObjectNode();
        stages.forEach((name, stage) -> stage.describe(root.putObject(name)));
        return root;
    }

    private synchronized Stage stageOf(String name) {
        return stages.computeIfAbsent(name, _ -> new Stage(registry, name));
    }

    /// One stretch of time, which ends when it is closed.
    public static final class Span implements AutoCloseable {
        private final MeterRegistry registry;
        private final Timer timer;
        private final Runnable atEnd;
        private final long begin;

        private Span(MeterRegistry registry, Timer timer, Runnable atEnd) {
            this.registry = registry;
            this.timer = timer;
            this.atEnd = atEnd;
            this.begin = registry.config().clock().monotonicTime();
        }

        @Override
        public void close() {
            timer.record(registry.config().clock().monotonicTime() - begin, TimeUnit.NANOSECONDS);
            atEnd.run();
        }
    }

    /// The meters of one stage. Only its maps need a lock; the meters bring their own.
    private static final class Stage {
        private final MeterRegistry registry;
        private final String name;
        private final Timer timer;
        private final Map<String, Timer> operations = new LinkedHashMap<>();
        private final Map<String, Counter> flops = new LinkedHashMap<>();
        private final Map<String, Counter> counters = new LinkedHashMap<>();

        Stage(MeterRegistry registry, String name) {
            this.registry = registry;
            this.name = name;
            this.timer = registry.timer("wellspring.stage", "stage", name);
        }

        synchronized Timer operation(String operation) {
            return operations.computeIfAbsent(
                    operation, _ -> registry.timer("wellspring.operation", "stage", name, "operation", operation));
        }

        synchronized Counter flop(String operation) {
            return flops.computeIfAbsent(
                    operation, _ -> registry.counter("wellspring.flop", "stage", name, "operation", operation));
        }

        synchronized Counter counter(String what) {
            return counters.computeIfAbsent(
                    what, _ -> registry.counter("wellspring.count", "stage", name, "what", what));
        }

        synchronized void describe(ObjectNode json) {
            json.put("seconds", seconds(timer));
            ObjectNode counts = json.putObject("counts");
            counters.forEach((what, counter) -> counts.put(what, (long) counter.count()));
            ObjectNode groups = json.putObject("operations");
            longestFirst().forEach(operation -> {
                Timer spent = operation.getValue();
                ObjectNode group = groups.putObject(operation.getKey());
                group.put("calls", spent.count()).put("seconds", seconds(spent));
                Counter flop = flops.get(operation.getKey());
                if (flop != null) {
                    group.put("gflop", flop.count() / 1e9);
                }
            });
        }

        synchronized String summary() {
            double total = seconds(timer);
            List<String> parts = new ArrayList<>();
            parts.add(String.format(Locale.ROOT, "%s: %.1f s", name, total));
            counters.forEach((what, counter) -> parts.add(countAndRate(what, counter.count(), total)));
            if (total > 0 && !operations.isEmpty()) {
                parts.add("of which "
                        + longestFirst().stream()
                                .limit(NAMED)
                                .map(operation -> share(operation, total))
                                .collect(Collectors.joining(", ")));
            }
            return String.join(", ", parts);
        }

        private List<Map.Entry<String, Timer>> longestFirst() {
            return operations.entrySet().stream()
                    .sorted(Comparator.comparingDouble(operation -> -seconds(operation.getValue())))
                    .toList();
        }

        private String share(Map.Entry<String, Timer> operation, double total) {
            double spent = seconds(operation.getValue());
            String share = String.format(Locale.ROOT, "%s %.0f %%", operation.getKey(), 100 * spent / total);
            Counter flop = flops.get(operation.getKey());
            return flop == null
                    ? share
                    : share + String.format(Locale.ROOT, " (%.0f GFLOP/s)", flop.count() / spent / 1e9);
        }

        private static String countAndRate(String what, double count, double seconds) {
            String counted = String.format(Locale.ROOT, "%,.0f %s", count, what);
            return seconds > 0 ? counted + String.format(Locale.ROOT, " (%,.0f a second)", count / seconds) : counted;
        }

        private static double seconds(Timer timer) {
            return timer.totalTime(TimeUnit.SECONDS);
        }
    }
}
