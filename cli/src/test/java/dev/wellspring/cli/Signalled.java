package dev.wellspring.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What shells do to the signals of what they start: in the background they have Ctrl-C ignored, and a JVM that was
/// started so never hears it.
final class Signalled {
    private static final Path STATUS = Path.of("/proc/self/status");

    private Signalled() {}

    /// Whether this process, and so its children, ignore INT or TERM; false where the system does not tell.
    static boolean isIgnored(String name) throws IOException {
        if (!Files.exists(STATUS)) {
            return false;
        }
        int number = name.equals("INT") ? 2 : 15;
        return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .mapToLong(line -> Long.parseUnsignedLong(
                        line.substring("SigIgn:".length()).strip(), 16))
                .anyMatch(mask -> (mask >> (number - 1) & 1) == 1);
    }
}
