package dev.wellspring.run.search;

import dev.wellspring.gradient.StoredBatch;
import dev.wellspring.gradient.StoredGradients;
import dev.wellspring.run.CancelledException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// Brings the batches of a store into memory ahead of who computes with them: a thread for each disk, each in the order
/// of its shards.
final class ReadAhead implements AutoCloseable {
    /// Batches in memory that nobody has taken yet, for each disk: enough to hide the next one's reading.
    private static final int AHEAD = 4;

    private final BlockingQueue<Item> queue;
    private final List<Thread> threads = new ArrayList<>();
    private int lanes;

    private sealed interface Item {}

    private record Ready(StoredBatch batch) implements Item {}

    private record Failed(Throwable failure) implements Item {}

    private record End() implements Item {}

    ReadAhead(StoredGradients gradients) {
        List<StoredGradients.Lane> all = gradients.lanes();
        this.lanes = all.size();
        this.queue = new ArrayBlockingQueue<>(Math.max(1, AHEAD * all.size()));
        for (StoredGradients.Lane lane : all) {
            threads.add(Thread.ofPlatform().name("disk " + lane.disk()).daemon().start(() -> read(lane)));
        }
    }

    /// The next batches of any disks: those that are in memory, at least one and at most `most`; none after the last.
    /// What went wrong while reading is thrown here.
    List<StoredBatch> next(int most) {
        List<StoredBatch> batches = new ArrayList<>();
        try {
            while (lanes > 0 && batches.size() < most) {
                Item item = batches.isEmpty() ? queue.take() : queue.poll();
                switch (item) {
                    case null -> {
                        return batches;
                    }
                    case Ready(StoredBatch batch) -> batches.add(batch);
                    case Failed(RuntimeException failure) -> throw failure;
                    case Failed(Error failure) -> throw failure;
                    case Failed(Throwable failure) -> throw new IllegalStateException(failure);
                    case End() -> lanes--;
                }
            }
            return batches;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("interrupted while waiting for a disk");
        }
    }

    private void read(StoredGradients.Lane lane) {
        try {
            try {
                while (lane.batches().hasNext()) {
                    StoredBatch batch = lane.batches().next();
                    batch.load();
                    queue.put(new Ready(batch));
                }
                queue.put(new End());
            } catch (RuntimeException | Error failure) { // else the search would wait for batches for ever
                queue.put(new Failed(failure));
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                queue.clear();
                try {
                    thread.join(10);
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
