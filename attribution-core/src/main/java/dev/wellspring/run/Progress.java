package dev.wellspring.run;

/// Hears how far a stage has come. Stages follow one another; calls may come from any thread.
public interface Progress {
    /// A stage begins.
    ///
    /// @param stage a word or two for people, such as `score`
    /// @param totalUnits how many units the stage has, or −1 when nobody knows
    /// @param unit the plural of what is counted, such as `documents`
    void start(String stage, long totalUnits, String unit);

    /// More of the current stage is done.
    ///
    /// @param units how many units more
    /// @param tokens how many tokens they held, 0 when the stage does not count them
    void advance(long units, long tokens);

    /// A line for people that stays on the screen.
    void note(String line);

    /// The current stage ends.
    void finish();

    /// A listener that says nothing.
    static Progress silent() {
        return new Progress() {
            @Override
            public void start(String stage, long totalUnits, String unit) {}

            @Override
            public void advance(long units, long tokens) {}

            @Override
            public void note(String line) {}

            @Override
            public void finish() {}
        };
    }
}
