package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class FindJdkTest {
    private static final Path SCRIPT =
            Path.of("..", ".mvn", "find-jdk.sh").toAbsolutePath().normalize();

    @TempDir
    private Path folder;

    private Path jvms;

    @BeforeEach
    void makeFolders() throws IOException {
        jvms = Files.createDirectory(folder.resolve("java machines"));
    }

    @Test
    void firstJdkOfTheRightVersionIsTaken() throws Exception {
        jdk("a-21", "21.0.4");
        jdk("b-250", "250.0.1");
        jdk("c-25", "25.0.3");
        jdk("d-25", "25");
        assertThat(find("")).isEqualTo(new Result(0, jvms.resolve("c-25").toString(), ""));
    }

    @Test
    void javaHomeComesFirst() throws Exception {
        jdk("a-25", "25.0.1");
        Path home = jdk("z-25", "25-ea");
        assertThat(find(home.toString()).out()).isEqualTo(home.toString());
    }

    @Test
    void otherJavaHomeIsPassedOver() throws Exception {
        Path right = jdk("a-25", "25.0.1");
        Path wrong = jdk("z-17", "17.0.15");
        assertThat(find(wrong.toString()).out()).isEqualTo(right.toString());
    }

    @Test
    void runtimeWithoutCompilerIsPassedOver() throws Exception {
        Path runtime = jdk("a-25", "25.0.1");
        Files.delete(runtime.resolve("bin/javac"));
        assertThat(find("").status()).isEqualTo(2);
    }

    @Test
    void javaOnThePathIsFollowedToItsJdk() throws Exception {
        Path right = jdk("hidden/a-25", "25.0.1");
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("java"), right.resolve("bin/java"));
        assertThat(find("", bin + ":/usr/bin:/bin").out()).isEqualTo(right.toString());
    }

    @Test
    void noneFoundIsOneSentence() throws Exception {
        jdk("a-17", "17.0.15");
        assertThat(find(""))
                .isEqualTo(new Result(
                        2,
                        "",
                        "Wellspring needs a JDK 25 and found none: install one (for example Temurin, package"
                                + " temurin-25-jdk), or set JAVA_HOME to the folder of a JDK 25."));
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = jvms.resolve(name);
        var runnable = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectories(home.resolve("bin"));
        Files.createFile(home.resolve("bin/java"), runnable);
        Files.createFile(home.resolve("bin/javac"), runnable);
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home.toRealPath();
    }

    private Result find(String javaHome) throws Exception {
        Path bin = Files.createDirectories(folder.resolve("no-java"));
        for (String tool : new String[] {"grep", "readlink"}) {
            Path real = Path.of("/usr/bin", tool);
            Files.createSymbolicLink(bin.resolve(tool), Files.exists(real) ? real : Path.of("/bin", tool));
        }
        return find(javaHome, bin.toString());
    }

    private Result find(String javaHome, String path) throws Exception {
        var builder = new ProcessBuilder("/bin/sh", "-euc", ". \"$0\"; printf %s \"$JAVA_HOME\"", SCRIPT.toString());
        builder.environment().clear();
        builder.environment().put("PATH", path);
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("WELLSPRING_JVM_FOLDER", jvms.toRealPath().toString());
        if (!javaHome.isEmpty()) {
            builder.environment().put("JAVA_HOME", javaHome);
        }
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), out, err.strip());
    }

    /// What a process said.
    record Result(int status, String out, String err) {}
}
