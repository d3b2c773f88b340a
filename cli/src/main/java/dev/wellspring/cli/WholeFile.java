package dev.wellspring.cli;

import dev.wellspring.store.arrow.PartFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Small files of a command's own: under their names only when they are whole.
final class WholeFile {
    private WholeFile() {}

    /// Writes a text in UTF-8, in the place of what is there.
    ///
    /// @throws dev.wellspring.store.arrow.StoreFileException when it cannot be written
    static void write(Path file, String text) {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /// The same for bytes.
    static void write(Path file, byte[] bytes) {
        try (var part = new PartFile(file)) {
            part.write(bytes, 0, bytes.length);
            part.commit();
        }
    }
}
