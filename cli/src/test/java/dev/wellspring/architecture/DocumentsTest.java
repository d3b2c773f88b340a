package dev.wellspring.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the documents name exists.
class DocumentsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```");
    private static final Pattern QUOTED = Pattern.compile("`([^`\n]+)`");
    private static final Pattern CLASS = Pattern.compile("[A-Z][a-z]\\w+");
    private static final Pattern FILE = Pattern.compile("[\\w.-]+(?:/[\\w.-]+)+|[\\w-]+\\.md");
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#]+)\\)");
    private static final Pattern FOLDER = Pattern.compile("(?m)^( *)([\\w-]+)/ ");
    private static final Pattern MANAGED =
            Pattern.compile("<groupId>(?!dev\\.wellspring)[^<]+</groupId>\\s*<artifactId>([^<]+)</artifactId>");

    @ParameterizedTest
    @ValueSource(strings = {"ARCHITECTURE.md", "CONTRIBUTING.md"})
    void everyClassNamedExists(String document) throws IOException {
        Set<String> known = sources()
                .map(path -> path.getFileName().toString().replace(".java", ""))
                .collect(Collectors.toSet());
        assertThat(quoted(document).filter(CLASS.asMatchPredicate()).toList())
                .isNotEmpty()
                .allSatisfy(name -> assertThat(known).as(document).contains(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ARCHITECTURE.md", "CONTRIBUTING.md", "docs/decisions/jdk-25.md"})
    void everyPathNamedExists(String document) throws IOException {
        assertThat(quoted(document).filter(FILE.asMatchPredicate()).toList())
                .isNotEmpty()
                .allSatisfy(name -> assertThat(exists(name))
                        .as("%s names %s", document, name)
                        .isTrue());
    }

    @Test
    void everyFolderDrawnExists() throws IOException {
        List<MatchResult> folders =
                FOLDER.matcher(read("ARCHITECTURE.md")).results().toList();
        assertThat(folders).hasSizeGreaterThan(10);
        String module = "";
        String parent = "";
        for (MatchResult folder : folders) {
            String name = folder.group(2);
            switch (folder.group(1).length()) {
                case 0 -> module = name;
                case 2 -> parent = name;
                default -> name = parent + "/" + name;
            }
            Path path = name.equals(module)
                    ? ROOT.resolve(name)
                    : ROOT.resolve(module)
                            .resolve("src/main/java/dev/wellspring")
                            .resolve(name);
            assertThat(path).isDirectory();
        }
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        for (Path document : documents()) {
            LINK.matcher(Files.readString(document))
                    .results()
                    .forEach(link -> assertThat(document.resolveSibling(link.group(1)))
                            .as("link in %s", document)
                            .exists());
        }
    }

    @Test
    void everyDependencyHasItsLine() throws IOException {
        String pom = read("pom.xml");
        String managed = pom.substring(0, pom.indexOf("</dependencyManagement>"));
        String lines = read("docs/decisions/dependencies.md");
        Set<String> artifacts = new TreeSet<>();
        MANAGED.matcher(managed).results().forEach(found -> artifacts.add("`" + resolved(found.group(1), pom) + "`"));
        assertThat(artifacts)
                .hasSizeGreaterThan(10)
                .allSatisfy(artifact -> assertThat(lines).contains(artifact));
    }

    /// A name, or the value of the property that stands for it.
    private static String resolved(String name, String pom) {
        if (!name.startsWith("${")) {
            return name;
        }
        String property = name.substring(2, name.length() - 1);
        int start = pom.indexOf("<" + property + ">") + property.length() + 2;
        return pom.substring(start, pom.indexOf('<', start));
    }

    private static Stream<String> quoted(String document) throws IOException {
        return QUOTED.matcher(FENCED.matcher(read(document)).replaceAll(""))
                .results()
                .map(found -> found.group(1));
    }

    private static boolean exists(String name) {
        return Files.exists(ROOT.resolve(name))
                || Files.exists(ROOT.resolve("attribution-core/src/main/java/dev/wellspring")
                        .resolve(name));
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> root = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(root, docs)
                    .filter(path -> path.toString().endsWith(".md"))
                    .toList();
        }
    }

    private static Stream<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files
                    .filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> path.toString().contains("/src/"))
                    .toList()
                    .stream();
        }
    }

    private static String read(String document) throws IOException {
        return Files.readString(ROOT.resolve(document));
    }
}
