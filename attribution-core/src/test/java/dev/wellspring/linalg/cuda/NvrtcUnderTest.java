package dev.wellspring.linalg.cuda;

import dev.wellspring.linalg.cuda.library.LibraryLoader;
import dev.wellspring.linalg.cuda.library.LibraryPaths;
import dev.wellspring.linalg.cuda.library.MathLibraries;
import dev.wellspring.linalg.cuda.library.Nvrtc;
import dev.wellspring.linalg.cuda.library.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/// NVIDIA's own NVRTC: out of the jar `cuda-redist` where the build brings it, unpacked once under `target`,
/// or else an installed one. It compiles without a GPU.
final class NvrtcUnderTest {
    private static final String RESOURCES = "/org/bytedeco/cuda/linux-x86_64/";
    private static final List<String> FILES = List.of("libnvrtc.so.12", "libnvrtc-builtins.so.12.9");

    private NvrtcUnderTest() {}

    /// The test is skipped, and says why, where there is none.
    static Nvrtc openOrSkip() {
        try {
            boolean inJar = NvrtcUnderTest.class.getResource(RESOURCES + FILES.getFirst()) != null;
            LibraryPaths paths = inJar ? LibraryPaths.only(List.of(unpacked())) : LibraryPaths.ofSystem();
            return MathLibraries.nvrtc(LibraryLoader.of(paths));
        } catch (UnavailableException absent) {
            return Assumptions.abort(absent.getMessage());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Path unpacked() throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "nvrtc").toAbsolutePath());
        for (String file : FILES) {
            Path target = folder.resolve(file);
            if (!Files.exists(target)) {
                Path part = Files.createTempFile(folder, file, ".part");
                try (InputStream bytes = NvrtcUnderTest.class.getResourceAsStream(RESOURCES + file)) {
                    if (bytes == null) {
                        throw new IOException("cuda-redist: expected " + file + ", found none");
                    }
                    Files.copy(bytes, part, StandardCopyOption.REPLACE_EXISTING);
                }
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        return folder;
    }
}
