package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// What the scripts of `docs/` start exists, with the options that they give.
class ScriptsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path GPU = ROOT.resolve("docs/performance/gpu");
    private static final Pattern CLASS = Pattern.compile("dev(?:\\.[a-z0-9]+)+\\.[A-Z]\\w*");
    private static final Pattern VERB = Pattern.compile("(?m)^\\s*(?:if ! )?wellspring ([a-z]+)(.*)$");
    private static final Pattern OPTION = Pattern.compile("(?<=[ +])--[a-z][a-z0-9-]*");

    @Test
    void everyClassThatAScriptStartsExists() throws IOException {
        Set<String> sources;
        try (Stream<Path> files = Files.walk(ROOT)) {
            sources = files.map(Path::toString)
                    .filter(path -> path.contains("/src/") && path.endsWith(".java"))
                    .map(path -> path.replaceFirst(".*/src/(main|test)/java/", "")
                            .replaceFirst("\\.java$", "")
                            .replace('/', '.'))
                    .collect(Collectors.toSet());
        }
        List<Path> scripts;
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            scripts = docs.filter(path -> path.toString().endsWith(".sh")).toList();
        }
        assertThat(scripts).hasSizeGreaterThan(5);
        for (Path script : scripts) {
            assertThat(CLASS.matcher(Files.readString(script)).results().map(found -> found.group()))
                    .as("%s", script)
                    .allSatisfy(name -> assertThat(sources).contains(name));
        }
    }

    @Test
    void everyOptionThatRunGivesToAVerbExists() throws IOException {
        Map<String, CommandLine> verbs =
                new Wellspring(new Screen().piped(), List.of()).commandLine().getSubcommands();
        Set<String> seen = new HashSet<>();
        VERB.matcher(script("run.sh")).results().forEach(line -> {
            String verb = line.group(1);
            seen.add(verb);
            Set<String> known = Objects.requireNonNull(verbs.get(verb), verb)
                    .getCommandSpec()
                    .optionsMap()
                    .keySet();
            assertThat(OPTION.matcher(line.group(2)).results().map(found -> found.group()))
                    .as("%s", line.group())
                    .isNotEmpty()
                    .allSatisfy(option -> assertThat(known).contains(option));
        });
        assertThat(seen).containsExactlyInAnyOrder("backends", "fit", "score", "export");
    }

    @Test
    void theHelpOfRunNamesEveryOptionThatItTakes() throws IOException {
        String script = script("run.sh");
        String help = script.substring(script.indexOf("<<'END'"), script.indexOf("\nEND\n"));
        String taken = script.substring(script.indexOf("    --steps | --out"), script.indexOf("value=$2"));
        assertThat(OPTION.matcher(taken).results().map(found -> found.group()))
                .hasSizeGreaterThan(15)
                .allSatisfy(option -> assertThat(help).contains(option + " "));
    }

    /// Of a Python that has packages of CUDA 12 and 13 in a folder whose name a pattern would match otherwise.
    @Test
    @EnabledIf(value = "hasPython", disabledReason = "no python3 on the path")
    @EnabledOnOs(OS.LINUX)
    void runFindsNvidiasLibrariesInThePythonOfTheMachine(@TempDir Path folder) throws Exception {
        Path packages = folder.resolve("site[packages]");
        List<Path> libraries = Stream.of("cu13", "cublas", "cusolver")
                .map(name -> packages.resolve("nvidia").resolve(name).resolve("lib"))
                .toList();
        for (Path library : libraries) {
            Files.createDirectories(library);
        }
        assertThat(librariesOfPython("python3", packages))
                .isEqualTo(libraries.stream().map(Path::toString).collect(Collectors.joining(":")));
        assertThat(librariesOfPython("python3", folder.resolve("nothing"))).isEmpty();
        assertThat(librariesOfPython("no-such-python", packages)).isEmpty();
    }

    private static String librariesOfPython(String python, Path packages) throws Exception {
        String script = Files.readString(GPU.resolve("run.sh"));
        int from = script.indexOf("libraries_of_python() {");
        String function = script.substring(from, script.indexOf("\n}\n", from) + 3);
        var builder = new ProcessBuilder("sh", "-euc", function + "python=" + python + "; libraries_of_python");
        builder.environment().put("PYTHONPATH", packages.toString());
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return output.strip();
    }

    /// Whether this machine can run what `run.sh` runs there.
    static boolean hasPython() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "python3")));
    }

    /// With lines joined that end in a backslash.
    private static String script(String name) throws IOException {
        return Files.readString(GPU.resolve(name)).replaceAll("\\\\\n\\s*", " ");
    }
}
