package dev.wellspring.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What this process takes at its peak, looked at fifty times a second while this is open: the Java heap, and what
/// Linux
/// says of its memory without and with mapped files.
final class MemoryPeaks implements AutoCloseable {
    private static final Path STATUS = Path.of("/proc/self/status");

    private final Thread thread = Thread.ofPlatform().daemon().name("memory").unstarted(this::watch);
    private volatile boolean closed;
    private volatile long heap;
    private volatile long anonymous;
    private volatile long mapped;

    MemoryPeaks() {
        thread.start();
    }

    /// The most bytes of the Java heap that were in use, garbage included.
    long heap() {
        return heap;
    }

    /// The most bytes of memory that no file stands behind: heap, tensors, compiled code, stacks; 0 where the system
    /// does
    /// not tell.
    long anonymous() {
        return anonymous;
    }

    /// The most bytes of mapped files that were in memory.
    long mapped() {
        return mapped;
    }

    private void watch() {
        try {
            while (!closed) {
                heap = Math.max(
                        heap,
                        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
                if (Files.exists(STATUS)) {
                    List<String> lines = Files.readAllLines(STATUS);
                    anonymous = Math.max(anonymous, bytes(lines, "RssAnon:"));
                    mapped = Math.max(mapped, bytes(lines, "RssFile:"));
                }
                Thread.sleep(20);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private static long bytes(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
