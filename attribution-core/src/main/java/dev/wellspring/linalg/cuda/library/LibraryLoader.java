package dev.wellspring.linalg.cuda.library;

import dev.wellspring.linalg.foreign.NativeFunctions;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Opens libraries out of [LibraryPaths], the first that loads.
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

    /// An open library.
    ///
    /// @param file its path, or the bare name that the system's loader knew
    record Found(NativeFunctions functions, Path file) {
        /// What follows `.so.` in its name.
        int version() {
            return LibraryLoader.version(file);
        }
    }

    /// @param title of the library, for people
    /// @param names of its file, the best first
    /// @param needs by the version in its name, what it depends on: opened before, where found, since not all
    ///     installations lead the loader there
    /// @throws UnavailableException when there is none, or none that loads
    Found open(String title, List<String> names, IntFunction<List<String>> needs) {
        @Nullable String refusal = null;
        for (String candidate : paths.candidates(names)) {
            Path file = Path.of(candidate);
            if (file.isAbsolute()) {
                needs.apply(version(file)).forEach(need -> openBeside(file, need));
            }
            switch (system.open(candidate)) {
                case DynamicLoader.Opened(SymbolLookup symbols) -> {
                    return new Found(new NativeFunctions(title, symbols), file);
                }
                // What the system's loader does not find on its own is no news.
                case DynamicLoader.Refused(String reason) ->
                    refusal = refusal == null && file.isAbsolute() ? reason : refusal;
            }
        }
        throw new UnavailableException("no " + title + ": "
                + (refusal == null ? String.join(", ", names) + " is not found" : "it does not load: " + refusal));
    }

    private static int version(Path file) {
        String name = file.getFileName().toString();
        return Integer.parseInt(name.substring(name.indexOf(".so.") + ".so.".length()));
    }

    /// Opens what another library will ask for by name, if it is there: in that one's folder, or where pip
    /// puts it, or anywhere else. Whether it was needed shows later.
    void openBeside(Path library, String need) {
        List<String> candidates = new ArrayList<>();
        Path folder = library.getParent();
        if (folder != null) {
            candidates.add(folder.resolve(need).toString());
            // From nvidia/cublas/lib to nvidia/cusparse/lib.
            Path packages = folder.resolve("../..").normalize();
            if (packages.endsWith("nvidia")) {
                LibraryPaths.matching(packages, "*")
                        .forEach(other -> candidates.add(
                                other.resolve("lib").resolve(need).toString()));
            }
        }
        candidates.addAll(paths.candidates(List.of(need)));
        for (String candidate : candidates) {
            boolean bare = !Path.of(candidate).isAbsolute();
            if ((bare || Files.exists(Path.of(candidate))) && system.open(candidate) instanceof DynamicLoader.Opened) {
                return;
            }
        }
    }
}
