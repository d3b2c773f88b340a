package dev.wellspring.run;

import dev.wellspring.linalg.RowParallel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Spreads rows over a fixed number of threads, the caller's among them. Every range is contiguous and depends on the
/// count alone, so the same rows always go together.
public final class WorkerPool implements RowParallel, AutoCloseable {
    private final int threads;
    private final Set<Thread> workers = ConcurrentHashMap.newKeySet();
    private final @Nullable ExecutorService executor;

    /// @param threads at least 1; with 1 everything stays on the caller
    public WorkerPool(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads: expected at least 1, got " + threads);
        }
        this.threads = threads;
        this.executor = threads == 1 ? null : Executors.newFixedThreadPool(threads - 1, this::worker);
    }

    /// The number of threads that work, the caller's included.
    public int threads() {
        return threads;
    }

    /// Runs `body` as the interface says. The first range's exception comes out, with those of other ranges
    /// suppressed in it, after every range has ended. A body may call this again; its rows then stay on its thread.
    @Override
    public void forRanges(long count, RangeBody body) {
        int ranges = (int) Math.min(threads, count);
        if (executor == null || ranges < 2 || workers.contains(Thread.currentThread())) {
            body.accept(0, count);
            return;
        }
        var failures = new AtomicReferenceArray<@Nullable Throwable>(ranges);
        var running = new CountDownLatch(ranges - 1);
        for (int range = 1; range < ranges; range++) {
            int mine = range;
            executor.execute(() -> {
                runRange(mine, ranges, count, body, failures);
                running.countDown();
            });
        }
        runRange(0, ranges, count, body, failures);
        awaitAll(running);
        rethrow(failures);
    }

    /// Waits for the threads to end.
    @Override
    public void close() {
        if (executor != null) {
            executor.close();
        }
    }

    private Thread worker(Runnable task) {
        Thread thread = Thread.ofPlatform().daemon().name("wellspring-worker").unstarted(task);
        workers.add(thread);
        return thread;
    }

    private static void runRange(
            int range, int ranges, long count, RangeBody body, AtomicReferenceArray<@Nullable Throwable> failures) {
        try {
            body.accept(bound(range, ranges, count), bound(range + 1, ranges, count));
        } catch (RuntimeException | Error failure) {
            failures.set(range, failure);
        }
    }

    /// ⌊count·range/ranges⌋ without overflow.
    private static long bound(int range, int ranges, long count) {
        return count / ranges * range + count % ranges * range / ranges;
    }

    /// An interrupt waits too: the caller owns memory that the ranges are still writing.
    private static void awaitAll(CountDownLatch running) {
        boolean interrupted = false;
        while (true) {
            try {
                running.await();
                break;
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void rethrow(AtomicReferenceArray<@Nullable Throwable> failures) {
        Throwable first = null;
        for (int range = 0; range < failures.length(); range++) {
            Throwable failure = failures.get(range);
            if (first == null) {
                first = failure;
            } else if (failure != null && failure != first) {
                first.addSuppressed(failure);
            }
        }
        switch (first) {
            case RuntimeException failure -> throw failure;
            case Error failure -> throw failure;
            case null, default -> {}
        }
    }
}
