package dev.wellspring.linalg.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// Compiles [EmulatedCuda] into a folder under `target` that is named after the digest of sources and
/// compiler, unless it is there. One library serves under the names of all four.
final class EmulatedCudaBuild {
    private static final List<String> LIBRARIES =
            List.of("libcuda.so.1", "libcublas.so.12", "libcusolver.so.11", "libnvrtc.so.12");
    private static final List<String> UNITS = List.of(
            "cublas.cpp", "cusolver.cpp", "driver.cpp", "fibers.cpp", "kernels.cpp", "nvrtc.cpp", "streams.cpp");
    private static final List<String> HEADERS = List.of("device.h", "emulation.h", "streams.h");
    /// Elements are read as words and the other way round; fibers jump between stacks.
    private static final List<String> OPTIONS = List.of(
            "-std=c++17",
            "-O2",
            "-fPIC",
            "-shared",
            "-fno-strict-aliasing",
            "-U_FORTIFY_SOURCE",
            "-Wno-unknown-pragmas");

    private EmulatedCudaBuild() {}

    /// What came of it.
    sealed interface Outcome {}

    /// The folder with the libraries.
    record Built(Path folder) implements Outcome {}

    /// Why there are none on this machine.
    record Impossible(String reason) implements Outcome {}

    /// A command that compiles, and what it says that it is.
    private record Compiler(List<String> command, String version) {}

    /// @throws IllegalStateException when there is a compiler and it refuses the sources
    static Outcome build() {
        if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux")) {
            return new Impossible("the CUDA of plain C++ is for Linux, whose names of libraries it has");
        }
        if (EmulatedCudaBuild.class.getResource("emulation") == null) {
            return new Impossible("the sources of the CUDA of plain C++ are left out of this pack");
        }
        List<String> tried = new ArrayList<>();
        for (List<String> command : candidates()) {
            try {
                String version = run(Path.of("."), Stream.concat(command.stream(), Stream.of("--version")));
                return new Built(build(new Compiler(command, version)));
            } catch (IOException absent) {
                tried.add(String.join(" ", command));
            }
        }
        return new Impossible("no C++ compiler: tried " + String.join(", ", tried) + "; install g++ or set CXX");
    }

    private static List<List<String>> candidates() {
        String chosen = System.getenv().getOrDefault("CXX", "").strip();
        return Stream.of(chosen, "c++", "g++", "clang++")
                .filter(command -> !command.isEmpty())
                .map(command -> List.of(command.split("\\s+")))
                .toList();
    }

    private static Path build(Compiler compiler) {
        Map<String, byte[]> sources = sources();
        Path folders = Path.of("target", "emulated-cuda").toAbsolutePath();
        Path folder = folders.resolve(digest(compiler, sources));
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folders);
                Path part = Files.createTempDirectory(folders, "part");
                try {
                    compile(compiler, sources, part);
                    move(part, folder);
                } finally {
                    delete(part);
                }
            }
            return folder;
        } catch (IOException failure) {
            throw new UncheckedIOException(folder + ": " + failure.getMessage(), failure);
        }
    }

    private static Map<String, byte[]> sources() {
        Map<String, byte[]> sources = new LinkedHashMap<>();
        Stream.concat(UNITS.stream(), HEADERS.stream())
                .forEach(name -> sources.put(name, resource("emulation/" + name)));
        KernelSources kernels = KernelSources.ofResources();
        sources.put(KernelSources.MAIN, kernels.main().getBytes(StandardCharsets.UTF_8));
        kernels.included().forEach((name, text) -> sources.put(name, text.getBytes(StandardCharsets.UTF_8)));
        return sources;
    }

    private static byte[] resource(String name) {
        try (InputStream bytes = EmulatedCudaBuild.class.getResourceAsStream(name)) {
            if (bytes == null) {
                throw new IllegalStateException("expected the resource " + name + ", found none");
            }
            return bytes.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(name + ": " + failure.getMessage(), failure);
        }
    }

    private static String digest(Compiler compiler, Map<String, byte[]> sources) {
        MessageDigest digest = KernelSources.ofResources().digest();
        KernelSources.add(digest, compiler.command() + compiler.version() + OPTIONS);
        sources.forEach((name, bytes) -> KernelSources.add(digest, name + new String(bytes, StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
    }

    private static void compile(Compiler compiler, Map<String, byte[]> sources, Path folder) throws IOException {
        for (Map.Entry<String, byte[]> source : sources.entrySet()) {
            Files.write(folder.resolve(source.getKey()), source.getValue());
        }
        String library = LIBRARIES.getFirst();
        run(
                folder,
                Stream.of(compiler.command(), OPTIONS, List.of("-I."), UNITS, List.of("-o", library, "-ldl"))
                        .flatMap(List::stream));
        for (String other : LIBRARIES.subList(1, LIBRARIES.size())) {
            Files.createSymbolicLink(folder.resolve(other), Path.of(library));
        }
    }

    /// What a command says.
    ///
    /// @throws IOException when there is no such command
    /// @throws IllegalStateException when it fails
    private static String run(Path folder, Stream<String> command) throws IOException {
        List<String> words = command.toList();
        Process process = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", words) + ": " + output);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + words.getFirst() + " ran", interrupted);
        }
        return output;
    }

    /// Another process may have been faster.
    private static void move(Path part, Path folder) throws IOException {
        try {
            Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException failure) {
            if (!Files.isDirectory(folder)) {
                throw failure;
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
