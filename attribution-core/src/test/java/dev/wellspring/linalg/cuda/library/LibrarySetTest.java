package dev.wellspring.linalg.cuda.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.linalg.cuda.library.LibrarySet.Wanted;
import dev.wellspring.linalg.foreign.NativeFunctions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// With copies of the C library's mathematics under other names: which of them are open stands in the process's own
/// list of mapped files.
@EnabledOnOs(OS.LINUX)
class LibrarySetTest {
    private static final Path MAPPED = Path.of("/proc/self/maps");

    @TempDir
    Path folder;

    private Path original;

    @BeforeEach
    void findTheOriginal() throws IOException {
        original = mapped().stream()
                .filter(path -> path.getFileName().toString().startsWith("libm.so"))
                .findFirst()
                .orElseGet(() -> Assumptions.abort("this process has no libm.so open"));
    }

    @Test
    void whatWasOpenedForASetThatFailedIsClosedAgain() throws IOException {
        Path library = lay("a/libfirst.so.1");
        Path need = lay("a/libneed.so.1");
        try (LibrarySet set = loader("a").release(12)) {
            assertThat(set.open(wanted("libfirst.so.1", List.of("libneed.so.1"))))
                    .isNotNull();
            assertThat(mapped()).contains(library, need);
            assertThatThrownBy(() -> set.open(wanted("libsecond.so.1", List.of())))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage("no library: libsecond.so.1 is not found");
        }
        assertThat(mapped()).doesNotContain(library, need);
    }

    @Test
    void aSetThatIsKeptStaysOpen() throws IOException {
        Path library = lay("a/libkept.so.1");
        try (LibrarySet set = loader("a").release(12)) {
            set.open(wanted("libkept.so.1", List.of()));
            set.keep();
        }
        assertThat(mapped()).contains(library);
    }

    @Test
    void thePreferredOneIsTakenAndTheOthersAreClosed() throws IOException {
        Path first = lay("a/libchoice.so.1");
        Path second = lay("b/libchoice.so.1");
        try (LibrarySet set = loader("a", "b").release(12)) {
            set.open(choosing("libchoice.so.1", 2));
            assertThat(mapped()).contains(second).doesNotContain(first);
        }
    }

    @Test
    void theFirstIsTakenWhereNoneIsPreferred() throws IOException {
        Path first = lay("a/libchoice.so.1");
        Path second = lay("b/libchoice.so.1");
        try (LibrarySet set = loader("a", "b").release(12)) {
            set.open(choosing("libchoice.so.1", Integer.MAX_VALUE));
            assertThat(mapped()).contains(first).doesNotContain(second);
        }
    }

    /// As the cuSPARSE of CUDA 13 for the cuSOLVER of CUDA 12.
    @Test
    void nothingOfAnotherReleaseIsOpened() throws IOException {
        Path newer = lay("nvidia/cu13/lib/libneed.so.12");
        Path right = lay("nvidia/need/lib/libneed.so.12");
        lay("nvidia/first/lib/libfirst.so.1");
        Path older = lay("cuda-11/libfirst.so.1");
        lay("cuda-11/libcublas.so.11");
        try (LibrarySet set =
                loader("cuda-11", "nvidia/cu13/lib", "nvidia/first/lib").release(12)) {
            set.open(wanted("libfirst.so.1", List.of("libneed.so.12")));
            assertThat(mapped()).contains(right).doesNotContain(newer, older);
        }
        try (LibrarySet set = loader("cuda-11").release(12)) {
            assertThatThrownBy(() -> set.open(wanted("libfirst.so.1", List.of())))
                    .hasMessage("no library: it does not load: " + older + " is of another release of CUDA");
        }
    }

    @Test
    void librariesBesideOneAnotherGoTogether() throws IOException {
        lay("b/libfirst.so.1");
        Path beside = lay("b/libsecond.so.1");
        Path elsewhere = lay("a/libsecond.so.1");
        LibraryPaths paths = new LibraryPaths(List.of(), false, List.of(folder.resolve("a"), folder.resolve("b")));
        try (LibrarySet set = LibraryLoader.of(paths).release(12)) {
            set.open(wanted("libfirst.so.1", List.of()));
            set.open(wanted("libsecond.so.1", List.of()));
            assertThat(mapped()).contains(beside).doesNotContain(elsewhere);
        }
    }

    private static Wanted<NativeFunctions> wanted(String name, List<String> needs) {
        return Wanted.of("library", name, needs, Function.identity());
    }

    /// Prefers the one that loads as number so many.
    private static Wanted<NativeFunctions> choosing(String name, int number) {
        List<NativeFunctions> seen = new ArrayList<>();
        return new Wanted<>("library", name, List.of(), Function.identity(), functions -> {
            seen.add(functions);
            return seen.size() == number;
        });
    }

    private LibraryLoader loader(String... folders) {
        return LibraryLoader.of(
                LibraryPaths.only(List.of(folders).stream().map(folder::resolve).toList()));
    }

    private Path lay(String file) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.copy(original, path).toRealPath();
    }

    private static List<Path> mapped() throws IOException {
        return Files.readAllLines(MAPPED).stream()
                .filter(line -> line.contains("/"))
                .map(line -> Path.of(line.substring(line.indexOf('/'))))
                .distinct()
                .toList();
    }
}
