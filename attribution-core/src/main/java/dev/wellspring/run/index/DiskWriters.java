package dev.wellspring.run.index;

import dev.wellspring.gradient.EncodedShard;
import dev.wellspring.run.CancelledException;
import dev.wellspring.run.Progress;
import dev.wellspring.run.RunRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Writes shards to several disks, a thread for each. A shard goes to the disk that will have most bytes free, among
/// those that are not behind; when all are, [#put] waits. A disk that fails is named and taken out, and what it did
/// not write goes to the others.
final class DiskWriters implements AutoCloseable {
    private final Progress progress;
    private final List<Disk> disks = new ArrayList<>();
    /// What a failed disk has left behind.
    private final Deque<EncodedShard> orphans = new ArrayDeque<>();

    private long changes;
    private boolean closing;
    private @Nullable Throwable broken;

    private final class Disk {
        private final Path folder;
        private final Thread thread;
        private long free;
        private @Nullable EncodedShard waiting;
        private @Nullable EncodedShard writing;
        private @Nullable String failure;

        Disk(Path folder) {
            this.folder = folder;
            this.free = usable(folder);
            this.thread = Thread.ofPlatform().name("disk " + folder).daemon().unstarted(() -> serve(this));
        }

        boolean isIdle() {
            return waiting == null && writing == null;
        }
    }

    /// @param folders at least one
    DiskWriters(List<Path> folders, Progress progress) {
        this.progress = progress;
        folders.forEach(folder -> disks.add(new Disk(folder)));
        disks.forEach(disk -> disk.thread.start());
    }

    private static long usable(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException unknown) {
            return 0; // the first write will say what is wrong with it
        }
    }

    /// Hands a shard to a disk, and waits until one has room in its queue.
    ///
    /// @throws RunRefusedException when no disk is left
    synchronized void put(EncodedShard shard) {
        orphans.addLast(shard);
        while (!orphans.isEmpty()) {
            place();
        }
    }

    /// Waits until everything is written.
    ///
    /// @throws RunRefusedException when no disk is left
    synchronized void finish() {
        while (!orphans.isEmpty() || !disks.stream().allMatch(Disk::isIdle)) {
            if (orphans.isEmpty()) {
                await();
            } else {
                place();
            }
        }
        rethrow();
    }

    /// Gives the first orphan to a disk that is not behind, or waits for one.
    private void place() {
        rethrow();
        if (disks.stream().allMatch(disk -> disk.failure != null)) {
            throw new RunRefusedException(disks.stream()
                            .map(disk -> disk.folder + ": " + disk.failure)
                            .collect(Collectors.joining("; "))
                    + "; no disk is left: make room or give another --disk, then run again: finished shards are kept");
        }
        Disk best = disks.stream()
                .filter(disk -> disk.failure == null && disk.waiting == null)
                .max(Comparator.comparingLong(disk -> disk.free))
                .orElse(null);
        if (best == null) {
            await();
            return;
        }
        EncodedShard shard = orphans.removeFirst();
        best.free -= shard.byteSize();
        best.waiting = shard;
        changed();
    }

    private void await() {
        long seen = changes;
        try {
            while (changes == seen) {
                wait();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancelledException("interrupted while waiting for disks");
        }
    }

    private void changed() {
        changes++;
        notifyAll();
    }

    private void rethrow() {
        switch (broken) {
            case RuntimeException failure -> throw failure;
            case Error failure -> throw failure;
            case null, default -> {}
        }
    }

    private void serve(Disk disk) {
        for (EncodedShard shard = next(disk); shard != null; shard = next(disk)) {
            try {
                shard.writeTo(disk.folder);
                written(disk, shard);
            } catch (IOException failure) {
                takeOut(disk, shard, failure);
                return;
            } catch (RuntimeException | Error failure) { // the run must hear of it
                giveUp(disk, failure);
                return;
            }
        }
    }

    private synchronized @Nullable EncodedShard next(Disk disk) {
        boolean interrupted = false;
        while (disk.waiting == null && !closing) {
            try {
                wait();
            } catch (InterruptedException ignored) { // what was handed over is written all the same
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        disk.writing = disk.waiting;
        disk.waiting = null;
        changed();
        return disk.writing;
    }

    private synchronized void written(Disk disk, EncodedShard shard) {
        shard.close();
        disk.writing = null;
        changed();
    }

    private synchronized void takeOut(Disk disk, EncodedShard shard, IOException failure) {
        disk.failure = String.valueOf(failure.getMessage());
        orphans.addLast(shard);
        if (disk.waiting != null) {
            orphans.addLast(disk.waiting);
        }
        disk.waiting = null;
        disk.writing = null;
        progress.note(disk.folder + ": taken out (" + disk.failure + "); what it did not take goes to the other disks");
        changed();
    }

    private synchronized void giveUp(Disk disk, Throwable failure) {
        broken = failure;
        disk.failure = failure.toString();
        changed();
    }

    /// Ends the threads; what was handed to a disk is still written.
    @Override
    public void close() {
        synchronized (this) {
            closing = true;
            changed();
        }
        boolean interrupted = false;
        for (Disk disk : disks) {
            interrupted |= join(disk.thread);
        }
        orphans.forEach(EncodedShard::close);
        disks.forEach(DiskWriters::closeShards);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                return interrupted;
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
    }

    private static void closeShards(Disk disk) {
        if (disk.waiting != null) {
            disk.waiting.close();
        }
        if (disk.writing != null) {
            disk.writing.close();
        }
    }
}
