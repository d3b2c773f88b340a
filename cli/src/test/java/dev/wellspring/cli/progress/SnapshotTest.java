package dev.wellspring.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotTest {
    private static final Snapshot HALF = new Snapshot("score", 500, 1000, "documents", 50_000, Duration.ofHours(3));

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 10, 20, 40, 79, 80, 200})
    void barFitsTheTerminal(int width) {
        assertThat(HALF.bar(width)).hasSizeLessThanOrEqualTo(width);
    }

    @Test
    void narrowTerminalKeepsTheShare() {
        assertThat(HALF.bar(40)).isEqualTo("score   50 %  500/1,000 documents");
    }

    @Test
    void hoursAreShownWhenThereAreAny() {
        assertThat(HALF.plain()).contains("3:00:00 left");
    }

    @Test
    void nothingIsPromisedBeforeTheFirstUnit() {
        var beginning = new Snapshot("score", 0, 1000, "documents", 0, Duration.ofSeconds(3));
        assertThat(beginning.plain()).isEqualTo("score:   0 %, 0/1,000 documents");
    }

    @Test
    void moreThanPromisedIsStillAHundredPercent() {
        var beyond = new Snapshot("score", 11, 10, "documents", 0, Duration.ofSeconds(1));
        assertThat(beyond.plain()).startsWith("score: 100 %, 11/10 documents, 0:00 left");
    }
}
