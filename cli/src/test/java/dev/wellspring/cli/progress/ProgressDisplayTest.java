package dev.wellspring.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {
    private static final String ERASE = "\r\u001b[K";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private long nanos;

    @Test
    void shortStageLeavesNoTrace() {
        var display = display(ProgressMode.AUTO, true);
        display.start("score", 10, "documents");
        pass(Duration.ofMillis(1900));
        display.advance(10, 100);
        display.finish();
        assertThat(written()).isEmpty();
    }

    @Test
    void barShowsShareRatesAndTimeLeft() {
        var display = display(ProgressMode.AUTO, true);
        display.start("score", 1000, "documents");
        pass(Duration.ofSeconds(10));
        display.advance(250, 40_000);
        assertThat(written())
                .isEqualTo(ERASE
                        + "score  [=====               ]   25 %  250/1,000 documents  0:30 left  25 documents/s"
                        + "  4,000 tokens/s");
    }

    @Test
    void barIsDrawnTenTimesASecondAtMost() {
        var display = display(ProgressMode.AUTO, true);
        display.start("score", 1000, "documents");
        pass(Duration.ofSeconds(2));
        for (int step = 0; step < 1000; step++) {
            display.advance(1, 0);
            pass(Duration.ofMillis(1));
        }
        assertThat(written().split(ERASE.replace("[", "\\["), -1)).hasSize(11);
    }

    @Test
    void closingLineReplacesTheBar() {
        var display = display(ProgressMode.AUTO, true);
        display.start("fit", -1, "documents");
        pass(Duration.ofSeconds(75));
        display.advance(15, 0);
        display.finish();
        assertThat(written()).endsWith(ERASE + "fit: 15 documents in 1:15, 0.2 documents/s" + System.lineSeparator());
    }

    @Test
    void noteStandsAboveTheBar() {
        var display = display(ProgressMode.AUTO, true);
        display.start("fit", 10, "documents");
        pass(Duration.ofSeconds(3));
        display.advance(1, 0);
        display.note("3 documents are empty");
        assertThat(written()).endsWith(ERASE + "3 documents are empty" + System.lineSeparator());
    }

    @Test
    void linesComeEveryTenSecondsElsewhere() {
        var display = display(ProgressMode.AUTO, false);
        display.start("score", 100, "documents");
        for (int second = 0; second < 25; second++) {
            pass(Duration.ofSeconds(1));
            display.advance(1, 10);
        }
        assertThat(written().lines())
                .containsExactly(
                        "score:  10 %, 10/100 documents, 1:30 left, 1.0 documents/s, 10 tokens/s",
                        "score:  20 %, 20/100 documents, 1:20 left, 1.0 documents/s, 10 tokens/s");
        assertThat(written()).doesNotContain("\r", "\u001b");
    }

    @Test
    void offSaysNothingButNotes() {
        var display = display(ProgressMode.OFF, true);
        display.start("score", 100, "documents");
        pass(Duration.ofMinutes(5));
        display.advance(50, 0);
        display.note("stopping");
        display.finish();
        assertThat(written().lines()).containsExactly("stopping");
    }

    @Test
    void stageThatBrokeLeavesACleanLine() {
        var display = display(ProgressMode.AUTO, true);
        display.start("score", 100, "documents");
        pass(Duration.ofSeconds(5));
        display.advance(50, 0);
        display.close();
        assertThat(written()).endsWith(ERASE);
    }

    @Test
    void advanceNeedsAStage() {
        var display = display(ProgressMode.AUTO, true);
        assertThatThrownBy(() -> display.advance(1, 0)).hasMessage("advance: expected a started stage, got none");
    }

    private ProgressDisplay display(ProgressMode mode, boolean terminal) {
        return new ProgressDisplay(stream, mode, terminal, 110, () -> nanos);
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    private String written() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
