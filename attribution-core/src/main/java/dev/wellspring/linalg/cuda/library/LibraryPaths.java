package dev.wellspring.linalg.cuda.library;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Where NVIDIA's libraries are looked for: first in the folders that somebody chose, then where the system's loader
/// looks (`LD_LIBRARY_PATH` and its own list), then where installers put them.
///
/// @param chosen folders, in order
/// @param loader whether the system's loader is asked
/// @param usual folders, in order
public record LibraryPaths(List<Path> chosen, boolean loader, List<Path> usual) {
    /// The environment variable with chosen folders, separated as in `PATH`.
    public static final String SETTING = "WELLSPRING_CUDA";

    private static final int MOST_LINKS = 8;

    /// Longer numbers in names of folders count as that many digits of nine.
    private static final int MOST_DIGITS = 9;

    public LibraryPaths {
        chosen = List.copyOf(chosen);
        usual = List.copyOf(usual);
    }

    /// This machine, for this user.
    public static LibraryPaths ofSystem() {
        return of(System.getenv(), Path.of("/"), Path.of(System.getProperty("user.home")));
    }

    /// These folders and no others.
    public static LibraryPaths only(List<Path> folders) {
        return new LibraryPaths(folders, false, List.of());
    }

    /// A machine whose files lie under `root`.
    static LibraryPaths of(Map<String, String> environment, Path root, Path home) {
        List<Path> usual = new ArrayList<>();
        for (String toolkit : List.of("CUDA_HOME", "CUDA_PATH")) {
            folder(environment, toolkit).forEach(path -> usual.addAll(toolkit(path)));
        }
        folder(environment, "CONDA_PREFIX").forEach(path -> usual.addAll(toolkit(path)));
        for (String python : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
            folder(environment, python).forEach(path -> usual.addAll(python(path.resolve("lib"))));
        }
        environments(environment.getOrDefault("PATH", "")).forEach(path -> usual.addAll(python(path.resolve("lib"))));
        usual.addAll(toolkit(root.resolve("usr/local/cuda")));
        matching(root.resolve("usr/local"), "cuda-*").forEach(path -> usual.addAll(toolkit(path)));
        for (String folder : List.of(
                "usr/lib/" + processor() + "-linux-gnu",
                "usr/lib64",
                "usr/lib/wsl/lib",
                "usr/local/nvidia/lib64",
                "usr/local/nvidia/lib",
                "opt/conda/lib")) {
            usual.add(root.resolve(folder));
        }
        usual.addAll(python(home.resolve(".local/lib")));
        for (String folder : List.of("usr/local/lib", "usr/lib", "usr/local/lib64", "usr/lib64", "opt/conda/lib")) {
            usual.addAll(python(root.resolve(folder)));
        }
        return new LibraryPaths(
                chosen(environment),
                true,
                usual.stream().filter(Files::isDirectory).distinct().toList());
    }

    /// Python's virtual environments whose `python3` is on the path, or is what a link there leads to.
    private static List<Path> environments(String path) {
        return Arrays.stream(path.split(File.pathSeparator))
                .filter(folder -> !folder.isBlank())
                .flatMap(folder -> path(folder).stream())
                .flatMap(folder -> environment(folder.resolve("python3")).stream())
                .toList();
    }

    private static Optional<Path> environment(Path program) {
        Path at = program.toAbsolutePath().normalize();
        for (int links = 0; links < MOST_LINKS && at.getNameCount() > 2; links++) {
            Path above = at.resolve("../..").normalize();
            if (Files.isRegularFile(above.resolve("pyvenv.cfg"))) {
                return Optional.of(above);
            }
            try {
                at = at.resolveSibling(Files.readSymbolicLink(at)).normalize();
            } catch (IOException | UnsupportedOperationException noLink) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static List<Path> chosen(Map<String, String> environment) {
        String setting = environment.getOrDefault(SETTING, "");
        return Arrays.stream(setting.split(File.pathSeparator))
                .filter(folder -> !folder.isBlank())
                .flatMap(folder -> path(folder).stream())
                .toList();
    }

    /// Nothing for what cannot be the name of a folder here.
    private static Optional<Path> path(String folder) {
        try {
            return Optional.of(Path.of(folder));
        } catch (InvalidPathException impossible) {
            return Optional.empty();
        }
    }

    private static List<Path> folder(Map<String, String> environment, String variable) {
        String value = environment.getOrDefault(variable, "");
        return value.isBlank() ? List.of() : path(value).stream().toList();
    }

    /// The folders of an installation of the toolkit, or of conda, which has the same ones.
    private static List<Path> toolkit(Path home) {
        String target = processor().equals("aarch64") ? "sbsa-linux" : processor() + "-linux";
        return Stream.of("lib64", "targets/" + target + "/lib", "lib")
                .map(home::resolve)
                .toList();
    }

    /// The folders of pip packages under a folder with several versions of Python, the newest first. CUDA 13
    /// is all in `nvidia/cu13/lib`; CUDA 12 has a folder for each library.
    private static List<Path> python(Path libraries) {
        return matching(libraries, "python3*")
                .flatMap(python -> Stream.of("site-packages", "dist-packages").map(python::resolve))
                .flatMap(packages -> libraries(packages.resolve("nvidia")))
                .toList();
    }

    /// The folders `lib` of what pip puts in a folder `nvidia`.
    private static Stream<Path> libraries(Path nvidia) {
        return matching(nvidia, "*").map(one -> one.resolve("lib"));
    }

    /// Where the rest of what a library belongs to lies: in its own folder, and in those that pip puts beside it.
    static List<Path> around(Path library) {
        Path folder = library.getParent();
        if (folder == null) {
            return List.of();
        }
        // From nvidia/cublas/lib to nvidia/cusparse/lib.
        Path packages = folder.resolve("../..").normalize();
        return packages.endsWith("nvidia")
                ? Stream.concat(Stream.of(folder), libraries(packages)).toList()
                : List.of(folder);
    }

    /// Whether a folder holds another release of CUDA than this one. Names of files do not say it: the cuSOLVER of
    /// CUDA 11 and 12 has one name, and so has the cuSPARSE of CUDA 12 and 13. But pip puts CUDA 13 in a folder
    /// `cu13` of its own, and elsewhere cuBLAS lies beside them.
    static boolean isOfAnother(Path folder, int release) {
        Path packages = folder.resolve("../..").normalize();
        if (packages.endsWith("nvidia")) {
            String all = "cu" + release;
            String name = folder.resolve("..").normalize().getFileName().toString();
            if (name.matches("cu\\d+") ? !name.equals(all) : Files.exists(packages.resolve(all))) {
                return true;
            }
        }
        return !Files.exists(folder.resolve("libcublas.so." + release))
                && matching(folder, "libcublas.so.*").findAny().isPresent();
    }

    private static String processor() {
        String name = System.getProperty("os.arch");
        return name.equals("amd64") ? "x86_64" : name;
    }

    /// Entries of a folder that match a pattern, those with the highest version first. A folder that cannot be read
    /// holds nothing that could be loaded.
    static Stream<Path> matching(Path folder, String pattern) {
        if (!Files.isReadable(folder) || !Files.isDirectory(folder)) {
            return Stream.empty();
        }
        List<Path> found = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(folder, pattern)) {
            entries.forEach(found::add);
        } catch (IOException | DirectoryIteratorException unreadable) {
            return Stream.empty();
        }
        return found.stream()
                .sorted(Comparator.comparing(LibraryPaths::version, Arrays::compare)
                        .reversed()
                        .thenComparing(Comparator.naturalOrder()));
    }

    /// The numbers in a name: 3.12 comes after 3.9.
    private static int[] version(Path path) {
        return Arrays.stream(path.getFileName().toString().split("\\D+"))
                .filter(number -> !number.isEmpty())
                .mapToInt(number -> Integer.parseInt(number.length() > MOST_DIGITS ? "9".repeat(MOST_DIGITS) : number))
                .toArray();
    }

    /// What to open, in order, when a library is wanted: the paths of files that are there, and its bare name where
    /// the system's loader is asked.
    ///
    /// @param near folders that go before all but the chosen ones
    List<String> candidates(String name, List<Path> near) {
        Stream<String> asked = loader ? Stream.of(name) : Stream.empty();
        return Stream.of(files(chosen, name), files(near, name), asked, files(usual, name))
                .flatMap(candidates -> candidates)
                .distinct()
                .toList();
    }

    /// Whether somebody chose a folder with such a file.
    boolean chooses(String name) {
        return files(chosen, name).findAny().isPresent();
    }

    /// The paths of files of that name that are there.
    static Stream<String> files(List<Path> folders, String name) {
        return folders.stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::exists)
                .map(path -> path.toAbsolutePath().toString());
    }
}
