package dev.wellspring.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
    private static final Manifest WANTED =
            Manifest.of("scores", "1.0", Map.of("documents", "abc"), Map.of("damping", "0.1x"));

    @TempDir
    Path temporary;

    @Test
    void newFolderHoldsAnIncompleteManifest() {
        Path path = temporary.resolve("run");
        try (RunFolder folder = RunFolder.open(path, WANTED)) {
            assertThat(folder.manifest().complete()).isFalse();
            assertThat(Manifest.read(path)).isEqualTo(WANTED);
        }
    }

    @Test
    void folderIsAsBeforeWhenNothingWasFoundOut() throws IOException {
        Path path = temporary.resolve("run");
        try (RunFolder folder = RunFolder.open(path, WANTED)) {
            folder.history("{}");
        }
        assertThat(path).doesNotExist();
        Files.createDirectory(path);
        RunFolder.open(path, WANTED).close();
        assertThat(path).isEmptyDirectory();
    }

    @Test
    void whatWasFoundOutStaysWhenTheFolderIsGivenBack() throws IOException {
        Path recorded = temporary.resolve("recorded");
        try (RunFolder folder = RunFolder.open(recorded, WANTED)) {
            folder.record("coverage", 1);
        }
        assertThat(Manifest.read(recorded)).isEqualTo(WANTED.with("coverage", 1));
        assertThat(recorded.resolve(".lock")).doesNotExist();
        Path written = temporary.resolve("written");
        try (RunFolder folder = RunFolder.open(written, WANTED)) {
            Files.writeString(folder.resolve("lambda_matrix.safetensors"), "x");
        }
        assertThat(Manifest.read(written)).isEqualTo(WANTED);
    }

    @Test
    void findingsAndCompletionSurviveReopening() {
        Path path = temporary.resolve("run");
        try (RunFolder folder = RunFolder.open(path, WANTED)) {
            folder.record("documents", 24);
            folder.complete();
        }
        try (RunFolder folder = RunFolder.open(path, WANTED)) {
            assertThat(folder.manifest().complete()).isTrue();
            assertThat(folder.manifest().results()).containsEntry("documents", 24);
        }
    }

    @Test
    void otherSettingsAreRefusedByName() {
        Path path = temporary.resolve("run");
        try (RunFolder folder = RunFolder.open(path, WANTED)) {
            folder.record("documents", 24);
        }
        Manifest other = Manifest.of("scores", "1.0", Map.of("documents", "abc"), Map.of("damping", "1e-3"));
        assertThatThrownBy(() -> RunFolder.open(path, other))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("damping was 0.1x, now 1e-3")
                .hasMessageContaining("--out");
    }

    @Test
    void folderOfSomethingElseIsRefused() throws IOException {
        Files.writeString(temporary.resolve("thesis.tex"), "precious");
        assertThatThrownBy(() -> RunFolder.open(temporary, WANTED))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("new or empty folder");
    }

    @Test
    void secondProcessIsRefusedWhileTheFirstIsAtWork() {
        Path path = temporary.resolve("run");
        try (RunFolder folder = RunFolder.open(path, WANTED)) {
            assertThat(folder.path()).isEqualTo(path);
            assertThatThrownBy(() -> RunFolder.open(path, WANTED))
                    .isInstanceOf(RunRefusedException.class)
                    .hasMessageContaining("another process");
        }
    }

    @Test
    void brokenManifestIsNamed() throws IOException {
        Files.writeString(temporary.resolve(Manifest.FILE), "{\"format\": 1, ");
        assertThatThrownBy(() -> RunFolder.open(temporary, WANTED))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining(Manifest.FILE)
                .hasMessageContaining("not a manifest");
    }

    @Test
    void completionDropsPartialState() throws IOException {
        Path path = temporary.resolve("run");
        try (RunFolder folder = RunFolder.open(path, WANTED)) {
            Files.writeString(folder.partial("sums"), "x");
            Files.createDirectories(folder.partial("index").resolve("deep"));
            Files.writeString(folder.partial("index").resolve("deep").resolve("terms"), "x");
            folder.complete();
        }
        assertThat(path.resolve("partial")).doesNotExist();
    }
}
