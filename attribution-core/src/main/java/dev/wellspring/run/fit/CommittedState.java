package dev.wellspring.run.fit;

import dev.wellspring.run.RunFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The last committed state of one pass over the documents: a single file whose name says how many chunks are in it,
/// so that state and position cannot come apart.
///
/// `NAME.000123.safetensors` holds the sums over the first 123 chunks, `NAME.whole.safetensors` those over all.
final class CommittedState {
    private static final String ENDING = ".safetensors";

    private final RunFolder folder;
    private final String name;

    CommittedState(RunFolder folder, String name) {
        this.folder = folder;
        this.name = name;
    }

    /// Where the finished sums lie, once the pass is over.
    Path whole() {
        return folder.partial(name + ".whole" + ENDING);
    }

    /// Whether the pass is over.
    boolean isWhole() {
        return Files.exists(whole());
    }

    /// Where the sums over the first `chunks` lie.
    Path at(long chunks) {
        return folder.partial(String.format(Locale.ROOT, "%s.%09d%s", name, chunks, ENDING));
    }

    /// How many chunks are in the furthest state, if there is one.
    OptionalLong chunks() {
        try (Stream<Path> files = Files.list(folder.partial(""))) {
            return files.mapToLong(this::chunksIn).filter(chunks -> chunks >= 0).max();
        } catch (IOException failure) {
            throw new UncheckedIOException(folder.path() + ": " + failure.getMessage(), failure);
        }
    }

    /// Notes a finding of the pass in the folder's manifest.
    void record(String finding, Object result) {
        folder.record(finding, result);
    }

    /// Removes the states that a later one replaces.
    void deleteOlderThan(Path kept) {
        try (Stream<Path> files = Files.list(folder.partial(""))) {
            for (Path file : files.toList()) {
                if (chunksIn(file) >= 0 && !file.equals(kept)) {
                    Files.delete(file);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(folder.path() + ": " + failure.getMessage(), failure);
        }
    }

    private long chunksIn(Path file) {
        Matcher matcher = Pattern.compile(Pattern.quote(name) + "\\.(\\d+)" + Pattern.quote(ENDING))
                .matcher(String.valueOf(file.getFileName()));
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
    }
}
