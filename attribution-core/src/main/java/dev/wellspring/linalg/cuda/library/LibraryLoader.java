package dev.wellspring.linalg.cuda.library;

import dev.wellspring.linalg.foreign.NativeFunctions;
import java.util.List;
import java.util.function.Function;

/// Opens libraries out of [LibraryPaths].
public final class LibraryLoader {
    private final LibraryPaths paths;
    private final DynamicLoader system;

    private LibraryLoader(LibraryPaths paths, DynamicLoader system) {
        this.paths = paths;
        this.system = system;
    }

    /// @throws UnavailableException on a system without `dlopen`
    public static LibraryLoader of(LibraryPaths paths) {
        DynamicLoader system = DynamicLoader.find()
                .orElseThrow(() -> new UnavailableException("no NVIDIA driver is looked for on "
                        + System.getProperty("os.name") + "; use Linux, or Linux in Windows (WSL)"));
        return new LibraryLoader(paths, system);
    }

    /// Opens a library of no certain release, the first that loads, for as long as the process lives.
    ///
    /// @param title of the library, for people
    /// @param binding finds the library's functions
    /// @throws UnavailableException when there is none, or none that loads
    <T> T open(String title, String name, Function<NativeFunctions, T> binding) {
        try (var one = new LibrarySet(paths, system, folder -> false)) {
            T library = one.open(LibrarySet.Wanted.of(title, name, List.of(), binding));
            one.keep();
            return library;
        }
    }

    /// Libraries of one release of CUDA, none yet.
    LibrarySet release(int release) {
        return new LibrarySet(paths, system, folder -> LibraryPaths.isOfAnother(folder, release));
    }

    /// Whether somebody chose a folder with such a file.
    boolean chooses(String name) {
        return paths.chooses(name);
    }
}
