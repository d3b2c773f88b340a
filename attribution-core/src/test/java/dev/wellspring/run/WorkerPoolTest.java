package dev.wellspring.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerPoolTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 15, 16, 17, 23, 24, 63, 64, 65, 1000})
    void everyRowIsVisitedOnce(int rows) {
        var visits = new AtomicIntegerArray(rows);
        try (var pool = new WorkerPool(3)) {
            pool.forRanges(rows, (from, to) -> {
                for (long row = from; row < to; row++) {
                    visits.incrementAndGet((int) row);
                }
            });
        }
        for (int row = 0; row < rows; row++) {
            assertThat(visits.get(row)).as("row %d of %d", row, rows).isEqualTo(1);
        }
    }

    @Test
    void sameCountGivesTheSameRanges() {
        try (var pool = new WorkerPool(4)) {
            assertThat(ranges(pool, 103)).hasSize(16).contains("0-6", "6-12", "12-19", "96-103");
            assertThat(ranges(pool, 103)).isEqualTo(ranges(pool, 103));
        }
    }

    @Test
    void oneRowStaysOnTheCaller() {
        var thread = new AtomicReference<Thread>();
        try (var pool = new WorkerPool(4)) {
            pool.forRanges(1, (_, _) -> thread.set(Thread.currentThread()));
        }
        assertThat(thread).hasValue(Thread.currentThread());
    }

    @Test
    void manyRowsUseEveryThread() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        try (var pool = new WorkerPool(3)) {
            var meeting = new java.util.concurrent.CyclicBarrier(3);
            pool.forRanges(300, (_, _) -> {
                threads.add(Thread.currentThread());
                try {
                    meeting.await();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
        }
        assertThat(threads).hasSize(3).contains(Thread.currentThread());
    }

    @Test
    void bodyMayCallThePoolAgain() {
        var visits = new AtomicIntegerArray(64 * 64);
        try (var pool = new WorkerPool(3)) {
            pool.forRanges(64, (outerFrom, outerTo) -> {
                for (long outer = outerFrom; outer < outerTo; outer++) {
                    long first = outer * 64;
                    pool.forRanges(64, (from, to) -> {
                        for (long row = from; row < to; row++) {
                            visits.incrementAndGet((int) (first + row));
                        }
                    });
                }
            });
        }
        for (int row = 0; row < visits.length(); row++) {
            assertThat(visits.get(row)).isEqualTo(1);
        }
    }

    @Test
    void failureComesOutWithTheOthersSuppressed() {
        try (var pool = new WorkerPool(3)) {
            assertThatThrownBy(() -> pool.forRanges(3, (from, _) -> {
                        throw new IllegalStateException("range at " + from);
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("range at 0")
                    .satisfies(failure -> assertThat(failure.getSuppressed())
                            .extracting(Throwable::getMessage)
                            .containsExactly("range at 1", "range at 2"));
        }
    }

    @Test
    void errorComesOutToo() {
        try (var pool = new WorkerPool(2)) {
            assertThatThrownBy(() -> pool.forRanges(30, (from, _) -> {
                        if (from > 0) {
                            throw new OutOfMemoryError("asked for");
                        }
                    }))
                    .isInstanceOf(OutOfMemoryError.class);
        }
    }

    @Test
    void poolWorksAgainAfterAFailure() {
        try (var pool = new WorkerPool(2)) {
            assertThatThrownBy(() -> pool.forRanges(30, (_, _) -> {
                        throw new IllegalStateException("once");
                    }))
                    .hasMessage("once");
            assertThat(ranges(pool, 2)).isEqualTo(Set.of("0-1", "1-2"));
        }
    }

    @Test
    void noThreadsAreRefused() {
        assertThatThrownBy(() -> new WorkerPool(0)).hasMessage("threads: expected at least 1, got 0");
    }

    private static Set<String> ranges(WorkerPool pool, long count) {
        Set<String> ranges = ConcurrentHashMap.newKeySet();
        pool.forRanges(count, (from, to) -> ranges.add(from + "-" + to));
        return ranges;
    }
}
