package dev.wellspring.linalg;

/// How a backend spreads independent rows over threads. Threads themselves live in `run/`.
@FunctionalInterface
public interface RowParallel {
    /// Runs `body` on disjoint ranges that cover 0 to `count`, and returns when all are done. Which thread
    /// takes which range must not change the result.
    void forRanges(long count, RangeBody body);

    /// How many ranges are worked on at the same time, at most.
    default int threads() {
        return 1;
    }

    /// Rows `from` (inclusive) to `to` (exclusive).
    @FunctionalInterface
    interface RangeBody {
        void accept(long from, long to);
    }

    /// Everything on the calling thread.
    static RowParallel serial() {
        return (count, body) -> body.accept(0, count);
    }
}
