package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.foreign.CacheFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/// Compiled kernels on disk, by the digest of what they were compiled from. A file is the SHA-256 of what
/// follows, and then that. It only saves time: a file that is damaged, or a folder that cannot be written,
/// means compiling again.
record KernelCache(Path folder) {
    private static final int DIGEST_BYTES = 32;

    /// The user's.
    static KernelCache ofUser() {
        return new KernelCache(CacheFolder.of("kernels"));
    }

    /// Nothing when it is not there, or not what was written.
    Optional<byte[]> read(String name) {
        Path file = folder.resolve(name);
        try {
            if (!Files.isRegularFile(file)) {
                return Optional.empty();
            }
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length <= DIGEST_BYTES) {
                return Optional.empty();
            }
            byte[] image = Arrays.copyOfRange(bytes, DIGEST_BYTES, bytes.length);
            boolean whole = Arrays.equals(digest(image), Arrays.copyOf(bytes, DIGEST_BYTES));
            return whole ? Optional.of(image) : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /// Whole or not at all.
    ///
    /// @return whether it was written
    boolean write(String name, byte[] image) {
        try {
            Files.createDirectories(folder);
            CacheFolder.write(folder.resolve(name), part -> Files.write(part, concatenated(digest(image), image)));
            return true;
        } catch (IOException unwritable) {
            return false;
        }
    }

    private static byte[] concatenated(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
