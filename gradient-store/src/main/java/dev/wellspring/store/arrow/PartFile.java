package dev.wellspring.store.arrow;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// A file that appears under its name only when it is whole: written as `NAME.part`, forced to the disk, renamed.
public final class PartFile implements ArrowOutput {
    /// Large enough that system calls do not show, small enough to stay in the second-level cache.
    private static final int BUFFER_SIZE = 1 << 20;

    private final Path target;
    private final Path part;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_SIZE);
    private @Nullable FileChannel channel;

    /// Replaces a part that an earlier process left behind.
    public PartFile(Path target) {
        this.target = target;
        this.part = part(target);
        try {
            channel = FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException e) {
            throw failure(part, e);
        }
    }

    /// The name of a file that is not whole yet.
    public static Path part(Path target) {
        return target.resolveSibling(target.getFileName() + ".part");
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        int done = 0;
        while (done < length) {
            int chunk = Math.min(length - done, buffer.remaining());
            buffer.put(bytes, offset + done, chunk);
            done += chunk;
            if (!buffer.hasRemaining()) {
                drain();
            }
        }
    }

    /// Adds bytes that lie outside the heap, at most 2 GiB of them, without a copy in between.
    public void write(MemorySegment bytes) {
        drain();
        write(bytes.asByteBuffer());
    }

    /// What is written to the stream goes to this file; closing the stream does nothing.
    public OutputStream stream() {
        return new OutputStream() {
            @Override
            public void write(int value) {
                PartFile.this.write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                PartFile.this.write(bytes, offset, length);
            }
        };
    }

    /// Makes the file durable and gives it its name; the file of that name, if there is one, is replaced in one step.
    @Override
    public void commit() {
        drain();
        try {
            open().force(true);
            open().close();
            rename(target);
            channel = null;
        } catch (IOException e) {
            throw failure(part, e);
        }
    }

    /// Does the same for a part that somebody else has written and closed.
    public static void publish(Path target) {
        try {
            force(part(target), StandardOpenOption.WRITE);
            rename(target);
        } catch (IOException e) {
            throw failure(part(target), e);
        }
    }

    private static void rename(Path target) throws IOException {
        Files.move(part(target), target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Path directory = target.toAbsolutePath().getParent();
        if (directory != null
                && directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            force(directory, StandardOpenOption.READ); // elsewhere a directory cannot be opened
        }
    }

    private static void force(Path path, StandardOpenOption mode) throws IOException {
        try (FileChannel channel = FileChannel.open(path, mode)) {
            channel.force(true);
        }
    }

    /// Drops the file unless it was committed.
    @Override
    public void close() {
        if (channel == null) {
            return;
        }
        try {
            channel.close();
            channel = null;
            Files.deleteIfExists(part);
        } catch (IOException e) {
            throw failure(part, e);
        }
    }

    private void drain() {
        buffer.flip();
        write(buffer);
        buffer.clear();
    }

    private void write(ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                open().write(bytes);
            }
        } catch (IOException e) {
            throw failure(part, e);
        }
    }

    private FileChannel open() {
        if (channel == null) {
            throw new IllegalStateException(target + ": already committed or closed");
        }
        return channel;
    }

    /// What is thrown when a file cannot be written.
    public static StoreFileException failure(Path part, IOException e) {
        return failure(part, ArrowReader.reason(e), e);
    }

    public static StoreFileException failure(Path part, String reason, Exception e) {
        return new StoreFileException(
                part,
                "cannot be written (" + reason
                        + "); make room or choose another folder, then run again: finished files are kept",
                e);
    }
}
