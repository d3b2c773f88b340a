package dev.wellspring.run.fit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// Compares what two runs left, byte for byte, but for when it happened.
final class SameFiles {
    private SameFiles() {}

    static void assertSame(Path expected, Path actual) throws IOException {
        try (Stream<Path> files = Files.list(expected)) {
            for (Path file :
                    files.filter(file -> !file.endsWith("history.jsonl")).toList()) {
                assertThat(actual.resolve(file.getFileName())).hasSameBinaryContentAs(file);
            }
        }
    }
}
