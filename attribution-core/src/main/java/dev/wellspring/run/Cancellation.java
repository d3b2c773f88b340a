package dev.wellspring.run;

/// Asks a run to stop at the next place where nothing is lost. Whoever hears the user calls [#request]; a stage calls
/// [#check] after each shard that it has written in full. Safe from any thread.
public final class Cancellation {
    private volatile boolean requested;

    /// From now on [#check] throws.
    public void request() {
        requested = true;
    }

    /// Whether somebody asked the run to stop.
    public boolean isRequested() {
        return requested;
    }

    /// Ends the stage here when somebody asked for it.
    ///
    /// @param done what is safe on disk, such as `12 of 40 shards`
    /// @throws CancelledException when [#request] was called
    public void check(String done) {
        if (requested) {
            throw new CancelledException("stopped on request after " + done);
        }
    }
}
