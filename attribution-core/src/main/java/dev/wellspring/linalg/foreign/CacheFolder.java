package dev.wellspring.linalg.foreign;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// The user's folder for what can be made again: `wellspring` under what the environment variable `WELLSPRING_CACHE`
/// says, or else `XDG_CACHE_HOME`, or else `.cache` in the home folder.
public final class CacheFolder {
    private CacheFolder() {}

    /// Writes one file.
    @FunctionalInterface
    public interface Filling {
        /// @param part empty, and there already
        void write(Path part) throws IOException;
    }

    /// A folder inside, which need not exist yet.
    public static Path of(String purpose) {
        String chosen = System.getenv("WELLSPRING_CACHE");
        String shared = System.getenv("XDG_CACHE_HOME");
        Path base = chosen != null
                ? Path.of(chosen)
                : shared != null ? Path.of(shared) : Path.of(System.getProperty("user.home"), ".cache");
        return base.resolve("wellspring").resolve(purpose);
    }

    /// Writes a file whole or not at all. Several processes may do so at once: each writes a file of its own,
    /// and moves it to the final name.
    public static void write(Path target, Filling filling) throws IOException {
        Path part =
                Files.createTempFile(target.getParent(), target.getFileName().toString(), ".part");
        try {
            filling.write(part);
            move(part, target);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void move(Path part, Path target) throws IOException {
        try {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException | FileAlreadyExistsException other) {
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
