package dev.wellspring.run;

/// One step of a run. It reads folders and writes whole files into one; started again after a kill it goes on from
/// its last commit and ends with the bytes of an undisturbed run.
public interface Stage {
    /// What people call it, in one word.
    String name();

    /// Whether its results are all there, so that nothing is left to do.
    boolean isComplete();

    /// Does the work, from the beginning or from the last commit.
    ///
    /// @throws CancelledException when the user asked to stop; everything up to the last commit is kept
    void run();
}
