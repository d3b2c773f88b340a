package dev.wellspring.cli;

import dev.wellspring.run.WorkerPool;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;

/// What it costs to read files and nothing else.
final class PlainReading {
    /// Both threads of a small machine are in neighbouring pages.
    private static final long PIECE = 64L << 20;

    private static final int BUFFER = 1 << 20;

    private PlainReading() {}

    /// Maps files and sums them as 64-bit integers, a part for every thread; returns the seconds.
    static double mapped(List<Path> files, WorkerPool pool) throws IOException {
        long begin = System.nanoTime();
        long[] sums = new long[pool.threads()];
        for (Path file : files) {
            try (Arena arena = Arena.ofShared();
                    FileChannel channel = FileChannel.open(file)) {
                MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
                for (long at = 0; at < bytes.byteSize(); at += PIECE) {
                    MemorySegment piece = bytes.asSlice(at, Math.min(PIECE, bytes.byteSize() - at));
                    pool.forRanges(sums.length, (from, to) -> {
                        for (long part = from; part < to; part++) {
                            long size = piece.byteSize() / sums.length / Long.BYTES * Long.BYTES;
                            sums[(int) part] += sum(piece.asSlice(part * size, size));
                        }
                    });
                }
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        use(sums);
        return seconds;
    }

    private static long sum(MemorySegment bytes) {
        long sum = 0;
        int count = (int) (bytes.byteSize() / Long.BYTES);
        for (int i = 0; i < count; i++) {
            sum += bytes.getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i);
        }
        return sum;
    }

    /// So that the sums are not left out.
    private static void use(long[] sums) {
        long all = 0;
        for (long sum : sums) {
            all += sum;
        }
        if (all == 42) {
            System.err.println("a sum of 42");
        }
    }

    /// Reads files from their beginnings to their ends in pieces of 1 MiB, on one thread; returns the seconds.
    static double sequential(List<Path> files) throws IOException {
        long begin = System.nanoTime();
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        for (Path file : files) {
            try (FileChannel channel = FileChannel.open(file)) {
                while (channel.read(buffer.clear()) >= 0) {
                    // only the reading counts
                }
            }
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    /// Asks Linux to forget the pages of files; returns false where that cannot be asked.
    static boolean forget(List<Path> files) throws InterruptedException {
        try {
            for (Path file : files) {
                Process dd = new ProcessBuilder(
                                "dd", "of=" + file, "oflag=nocache", "conv=notrunc,fdatasync", "count=0", "status=none")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                if (dd.waitFor() != 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException noDd) {
            return false;
        }
    }
}
