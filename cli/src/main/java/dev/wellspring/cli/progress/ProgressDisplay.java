package dev.wellspring.cli.progress;

import dev.wellspring.run.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Shows a run's progress: a bar that is redrawn in place, or a plain line now and then. A stage that is over
/// within two seconds leaves no trace.
public final class ProgressDisplay implements Progress, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration REDRAW = Duration.ofMillis(100);
    private static final Duration REPEAT = Duration.ofSeconds(10);
    private static final String ERASE = "\r\u001b[K";

    private enum Style {
        BAR,
        LINES,
        NOTES_ONLY
    }

    private final PrintStream stream;
    private final Style style;
    private final int width;
    private final LongSupplier nanoTime;

    private @Nullable Stage stage;
    private boolean barVisible;

    /// @param terminal whether `stream` is a terminal
    /// @param width the terminal's columns
    /// @param nanoTime a clock that never goes back, in nanoseconds
    public ProgressDisplay(PrintStream stream, ProgressMode mode, boolean terminal, int width, LongSupplier nanoTime) {
        this.stream = stream;
        this.style = switch (mode) {
            case AUTO -> terminal ? Style.BAR : Style.LINES;
            case PLAIN -> Style.LINES;
            case OFF -> Style.NOTES_ONLY;
        };
        this.width = width;
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized void start(String name, long totalUnits, String unit) {
        finish();
        stage = new Stage(name, totalUnits, unit, nanoTime.getAsLong(), style == Style.BAR ? PATIENCE : REPEAT);
    }

    @Override
    public synchronized void advance(long units, long tokens) {
        if (stage == null) {
            throw new IllegalStateException("advance: expected a started stage, got none");
        }
        stage.done += units;
        stage.tokens += tokens;
        long now = nanoTime.getAsLong();
        if (now - stage.nextShow >= 0) {
            show(stage.at(now));
            stage.nextShow = now + (style == Style.BAR ? REDRAW : REPEAT).toNanos();
        }
    }

    @Override
    public synchronized void note(String line) {
        eraseBar();
        stream.println(line);
        stream.flush();
    }

    @Override
    public synchronized void finish() {
        if (stage == null) {
            return;
        }
        Snapshot end = stage.at(nanoTime.getAsLong());
        stage = null;
        if (style != Style.NOTES_ONLY && end.elapsed().compareTo(PATIENCE) >= 0) {
            note(end.closing());
        } else {
            eraseBar();
        }
    }

    /// Leaves a clean line behind when a stage ended by an exception.
    @Override
    public synchronized void close() {
        stage = null;
        eraseBar();
    }

    private void show(Snapshot snapshot) {
        switch (style) {
            case BAR -> {
                stream.print(ERASE + snapshot.bar(width - 1));
                stream.flush();
                barVisible = true;
            }
            case LINES -> note(snapshot.plain());
            case NOTES_ONLY -> {}
        }
    }

    private void eraseBar() {
        if (barVisible) {
            stream.print(ERASE);
            stream.flush();
            barVisible = false;
        }
    }

    /// What is counted while a stage runs.
    private static final class Stage {
        private final String name;
        private final long total;
        private final String unit;
        private final long begin;
        private long nextShow;
        private long done;
        private long tokens;

        Stage(String name, long total, String unit, long begin, Duration firstShow) {
            this.name = name;
            this.total = total;
            this.unit = unit;
            this.begin = begin;
            this.nextShow = begin + firstShow.toNanos();
        }

        Snapshot at(long now) {
            return new Snapshot(name, done, total, unit, tokens, Duration.ofNanos(now - begin));
        }
    }
}
