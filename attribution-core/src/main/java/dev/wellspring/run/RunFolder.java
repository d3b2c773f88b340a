package dev.wellspring.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A folder that one run owns while it is open. Files get their final names only when they are whole; what is
/// partial lies in the subfolder `partial`, which goes away when the run completes.
public final class RunFolder implements AutoCloseable {
    private static final String LOCK = ".lock";
    private static final String HISTORY = "history.jsonl";
    private static final String PART = ".part";

    private final Path path;
    private final FileChannel lockChannel;
    private final boolean isNew;
    private Manifest manifest;

    private RunFolder(Path path, boolean isNew, FileChannel lockChannel, Manifest manifest) {
        this.path = path;
        this.isNew = isNew;
        this.lockChannel = lockChannel;
        this.manifest = manifest;
    }

    /// The manifest of the run that a folder holds or began, or null when the folder is new or empty.
    public static @Nullable Manifest find(Path path) {
        return Files.exists(path.resolve(Manifest.FILE)) ? Manifest.read(path) : null;
    }

    /// Makes the folder, or goes on with what an earlier process left in it.
    ///
    /// @throws RunRefusedException when it holds another run, something else, or another process is at work in it
    public static RunFolder open(Path path, Manifest wanted) {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new RunRefusedException(path + ": expected a folder, found a file; give another --out");
        }
        try {
            Manifest found = find(path);
            if (found == null && isOccupied(path)) {
                throw new RunRefusedException(
                        path + ": expected a new or empty folder, found files of something else; give another --out");
            }
            if (found != null) {
                List<String> differences = found.differences(wanted);
                if (!differences.isEmpty()) {
                    throw new RunRefusedException(path + ": holds another run (" + String.join("; ", differences)
                            + "); give another --out, or delete the folder");
                }
            }
            boolean isNew = !Files.exists(path);
            Files.createDirectories(path);
            var folder = new RunFolder(path, isNew, lock(path), found == null ? wanted : found);
            if (found == null) {
                folder.begin();
            }
            return folder;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure.toString(), failure); // it names the file
        }
    }

    private void begin() {
        try {
            write(Manifest.FILE, manifest.toBytes());
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /// Where the folder is.
    public Path path() {
        return path;
    }

    /// The manifest as it stands.
    public Manifest manifest() {
        return manifest;
    }

    /// A file or folder in it.
    public Path resolve(String name) {
        return path.resolve(name);
    }

    /// A file in the subfolder for partial state, which exists after the call.
    public Path partial(String name) {
        try {
            return Files.createDirectories(path.resolve("partial")).resolve(name);
        } catch (IOException failure) {
            throw new UncheckedIOException(path + ": " + failure.getMessage(), failure);
        }
    }

    /// Notes a finding in the manifest at once.
    public void record(String name, Object result) {
        manifest = manifest.with(name, result);
        write(Manifest.FILE, manifest.toBytes());
    }

    /// Marks the run complete and drops the partial state.
    public void complete() {
        deletePartial(); // first: nobody would look for it in a complete folder
        manifest = manifest.completed();
        write(Manifest.FILE, manifest.toBytes());
    }

    /// Adds a line to `history.jsonl`: what happened when, which is no part of the result.
    public void history(String jsonObject) {
        byte[] line = (jsonObject + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            Files.write(path.resolve(HISTORY), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException failure) {
            throw unwritable(path.resolve(HISTORY), failure);
        }
    }

    /// Writes a whole file: under another name first, forced to the disk, then renamed.
    public void write(String name, byte[] content) {
        Path part = path.resolve(name + PART);
        try {
            try (FileChannel channel = FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(part, path.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw unwritable(path.resolve(name), failure);
        }
    }

    /// Gives the folder back. One in which nothing was found out yet is left as it was before, so that the next
    /// attempt may be made of something else.
    @Override
    public void close() {
        try {
            if (manifest.results().isEmpty() && !manifest.complete()) {
                leaveNothing();
            }
            lockChannel.close();
            Files.deleteIfExists(path.resolve(LOCK));
            if (isNew && isEmpty()) {
                Files.delete(path);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(path + ": " + failure.getMessage(), failure);
        }
    }

    private void leaveNothing() throws IOException {
        Set<String> own = Set.of(LOCK, HISTORY, Manifest.FILE, Manifest.FILE + PART);
        try (Stream<Path> files = Files.list(path)) {
            if (files.allMatch(file -> own.contains(String.valueOf(file.getFileName())))) {
                Files.deleteIfExists(path.resolve(HISTORY));
                Files.deleteIfExists(path.resolve(Manifest.FILE + PART));
                Files.deleteIfExists(path.resolve(Manifest.FILE));
            }
        }
    }

    private boolean isEmpty() throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.findAny().isEmpty();
        }
    }

    /// Mostly a full disk.
    private static RunRefusedException unwritable(Path file, IOException failure) {
        return new RunRefusedException(
                file + ": cannot be written (" + failure.getMessage()
                        + "); make room or choose another folder, then run again: finished files are kept",
                failure);
    }

    private void deletePartial() {
        Path partial = path.resolve("partial");
        if (!Files.exists(partial)) {
            return;
        }
        try (Stream<Path> files = Files.walk(partial)) {
            for (Path file : files.toList().reversed()) { // what is in a folder before the folder
                Files.delete(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(partial + ": " + failure.getMessage(), failure);
        }
    }

    private static boolean isOccupied(Path path) throws IOException {
        if (!Files.exists(path)) {
            return false;
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.anyMatch(file -> {
                String name = String.valueOf(file.getFileName());
                return !name.equals(LOCK) && !name.equals(Manifest.FILE + PART);
            });
        }
    }

    private static FileChannel lock(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException sameProcess) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new RunRefusedException(
                    path + ": another process is at work in this folder; wait for it, or give another --out");
        }
        return channel;
    }
}
