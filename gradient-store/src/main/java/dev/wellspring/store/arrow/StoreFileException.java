package dev.wellspring.store.arrow;

import java.nio.file.Path;

/// A file that cannot be written, read or trusted. The message is one line that names the file, what is wrong
/// and what to do.
public final class StoreFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreFileException(Path file, String problem) {
        super(oneLine(file, problem));
    }

    public StoreFileException(Path file, String problem, Exception cause) {
        super(oneLine(file, problem), cause);
    }

    private static String oneLine(Path file, String problem) {
        return (file + ": " + problem).replaceAll("\\R", " ");
    }
}
