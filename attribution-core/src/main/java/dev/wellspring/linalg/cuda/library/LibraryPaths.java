package dev.wellspring.linalg.cuda.library;

import java.nio.file.Path;
import java.util.List;

/// Where NVIDIA's libraries are looked for.
///
/// @param folders in this order
/// @param loader whether the system's loader is asked first for the driver
@SuppressWarnings("DoNotCallSuggester")
public record LibraryPaths(List<Path> folders, boolean loader) {
    /// The places where installers put them.
    public static LibraryPaths ofSystem() {
        throw new UnsupportedOperationException();
    }

    /// These folders and no others.
    public static LibraryPaths only(List<Path> folders) {
        return new LibraryPaths(folders, false);
    }
}
