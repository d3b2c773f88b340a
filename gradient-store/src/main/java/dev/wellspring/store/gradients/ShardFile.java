package dev.wellspring.store.gradients;

import dev.wellspring.store.arrow.ArrowReader;
import dev.wellspring.store.arrow.StoreFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A file that is named like one of a shard.
///
/// @param revision how often the shard had been repaired when it was written
/// @param isPart whether it has not got its final name
record ShardFile(Path path, int shard, int revision, boolean isPart) {
    private static final Pattern NAME = Pattern.compile("gradients-(\\d{5,9})(?:-(\\d{1,9}))?\\.arrow(\\.part)?");

    /// `gradients-00000.arrow`, and after a repair `gradients-00000-1.arrow`.
    static Path path(Path folder, int shard, int revision) {
        String suffix = revision == 0 ? "" : "-" + revision;
        return folder.resolve(String.format(Locale.ROOT, "gradients-%05d%s.arrow", shard, suffix));
    }

    /// All such files in a folder, by name.
    static List<ShardFile> in(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().flatMap(path -> of(path).stream()).toList();
        } catch (IOException e) {
            throw new StoreFileException(folder, "cannot be read (" + ArrowReader.reason(e) + ")", e);
        }
    }

    private static Optional<ShardFile> of(Path path) {
        Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
        if (!name.matches()) {
            return Optional.empty();
        }
        int revision = name.group(2) == null ? 0 : Integer.parseInt(name.group(2));
        return Optional.of(new ShardFile(path, Integer.parseInt(name.group(1)), revision, name.group(3) != null));
    }

    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new StoreFileException(file, "cannot be deleted (" + ArrowReader.reason(e) + ")", e);
        }
    }
}
