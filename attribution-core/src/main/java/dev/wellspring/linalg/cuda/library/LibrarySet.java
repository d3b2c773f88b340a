package dev.wellspring.linalg.cuda.library;

import dev.wellspring.linalg.foreign.NativeFunctions;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Libraries that are opened to work together: all of them stay open, or, when one is missing, none.
///
/// What a library depends on is opened before it, where it is found, since not all installations lead the system's
/// loader there.
final class LibrarySet implements AutoCloseable {
    /// Reasons that a message has room for.
    private static final int MOST_REASONS = 3;

    private final LibraryPaths paths;
    private final DynamicLoader system;
    private final Predicate<Path> foreign;
    private final Deque<DynamicLoader.Opened> opened = new ArrayDeque<>();

    /// The folders around the libraries of the set, those of the last one first.
    private final List<Path> near = new ArrayList<>();

    /// A library to be opened.
    ///
    /// @param title for people
    /// @param name of its file
    /// @param needs the names of what it depends on, in the order in which they are opened
    /// @param binding finds its functions
    /// @param preferred which one is taken if several load; the first, if it is none of them
    record Wanted<T>(
            String title,
            String name,
            List<String> needs,
            Function<NativeFunctions, T> binding,
            Predicate<T> preferred) {
        /// The first that loads.
        static <T> Wanted<T> of(String title, String name, List<String> needs, Function<NativeFunctions, T> binding) {
            return new Wanted<>(title, name, needs, binding, any -> true);
        }
    }

    /// @param foreign folders whose libraries do not belong to these
    LibrarySet(LibraryPaths paths, DynamicLoader system, Predicate<Path> foreign) {
        this.paths = paths;
        this.system = system;
        this.foreign = foreign;
    }

    /// Opens a library from where others of the set lie, or else from anywhere.
    ///
    /// @throws UnavailableException when there is none, or none that loads; it says what was tried
    <T> T open(Wanted<T> wanted) {
        List<String> refusals = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (String candidate : paths.candidates(wanted.name, near)) {
            int before = opened.size();
            Optional<T> library = load(wanted, candidate, refusals);
            if (library.isPresent() && wanted.preferred.test(library.get())) {
                return taken(library.get(), candidate);
            }
            library.ifPresent(_ -> others.add(candidate));
            // The next one may have the same name, for which the loader would give the one that is open.
            closeDownTo(before);
        }
        for (String candidate : others) {
            Optional<T> library = load(wanted, candidate, refusals);
            if (library.isPresent()) {
                return taken(library.get(), candidate);
            }
        }
        throw new UnavailableException("no " + wanted.title + ": "
                + (refusals.isEmpty() ? wanted.name + " is not found" : "it does not load: " + words(refusals)));
    }

    private static String words(List<String> refusals) {
        List<String> distinct = refusals.stream().distinct().toList();
        int more = distinct.size() - MOST_REASONS;
        String first = String.join("; ", distinct.subList(0, Math.min(MOST_REASONS, distinct.size())));
        return more > 0 ? first + "; and " + more + " more" : first;
    }

    private <T> T taken(T library, String candidate) {
        near.addAll(0, LibraryPaths.around(Path.of(candidate)));
        return library;
    }

    private <T> Optional<T> load(Wanted<T> wanted, String candidate, List<String> refusals) {
        Path file = Path.of(candidate);
        if (isForeign(file)) {
            refusals.add(candidate + " is of another release of CUDA");
            return Optional.empty();
        }
        if (file.isAbsolute()) {
            wanted.needs.forEach(need -> openNeed(file, need));
        }
        return switch (system.open(candidate)) {
            case DynamicLoader.Opened library -> {
                opened.push(library);
                yield bound(wanted, library, candidate, refusals);
            }
            case DynamicLoader.Refused(String reason) -> {
                if (file.isAbsolute() || !isAbsence(candidate, reason)) {
                    refusals.add(reason);
                }
                yield Optional.empty();
            }
        };
    }

    /// That the system's loader does not find a library on its own is no news, but that it does not find what the
    /// library depends on is.
    private static boolean isAbsence(String name, String reason) {
        return reason.contains(name) && reason.contains("No such file");
    }

    private static <T> Optional<T> bound(
            Wanted<T> wanted, DynamicLoader.Opened library, String candidate, List<String> refusals) {
        try {
            return Optional.of(wanted.binding.apply(new NativeFunctions(wanted.title, library.symbols())));
        } catch (UnsatisfiedLinkError lack) {
            refusals.add(candidate + ": " + lack.getMessage());
            return Optional.empty();
        }
    }

    private boolean isForeign(Path file) {
        Path folder = file.getParent();
        return folder != null && foreign.test(folder);
    }

    /// Opens what another library will ask for by name, if it is there: in that one's folder, or where pip
    /// puts it, or anywhere else. Whether it was needed shows later.
    ///
    /// @param library the path of the other one
    void openNeed(Path library, String need) {
        Optional<DynamicLoader.Opened> already = system.reopen(need);
        if (already.isPresent()) {
            opened.push(already.get());
            return;
        }
        List<String> candidates = Stream.concat(
                        LibraryPaths.files(LibraryPaths.around(library), need), paths.candidates(need, near).stream())
                .distinct()
                .filter(candidate -> !isForeign(Path.of(candidate)))
                .toList();
        for (String candidate : candidates) {
            if (system.open(candidate) instanceof DynamicLoader.Opened found) {
                opened.push(found);
                return;
            }
        }
    }

    /// Opens what the library that was taken last will ask for by name, if it is there.
    void openNeedOfLast(String need) {
        if (!near.isEmpty()) {
            openNeed(near.getFirst().resolve(need), need);
        }
    }

    /// Everything is there, and stays open for as long as the process lives.
    void keep() {
        opened.clear();
    }

    private void closeDownTo(int count) {
        while (opened.size() > count) {
            system.close(opened.pop());
        }
    }

    /// Closes what was opened, the last first, unless it is kept.
    @Override
    public void close() {
        closeDownTo(0);
    }
}
