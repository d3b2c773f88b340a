package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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

    /// With lines joined that end in a backslash.
    private static String script(String name) throws IOException {
        return Files.readString(GPU.resolve(name)).replaceAll("\\\\\n\\s*", " ");
    }
}
