package dev.wellspring.run;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Hears of a run, remembers what it was told, and asks for a stop when a stage begins.
public final class Listener implements Progress {
    private final List<String> stages = new CopyOnWriteArrayList<>();
    private final List<String> notes = new CopyOnWriteArrayList<>();
    private final Cancellation cancellation;
    private final String last;

    /// One that only listens.
    public Listener() {
        this(new Cancellation(), "");
    }

    /// @param last the stage during which the run is asked to stop
    public Listener(Cancellation cancellation, String last) {
        this.cancellation = cancellation;
        this.last = last;
    }

    /// The stages that began.
    public List<String> stages() {
        return stages;
    }

    /// The lines for people.
    public List<String> notes() {
        return notes;
    }

    @Override
    public void start(String stage, long totalUnits, String unit) {
        stages.add(stage);
        if (stage.equals(last)) {
            cancellation.request();
        }
    }

    @Override
    public void advance(long units, long tokens) {}

    @Override
    public void note(String line) {
        notes.add(line);
    }

    @Override
    public void finish() {}
}
