package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class LauncherIT {
    private static final Path LAUNCHER =
            Path.of("..", "wellspring").toAbsolutePath().normalize();

    @TempDir
    private Path folder;

    @Test
    void launcherStartsFromAnyFolderThroughALinkAndSaysNothingElse() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("ws"), LAUNCHER);
        var answer = run(link.toString(), "--version");
        assertThat(answer.err()).isEmpty();
        assertThat(answer.out()).isEqualTo("wellspring " + Version.text() + " (Java " + javaVersion() + ")\n");
        assertThat(answer.status()).isZero();
    }

    @Test
    void badArgumentsGiveStatusTwo() throws Exception {
        var answer = run(LAUNCHER.toString(), "divine");
        assertThat(answer.status()).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(answer.err()).hasLineCount(1).startsWith("wellspring: ");
        assertThat(answer.out()).isEmpty();
    }

    @Test
    void optionsForTheJvmAreTaken() throws Exception {
        var answer =
                run("sh", "-c", "WELLSPRING_JAVA_OPTIONS='-Xmx64m -Xlog:gc+init' exec \"$0\" -V", LAUNCHER.toString());
        assertThat(answer.out()).contains("Heap Max Capacity: 64M");
    }

    @Test
    void onlyTheVerbThatScansStoresGetsTheVectorApi() throws Exception {
        String modules = "WELLSPRING_JAVA_OPTIONS=--show-module-resolution exec \"$0\" ";
        assertThat(run("sh", "-c", modules + "search --help", LAUNCHER.toString())
                        .out())
                .contains("root jdk.incubator.vector");
        assertThat(run("sh", "-c", modules + "top --help", LAUNCHER.toString()).out())
                .contains("root java.base")
                .doesNotContain("root jdk.incubator.vector");
    }

    private FindJdkTest.Result run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).directory(folder.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new FindJdkTest.Result(process.waitFor(), out, err);
    }

    private static String javaVersion() {
        return Runtime.version().toString();
    }
}
