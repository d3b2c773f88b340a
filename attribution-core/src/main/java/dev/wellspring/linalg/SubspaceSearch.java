package dev.wellspring.linalg;

/// How leading singular directions are sought by subspace iteration, on every backend: what a plan counts on too.
public final class SubspaceSearch {
    /// Directions kept beyond the wanted rank, so that the last wanted one converges too.
    public static final int SPARE = 16;

    /// Rounds at most.
    public static final int MOST_ROUNDS = 10;

    /// The rounds end when one adds no more than this share of the squared norm that is held, by
    /// the wanted directions on processors, by all on GPUs.
    public static final double CONVERGED = 3e-7;

    /// Where the random numbers that V begins with come from.
    public static final long SEED = 0x5eed;

    private SubspaceSearch() {}

    /// Whether so many directions, and the spare ones, are a good part of all.
    ///
    /// @param all the smaller side of the matrix
    public static boolean leavesLittle(long all, long rank) {
        return 4 * (rank + SPARE) > all;
    }
}
