package dev.wellspring.run.fit;

import dev.wellspring.run.Cancellation;
import dev.wellspring.run.Progress;

/// Asks for a stop when a stage begins.
record Stopping(Cancellation cancellation, String last) implements Progress {
    @Override
    public void start(String stage, long totalUnits, String unit) {
        if (stage.equals(last)) {
            cancellation.request();
        }
    }

    @Override
    public void advance(long units, long tokens) {}

    @Override
    public void note(String line) {}

    @Override
    public void finish() {}
}
