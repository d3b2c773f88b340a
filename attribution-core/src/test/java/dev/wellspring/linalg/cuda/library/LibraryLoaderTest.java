package dev.wellspring.linalg.cuda.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.linalg.foreign.NativeFunctions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
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
        assertThatThrownBy(() -> loader(folder).open("cuBLAS", "libcublas.so.12", Function.identity()))
                .isInstanceOf(UnavailableException.class)
                .hasMessage("no cuBLAS: libcublas.so.12 is not found");
    }

    @Test
    void aFileThatIsNoLibraryIsRefusedInTheLoadersWords() throws IOException {
        Files.createFile(folder.resolve("libcublas.so.12"));
        assertThatThrownBy(() -> loader(folder).open("cuBLAS", "libcublas.so.12", Function.identity()))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("no cuBLAS: it does not load: " + folder.resolve("libcublas.so.12"))
                .hasMessageContaining("too short");
    }

    @Test
    void everyFileThatWasTriedIsNamedUpToThree() throws IOException {
        List<Path> folders =
                List.of("a", "b", "c", "d").stream().map(folder::resolve).toList();
        for (Path one : folders) {
            Files.createFile(Files.createDirectory(one).resolve("libcublas.so.12"));
        }
        LibraryLoader loader = LibraryLoader.of(LibraryPaths.only(folders));
        assertThatThrownBy(() -> loader.open("cuBLAS", "libcublas.so.12", Function.identity()))
                .hasMessageContainingAll("/a/libcublas", "/b/libcublas", "/c/libcublas")
                .hasMessageEndingWith("; and 1 more");
    }

    @Test
    void theLoadersOwnLibrariesAreFoundByNameAndTheirFunctionsToo() {
        NativeFunctions functions = system().open("C", "libc.so.6", Function.identity());
        assertThat(functions.library().find("strlen")).isPresent();
        assertThat(functions.library().find("no_such_function")).isEmpty();
    }

    @Test
    void aBrokenFileDoesNotHideAWorkingLibraryBehindIt() throws IOException {
        Files.createFile(folder.resolve("libc.so.6"));
        NativeFunctions functions = system().open("C", "libc.so.6", Function.identity());
        assertThat(functions.library().find("strlen")).isPresent();
    }

    @Test
    void aLibraryThatLacksAFunctionIsRefusedWithItsName() {
        assertThatThrownBy(() -> system().open("C", "libc.so.6", functions -> functions.status("cuInit")))
                .isInstanceOf(UnavailableException.class)
                .hasMessage("no C: it does not load: libc.so.6: C: no function cuInit");
    }

    private LibraryLoader system() {
        return LibraryLoader.of(new LibraryPaths(List.of(folder), true, List.of()));
    }

    private static LibraryLoader loader(Path folder) {
        return LibraryLoader.of(LibraryPaths.only(List.of(folder)));
    }
}
