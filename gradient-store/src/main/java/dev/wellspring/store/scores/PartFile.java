package dev.wellspring.store.scores;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A file that appears under its name only when it is whole: written as `NAME.part`, forced to the disk, renamed.
final class PartFile implements AutoCloseable {
    /// Large enough that system calls do not show, small enough to stay in the second-level cache.
    private static final int BUFFER_SIZE = 1 << 20;

    private final Path target;
    private final Path part;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_SIZE);
    private final CRC32C checksum = new CRC32C();
    private @Nullable FileChannel channel;
    private long position;

    /// Replaces a part that an earlier process left behind.
    PartFile(Path target) {
        this.target = target;
        this.part = part(target);
        try {
            channel = FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /// The name of a file that is not whole yet.
    static Path part(Path target) {
        return target.resolveSibling(target.getFileName() + ".part");
    }

    /// The number of bytes written so far.
    long position() {
        return position;
    }

    void write(byte[] bytes, int length) {
        checksum.update(bytes, 0, length);
        position += length;
        int done = 0;
        while (done < length) {
            int chunk = Math.min(length - done, buffer.remaining());
            buffer.put(bytes, done, chunk);
            done += chunk;
            if (!buffer.hasRemaining()) {
                drain();
            }
        }
    }

    void write(GrowingBytes bytes) {
        write(bytes.array(), bytes.size());
    }

    /// Zeros up to the next multiple of `alignment`, plus `excess`.
    void align(int alignment, int excess) {
        int missing = (int) Math.floorMod(excess - position, (long) alignment);
        write(new byte[missing], missing);
    }

    /// The CRC32C of everything written since the last call.
    int takeChecksum() {
        int value = (int) checksum.getValue();
        checksum.reset();
        return value;
    }

    /// Makes the file durable and gives it its name; the file of that name, if there is one, is replaced in one step.
    void commit() {
        drain();
        try {
            open().force(true);
            open().close();
            channel = null;
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            forceDirectory();
        } catch (IOException e) {
            throw failure(e);
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
            throw failure(e);
        }
    }

    private void drain() {
        buffer.flip();
        try {
            while (buffer.hasRemaining()) {
                open().write(buffer);
            }
        } catch (IOException e) {
            throw failure(e);
        }
        buffer.clear();
    }

    private FileChannel open() {
        if (channel == null) {
            throw new IllegalStateException(target + ": already committed or closed");
        }
        return channel;
    }

    /// A rename is durable once its directory is; only POSIX systems let a directory be opened.
    private void forceDirectory() throws IOException {
        Path directory = target.toAbsolutePath().getParent();
        if (directory != null
                && directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
                entries.force(true);
            }
        }
    }

    private ScoreFileException failure(IOException e) {
        return new ScoreFileException(
                part,
                "cannot be written (" + ArrowReader.reason(e)
                        + "); make room or choose another folder, then run again: finished shards are kept",
                e);
    }
}
