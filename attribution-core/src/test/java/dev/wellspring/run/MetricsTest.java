package dev.wellspring.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
    private final HandClock clock = new HandClock();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
    private final Metrics metrics = new Metrics(registry);

    @Test
    void summaryNamesCountsRatesAndShares() {
        runTwoStages();
        assertThat(metrics.summary())
                .containsExactly(
                        "fit: 10.0 s, 400 documents (40 a second), 12,000 tokens (1,200 a second), of which backward 75 %,"
                                + " forward 25 %",
                        "score: 0.5 s");
    }

    @Test
    void metersAreInTheRegistryForOthersToRead() {
        runTwoStages();
        assertThat(registry.get("wellspring.count")
                        .tags("stage", "fit", "what", "tokens")
                        .counter()
                        .count())
                .isEqualTo(12_000);
        assertThat(registry.get("wellspring.operation")
                        .tags("stage", "fit", "operation", "backward")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void fileHoldsTheSameNumbers(@TempDir Path folder) throws IOException {
        runTwoStages();
        Path file = folder.resolve("metrics.json");
        metrics.writeJson(file);
        var json = new ObjectMapper().readTree(Files.readString(file));
        assertThat(json.at("/fit/seconds").asDouble()).isEqualTo(10);
        assertThat(json.at("/fit/counts/documents").asLong()).isEqualTo(400);
        assertThat(json.at("/fit/operations/backward/seconds").asDouble()).isEqualTo(7.5);
        assertThat(json.at("/score/seconds").asDouble()).isEqualTo(0.5);
        try (var left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void fileThatCannotBeWrittenIsNamed(@TempDir Path folder) {
        Path file = folder.resolve("missing/metrics.json");
        assertThatThrownBy(() -> metrics.writeJson(file))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("cannot write " + file);
    }

    @Test
    void runWithoutStagesHasNothingToSay() {
        assertThat(metrics.summary()).isEmpty();
    }

    private void runTwoStages() {
        try (var _ = metrics.stage("fit")) {
            try (var _ = metrics.operation("fit", "backward")) {
                clock.pass(Duration.ofMillis(7500));
            }
            try (var _ = metrics.operation("fit", "forward")) {
                clock.pass(Duration.ofMillis(2500));
            }
            metrics.count("fit", "documents", 150);
            metrics.count("fit", "documents", 250);
            metrics.count("fit", "tokens", 12_000);
        }
        try (var _ = metrics.stage("score")) {
            clock.pass(Duration.ofMillis(500));
        }
    }

    /// Time passes when the test says so.
    private static final class HandClock implements Clock {
        private long nanos;

        void pass(Duration time) {
            nanos += time.toNanos();
        }

        @Override
        public long wallTime() {
            return nanos / 1_000_000;
        }

        @Override
        public long monotonicTime() {
            return nanos;
        }
    }
}
