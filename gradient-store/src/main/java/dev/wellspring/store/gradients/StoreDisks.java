package dev.wellspring.store.gradients;

import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.store.arrow.ArrowReader;
import dev.wellspring.store.arrow.StoreFileException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The folders where the shards of a store may lie: `disks.json`. Which of them holds which shard stands nowhere: it is
/// looked up, so that a shard can be moved.
final class StoreDisks {
    static final String FILE = "disks.json";

    private static final int VERSION = 1;
    /// Where shards lie when no disk was given.
    private static final String SHARDS = "shards";

    private static final int DIGITS = 12;
    private static final String REMEDY =
            "it is {\"version\":1,\"folders\":[...]} with the folders that hold gradients-*.arrow";

    private final Path store;
    private final List<String> names;

    /// @param names of the folders, as they stand in the file
    private StoreDisks(Path store, List<String> names) {
        this.store = store;
        this.names = List.copyOf(names);
    }

    /// The file as it stands.
    private record Content(int version, List<String> folders) {}

    /// The disks of a store; none if it has claimed none yet.
    ///
    /// @throws StoreFileException if the file cannot be used
    static StoreDisks read(Path store) {
        Path file = store.resolve(FILE);
        if (!exists(store)) {
            return new StoreDisks(store, List.of());
        }
        Content content = StoreJson.parse(file, StoreJson.read(file), Content.class, REMEDY);
        if (content.version != VERSION) {
            throw new StoreFileException(
                    file, "expected version " + VERSION + ", found " + content.version + "; " + REMEDY);
        }
        return new StoreDisks(store, content.folders);
    }

    /// Whether a folder names disks.
    static boolean exists(Path store) {
        return Files.exists(store.resolve(FILE));
    }

    /// Forgets them all.
    void delete() {
        ShardFile.delete(store.resolve(FILE));
    }

    /// Some folders, in the order of the room on their disks.
    static List<Path> roomiestFirst(List<Path> folders) {
        return folders.stream()
                .sorted(Comparator.comparingLong(StoreDisks::room).reversed())
                .toList();
    }

    private static long room(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            return 0; // writing to it will say what is wrong
        }
    }

    /// All folders, in order.
    List<Path> folders() {
        return names.stream().map(this::resolve).toList();
    }

    /// Those that are there.
    List<Path> present() {
        return folders().stream().filter(Files::isDirectory).toList();
    }

    /// Those that are not: their disks are gone, or not mounted.
    List<Path> vanished() {
        return folders().stream().filter(folder -> !Files.isDirectory(folder)).toList();
    }

    private Path resolve(String name) {
        return store.resolve(name).normalize();
    }

    /// @throws StoreFileException that names the first folder that is not there
    void requireAll() {
        for (Path folder : vanished()) {
            throw gone(folder);
        }
    }

    private StoreFileException gone(Path folder) {
        return new StoreFileException(
                folder,
                "is not there, though " + store.resolve(FILE)
                        + " names it; mount the disk, or, if it is lost, take the folder out of that file");
    }

    /// These disks and others. On each new one a folder is made, named after the store's identity and, if there
    /// is such a folder already, a number: stores of equal identity may share a disk, but never a folder.
    ///
    /// @param disks folders that exist; if none is given now and none was before, shards go into the store
    ///     itself
    /// @throws StoreFileException that names the disk that cannot be used
    StoreDisks with(List<Path> disks, String identity) {
        List<String> all = new ArrayList<>(names);
        boolean written = false;
        try {
            for (Path disk : disks) {
                if (folderOn(disk, all) == null) {
                    all.add(claim(disk, identity));
                }
            }
            if (all.isEmpty()) {
                createFolder(store.resolve(SHARDS));
                all.add(SHARDS);
            }
            if (!all.equals(names)) {
                StoreJson.write(store.resolve(FILE), new Content(VERSION, all));
            }
            written = true;
            return new StoreDisks(store, all);
        } finally {
            if (!written) {
                all.stream().skip(names.size()).map(this::resolve).forEach(ShardFile::delete);
            }
        }
    }

    /// The folders of some of the disks, or, if none is named, of all.
    List<Path> foldersOn(List<Path> disks) {
        if (disks.isEmpty()) {
            requireAll();
            return folders();
        }
        return disks.stream()
                .map(disk -> resolve(String.valueOf(folderOn(disk, names))))
                .distinct()
                .toList();
    }

    /// The name of the folder that lies on a disk.
    private @Nullable String folderOn(Path disk, List<String> among) {
        if (!Files.isDirectory(disk)) {
            throw new StoreFileException(disk, "is not there, or is not a folder; mount the disk, or give another");
        }
        for (String name : among) {
            Path parent = resolve(name).getParent();
            if (parent != null && isSame(parent, disk)) {
                if (!Files.isDirectory(resolve(name))) {
                    throw gone(resolve(name));
                }
                return name;
            }
        }
        return null;
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isDirectory(one) && Files.isSameFile(one, other);
        } catch (IOException e) {
            throw new StoreFileException(one, "cannot be read (" + ArrowReader.reason(e) + ")", e);
        }
    }

    /// Returns the name of a new folder: absolute, or relative to the store if the disk was given so.
    private String claim(Path disk, String identity) {
        String word = identity.replaceAll("[^0-9A-Za-z]", "");
        String name = "wellspring-" + word.substring(0, Math.min(DIGITS, word.length()));
        int number = 1;
        while (!createFolder(disk.resolve(number == 1 ? name : name + "-" + number))) {
            number++;
        }
        Path folder = disk.resolve(number == 1 ? name : name + "-" + number)
                .toAbsolutePath()
                .normalize();
        Path base = store.toAbsolutePath().normalize();
        return (disk.isAbsolute() ? folder : base.relativize(folder)).toString();
    }

    /// Returns false if it is there already.
    private static boolean createFolder(Path folder) {
        try {
            Files.createDirectory(folder);
            return true;
        } catch (FileAlreadyExistsException taken) {
            return false;
        } catch (IOException e) {
            throw new StoreFileException(
                    folder, "cannot be made (" + ArrowReader.reason(e) + "); make room or give another --disk", e);
        }
    }

    /// Opens a shard of a snapshot, wherever it lies.
    ///
    /// @throws StoreFileException that says what is missing, foreign or damaged
    GradientShardReader open(ShardEntry entry, GradientLayout layout) {
        StoreFileException failure = null;
        for (Path folder : present()) {
            Path file = entry.file(folder);
            if (Files.exists(file)) {
                try {
                    return open(file, entry, layout);
                } catch (StoreFileException e) {
                    failure = failure == null ? e : failure; // there may be a good one on another disk
                }
            }
        }
        throw failure == null ? missing(entry) : failure;
    }

    private static GradientShardReader open(Path file, ShardEntry entry, GradientLayout layout) {
        GradientShardReader reader = new GradientShardReader(file, entry.shard());
        String problem = LayoutDifference.between(layout, reader.layout());
        if (problem != null) {
            problem = "is of another store: " + problem + "; put back the shard of this store, or remove the file";
        } else if (!ShardEntry.of(reader, entry.revision()).equals(entry)) {
            problem = "is whole, but not shard " + entry.shard() + " of this store (" + reader.documents()
                    + " documents, expected " + entry.documents()
                    + ", or the same number of others); put that back, or remove the file";
        }
        if (problem == null) {
            return reader;
        }
        reader.close();
        throw new StoreFileException(file, problem);
    }

    /// Whether in the place of a shard there is a whole one, be it the right one or not.
    boolean isOccupied(ShardEntry entry) {
        return present().stream()
                .map(entry::file)
                .filter(Files::exists)
                .anyMatch(file -> GradientShardReader.problem(
                                () -> new GradientShardReader(file, entry.shard()).close())
                        .isEmpty());
    }

    private StoreFileException missing(ShardEntry entry) {
        String searched = present().stream().map(Path::toString).collect(Collectors.joining(", "));
        String gone = vanished().stream().map(Path::toString).collect(Collectors.joining(", "));
        return new StoreFileException(
                store,
                "shard " + entry.shard() + ", " + entry.file(Path.of("")) + ", is missing; searched "
                        + (searched.isEmpty() ? "nowhere" : searched)
                        + (gone.isEmpty()
                                ? "; put it back, or repair the store"
                                : "; not there: " + gone + "; mount the disk"));
    }
}
