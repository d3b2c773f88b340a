package dev.wellspring.linalg.cuda.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class LibraryLoaderTest {
    @TempDir
    Path folder;

    @Test
    void aLibraryThatIsNowhereIsNamed() {
        assertThatThrownBy(() -> loader(folder).open("cuBLAS", List.of("libcublas.so.12"), version -> List.of()))
                .isInstanceOf(UnavailableException.class)
                .hasMessage("no cuBLAS: libcublas.so.12 is not found");
    }

    @Test
    void aFileThatIsNoLibraryIsRefusedInTheLoadersWords() throws IOException {
        Files.createFile(folder.resolve("libcublas.so.12"));
        assertThatThrownBy(() -> loader(folder).open("cuBLAS", List.of("libcublas.so.12"), version -> List.of()))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("no cuBLAS: it does not load: " + folder.resolve("libcublas.so.12"))
                .hasMessageContaining("too short");
    }

    @Test
    void theLoadersOwnLibrariesAreFoundByNameAndTheirFunctionsToo() {
        var paths = new LibraryPaths(List.of(folder), true, List.of());
        LibraryLoader.Found found = LibraryLoader.of(paths).open("C", List.of("libc.so.6"), version -> List.of());
        assertThat(found.version()).isEqualTo(6);
        assertThat(found.functions().library().find("strlen")).isPresent();
        assertThat(found.functions().library().find("no_such_function")).isEmpty();
    }

    @Test
    void aBrokenFileDoesNotHideAWorkingLibraryBehindIt() throws IOException {
        Files.createFile(folder.resolve("libc.so.6"));
        var paths = new LibraryPaths(List.of(folder), true, List.of());
        assertThat(LibraryLoader.of(paths)
                        .open("C", List.of("libc.so.6"), version -> List.of())
                        .file())
                .isEqualTo(Path.of("libc.so.6"));
    }

    private static LibraryLoader loader(Path folder) {
        return LibraryLoader.of(LibraryPaths.only(List.of(folder)));
    }
}
