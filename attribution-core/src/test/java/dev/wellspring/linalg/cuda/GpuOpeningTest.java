package dev.wellspring.linalg.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.linalg.cuda.library.LibraryPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A machine without a GPU hears why, and no exception.
@EnabledOnOs(OS.LINUX)
class GpuOpeningTest {
    @TempDir
    Path folder;

    @Test
    void aMissingDriverIsNamed() {
        assertThat(reason()).isEqualTo("no NVIDIA driver: libcuda.so.1 is not found");
    }

    @Test
    void aDriverThatDoesNotLoadIsExplained() throws IOException {
        Files.writeString(folder.resolve("libcuda.so.1"), "not a library".repeat(100));
        assertThat(reason())
                .startsWith("no NVIDIA driver: it does not load: " + folder.resolve("libcuda.so.1"))
                .doesNotContain("\n");
    }

    @Test
    void whatIsMissingIsSaidWithoutOpeningToo() {
        assertThat(Gpu.lack(LibraryPaths.only(List.of(folder)))).hasValue(reason());
    }

    /// A number that no type holds, and a file where a folder is looked for.
    @Test
    void oddFoldersOfLibrariesAreAbsenceToo() throws IOException {
        Path packages = folder.resolve("nvidia");
        Files.createDirectories(packages.resolve("cu99999999999999999999/lib"));
        Files.createFile(packages.resolve("cublas"));
        Path lib = Files.createDirectories(packages.resolve("cusolver/lib"));
        Files.createFile(lib.resolve("libcublas.so.99999999999999999999"));
        Files.createFile(lib.resolve("libcuda.so.1"));
        LibraryPaths paths = LibraryPaths.only(List.of(lib));
        assertThat(Gpu.lack(paths))
                .hasValueSatisfying(reason -> assertThat(reason)
                        .startsWith("no NVIDIA driver: it does not load: ")
                        .doesNotContain("\n"));
    }

    @Test
    void thisMachineEitherHasADeviceOrSaysWhyNot() {
        switch (Gpu.open(LibraryPaths.ofSystem(), 0)) {
            case Gpu.Opened(Gpu gpu) -> {
                try (gpu) {
                    assertThat(gpu.description()).contains("compute capability");
                }
            }
            case Gpu.Absent(String reason) -> assertThat(reason).isNotBlank().doesNotContain("\n");
        }
    }

    private String reason() {
        return switch (Gpu.open(LibraryPaths.only(List.of(folder)), 0)) {
            case Gpu.Opened(Gpu gpu) -> {
                gpu.close();
                throw new AssertionError("expected no device, got " + gpu.description());
            }
            case Gpu.Absent(String reason) -> reason;
        };
    }
}
