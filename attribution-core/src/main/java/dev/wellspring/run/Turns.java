package dev.wellspring.run;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Work given to devices, and taken back in the order in which it was given, so that what is made of it does
/// not depend on which device is done first. Each device has a thread of its own, with one piece in work and
/// one waiting; meanwhile the caller reads, writes and prepares.
///
/// A backend that computes on the caller's threads has no thread beside it: there each piece is done as it is given.
///
/// @param <R> what comes of a piece of work
public final class Turns<R> implements AutoCloseable {
    /// In work, and waiting.
    private static final int PIECES_PER_DEVICE = 2;

    private final List<ExecutorService> threads = new ArrayList<>();
    private final Deque<Piece<R>> given = new ArrayDeque<>();
    private final int most;

    private record Piece<R>(Future<R> result, Consumer<R> taker) {}

    /// @param devices how many
    /// @param beside whether they work while the caller does; several always do
    /// @param held how many pieces at most are given and not taken yet, at least 1
    Turns(int devices, boolean beside, int held) {
        most = Math.min(held, PIECES_PER_DEVICE * devices);
        for (int device = 0; device < devices && (beside || devices > 1); device++) {
            String name = "device-" + device;
            threads.add(Executors.newSingleThreadExecutor(
                    task -> Thread.ofPlatform().daemon().name(name).unstarted(task)));
        }
    }

    /// Gives a piece of work to a device, and waits while it has enough. What earlier pieces threw is thrown
    /// here or by [#settle]; nothing is taken after that.
    ///
    /// @param work done on the device's thread
    /// @param taker told the result, on the caller's thread
    public void give(int device, Supplier<R> work, Consumer<R> taker) {
        if (threads.isEmpty()) {
            taker.accept(work.get());
            return;
        }
        while (given.size() >= most) {
            takeOldest();
        }
        given.addLast(new Piece<>(threads.get(device).submit(work::get), taker));
    }

    /// Waits for all that was given, and takes it.
    public void settle() {
        while (!given.isEmpty()) {
            takeOldest();
        }
    }

    private void takeOldest() {
        Piece<R> oldest = given.removeFirst();
        oldest.taker().accept(result(oldest.result()));
    }

    private static <R> R result(Future<R> future) {
        try {
            return future.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("interrupted while waiting for a device");
        } catch (ExecutionException failure) {
            switch (failure.getCause()) {
                case RuntimeException unchecked -> throw unchecked;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException("device: " + failure.getMessage(), failure);
            }
        }
    }

    /// Waits until no device works on what was given, so that its memory can go; what was not taken is lost.
    @Override
    public void close() {
        given.forEach(piece -> piece.result().cancel(false));
        given.clear();
        threads.forEach(ExecutorService::close);
    }
}
