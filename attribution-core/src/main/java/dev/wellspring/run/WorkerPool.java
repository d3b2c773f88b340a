package dev.wellspring.run;

import dev.wellspring.linalg.RowParallel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Spreads rows over a fixed number of threads, the caller's among them. Every range is contiguous and depends
/// on the count and the number of threads alone.
public final class WorkerPool implements RowParallel, AutoCloseable {
    private static final int RANGES_PER_THREAD = 4;

    /// So few rows, as large pieces of work are, are taken one by one.
    private static final long MOST_ALONE = 64;

    private final int threads;
    private final Set<Thread> atWork = ConcurrentHashMap.newKeySet();
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
    @Override
    public int threads() {
        return threads;
    }

    /// Runs `body` as the interface says, a few ranges for each thread, which take them in turn: a thread that
    /// loses its core to another process holds up one range. The first range's exception comes out, with those of
    /// other ranges suppressed in it, after every range has ended. A body may call this again; its rows then stay
    /// on its thread.
    @Override
    public void forRanges(long count, RangeBody body) {
        int ranges = (int) (count <= MOST_ALONE ? count : Math.min((long) threads * RANGES_PER_THREAD, count));
        if (executor == null || ranges < 2 || !atWork.add(Thread.currentThread())) {
            body.accept(0, count);
            return;
        }
        try {
            var work = new Work(count, ranges, body);
            int helpers = Math.min(threads, ranges) - 1;
            var running = new CountDownLatch(helpers);
            for (int helper = 0; helper < helpers; helper++) {
                executor.execute(() -> {
                    work.takeRanges();
                    running.countDown();
                });
            }
            work.takeRanges();
            awaitAll(running);
            work.rethrow();
        } finally {
            atWork.remove(Thread.currentThread());
        }
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
        atWork.add(thread);
        return thread;
    }

    /// The ranges of one call, and what went wrong in each.
    private static final class Work {
        private final long count;
        private final int ranges;
        private final RangeBody body;
        private final AtomicInteger taken = new AtomicInteger();
        private final AtomicReferenceArray<@Nullable Throwable> failures;

        Work(long count, int ranges, RangeBody body) {
            this.count = count;
            this.ranges = ranges;
            this.body = body;
            this.failures = new AtomicReferenceArray<>(ranges);
        }

        void takeRanges() {
            for (int range = taken.getAndIncrement(); range < ranges; range = taken.getAndIncrement()) {
                try {
                    body.accept(bound(range), bound(range + 1));
                } catch (RuntimeException | Error failure) {
                    failures.set(range, failure);
                }
            }
        }

        /// ⌊count·range/ranges⌋ without overflow.
        private long bound(int range) {
            return count / ranges * range + count % ranges * range / ranges;
        }

        void rethrow() {
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
}
