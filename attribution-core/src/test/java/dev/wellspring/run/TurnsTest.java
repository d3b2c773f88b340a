package dev.wellspring.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TurnsTest {
    @Test
    void resultsComeInTheOrderOfTheWorkWhicheverDeviceIsFirst() {
        List<Integer> taken = new ArrayList<>();
        var secondIsDone = new CountDownLatch(1);
        try (var turns = new Turns<Integer>(2, true, 8)) {
            turns.give(
                    0,
                    () -> {
                        await(secondIsDone);
                        return 0;
                    },
                    taken::add);
            turns.give(
                    1,
                    () -> {
                        secondIsDone.countDown();
                        return 1;
                    },
                    taken::add);
            for (int i = 2; i < 20; i++) {
                int number = i;
                turns.give(i % 2, () -> number, taken::add);
            }
            turns.settle();
        }
        assertThat(taken)
                .containsExactlyElementsOf(IntStream.range(0, 20).boxed().toList());
    }

    @Test
    void aDeviceWorksOnAThreadOfItsOwnWhileTheCallerDoesOtherThings() {
        var callerWentOn = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        try (var turns = new Turns<Thread>(1, true, 8)) {
            turns.give(
                    0,
                    () -> {
                        await(callerWentOn);
                        return Thread.currentThread();
                    },
                    threads::add);
            callerWentOn.countDown();
            turns.give(0, Thread::currentThread, threads::add);
            turns.settle();
        }
        assertThat(threads).hasSize(2).doesNotContain(Thread.currentThread());
        assertThat(threads.getFirst()).isSameAs(threads.getLast());
    }

    @Test
    void aBackendOnTheCallersThreadsDoesEachPieceAtOnce() {
        List<Thread> threads = new ArrayList<>();
        try (var turns = new Turns<Thread>(1, false, 8)) {
            turns.give(0, Thread::currentThread, threads::add);
            assertThat(threads).containsExactly(Thread.currentThread());
        }
    }

    @Test
    void aFailureComesOutAndClosingWaitsForWhatIsInWork() {
        var begun = new CountDownLatch(1);
        var failed = new CountDownLatch(1);
        var ended = new AtomicBoolean();
        assertThatThrownBy(() -> {
                    try (var turns = new Turns<Integer>(2, true, 8)) {
                        turns.give(
                                0,
                                () -> {
                                    await(begun);
                                    failed.countDown();
                                    throw new IllegalStateException("out of memory");
                                },
                                _ -> {});
                        turns.give(
                                1,
                                () -> {
                                    begun.countDown();
                                    await(failed);
                                    ended.set(true);
                                    return 1;
                                },
                                _ -> {});
                        turns.settle();
                    }
                })
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("out of memory");
        assertThat(ended).isTrue();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
