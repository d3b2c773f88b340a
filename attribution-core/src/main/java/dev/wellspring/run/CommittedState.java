package dev.wellspring.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The last committed state of a stage that goes on where it stopped: a file for each device whose name says
/// how many units are in it, chunks of documents or steps, so that state and position cannot come apart. A
/// state counts once all its files are there.
///
/// `NAME.000123.safetensors` holds the state after 123 units, `NAME@1.000123.safetensors` what the second device has
/// of it, `NAME.whole.safetensors` the state after all units.
public final class CommittedState {
    private static final String ENDING = ".safetensors";

    private final RunFolder folder;
    private final String name;
    private final int devices;

    /// @param name of the state within the folder
    public CommittedState(RunFolder folder, String name) {
        this(folder, name, 1);
    }

    /// @param name of the state within the folder
    /// @param devices how many files a state has
    public CommittedState(RunFolder folder, String name, int devices) {
        this.folder = folder;
        this.name = name;
        this.devices = devices;
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
        deleteOthersThan(List.of());
    }

    /// Whether the stage is over.
    public boolean isWhole() {
        return Files.exists(whole());
    }

    /// Where the state after `units` lies, a file for each device.
    public List<Path> at(long units) {
        return IntStream.range(0, devices)
                .mapToObj(
                        device -> folder.partial(String.format(Locale.ROOT, "%s.%09d%s", name(device), units, ENDING)))
                .toList();
    }

    private String name(int device) {
        return device == 0 ? name : name + "@" + device;
    }

    /// How many units are in the furthest state that is there in full, if there is one.
    public OptionalLong units() {
        return files().stream()
                .mapToLong(this::unitsIn)
                .filter(units -> units >= 0 && at(units).stream().allMatch(Files::exists))
                .max();
    }

    /// Notes a finding of the stage in the folder's manifest.
    public void record(String finding, Object result) {
        folder.record(finding, result);
    }

    /// Removes the states that a later one replaces.
    public void deleteOthersThan(List<Path> kept) {
        for (Path file : files()) {
            if (unitsIn(file) >= 0 && !kept.contains(file)) {
                try {
                    Files.delete(file);
                } catch (IOException failure) {
                    throw new UncheckedIOException(file + ": " + failure.getMessage(), failure);
                }
            }
        }
    }

    private List<Path> files() {
        try (Stream<Path> files = Files.list(folder.partial(""))) {
            return files.toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(folder.path() + ": " + failure.getMessage(), failure);
        }
    }

    /// The units in a file of a state, or -1 for another file.
    private long unitsIn(Path file) {
        Matcher matcher = Pattern.compile(Pattern.quote(name) + "(?:@\\d+)?\\.(\\d+)" + Pattern.quote(ENDING))
                .matcher(String.valueOf(file.getFileName()));
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
    }
}
