package dev.wellspring.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The last committed state of a stage that goes on where it stopped: a single file whose name says how many units are
/// in
/// it, chunks of documents or steps, so that state and position cannot come apart.
///
/// `NAME.000123.safetensors` holds the state after 123 units, `NAME.whole.safetensors` that after all.
public final class CommittedState {
    private static final String ENDING = ".safetensors";

    private final RunFolder folder;
    private final String name;

    /// @param name of the state within the folder
    public CommittedState(RunFolder folder, String name) {
        this.folder = folder;
        this.name = name;
    }

    /// Where the finished state lies, once the stage is over.
    public Path whole() {
        return folder.partial(name + ".whole" + ENDING);
    }

    /// Writes a whole file, or none.
    @FunctionalInterface
    public interface Save {
        void to(Path file) throws IOException;
    }

    /// Saves the finished state, and removes those it replaces.
    public void saveWhole(Save save) throws IOException {
        save.to(whole());
        deleteOlderThan(whole());
    }

    /// Whether the stage is over.
    public boolean isWhole() {
        return Files.exists(whole());
    }

    /// Where the state after `units` lie.
    public Path at(long units) {
        return folder.partial(String.format(Locale.ROOT, "%s.%09d%s", name, units, ENDING));
    }

    /// How many units are in the furthest state, if there is one.
    public OptionalLong units() {
        try (Stream<Path> files = Files.list(folder.partial(""))) {
            return files.mapToLong(this::unitsIn).filter(units -> units >= 0).max();
        } catch (IOException failure) {
            throw new UncheckedIOException(folder.path() + ": " + failure.getMessage(), failure);
        }
    }

    /// Notes a finding of the stage in the folder's manifest.
    public void record(String finding, Object result) {
        folder.record(finding, result);
    }

    /// Removes the states that a later one replaces.
    public void deleteOlderThan(Path kept) {
        try (Stream<Path> files = Files.list(folder.partial(""))) {
            for (Path file : files.toList()) {
                if (unitsIn(file) >= 0 && !file.equals(kept)) {
                    Files.delete(file);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(folder.path() + ": " + failure.getMessage(), failure);
        }
    }

    private long unitsIn(Path file) {
        Matcher matcher = Pattern.compile(Pattern.quote(name) + "\\.(\\d+)" + Pattern.quote(ENDING))
                .matcher(String.valueOf(file.getFileName()));
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
    }
}
