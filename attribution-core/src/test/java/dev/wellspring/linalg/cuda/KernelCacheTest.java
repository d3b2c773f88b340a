package dev.wellspring.linalg.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelCacheTest {
    private static final byte[] IMAGE = {1, 2, 3, 4, 5};

    @TempDir
    Path folder;

    @Test
    void whatWasWrittenIsReadAgainAndNothingElseLiesAround() throws IOException {
        var cache = new KernelCache(folder.resolve("a/b"));
        assertThat(cache.read("k.cubin")).isEmpty();
        assertThat(cache.write("k.cubin", IMAGE)).isTrue();
        assertThat(cache.read("k.cubin")).hasValue(IMAGE);
        try (Stream<Path> files = Files.list(cache.folder())) {
            assertThat(files.toList()).isEqualTo(List.of(cache.folder().resolve("k.cubin")));
        }
    }

    @Test
    void aDamagedFileCountsForNothingAndIsWrittenAnew() throws IOException {
        var cache = new KernelCache(folder);
        cache.write("k.cubin", IMAGE);
        Path file = folder.resolve("k.cubin");
        byte[] bytes = Files.readAllBytes(file);
        for (int i = 0; i < bytes.length; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= 1;
            Files.write(file, damaged);
            assertThat(cache.read("k.cubin")).as("byte %d", i).isEmpty();
        }
        for (int length = 0; length < bytes.length; length++) {
            Files.write(file, java.util.Arrays.copyOf(bytes, length));
            assertThat(cache.read("k.cubin")).as("cut to %d", length).isEmpty();
        }
        assertThat(cache.write("k.cubin", IMAGE)).isTrue();
        assertThat(cache.read("k.cubin")).hasValue(IMAGE);
    }

    @Test
    void aFolderThatCannotBeWrittenIsSurvived() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        var cache = new KernelCache(file.resolve("below"));
        assertThat(cache.write("k.cubin", IMAGE)).isFalse();
        assertThat(cache.read("k.cubin")).isEmpty();
    }
}
