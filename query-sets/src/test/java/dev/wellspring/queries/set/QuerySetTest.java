package dev.wellspring.queries.set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.queries.QueryFile;
import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Grade;
import dev.wellspring.queries.task.Parameters;
import dev.wellspring.queries.task.QueryFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class QuerySetTest {
    private static final QueryImport.Defaults NONE = new QueryImport.Defaults(null, "own");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @MethodSource("families")
    void everyFamilyComesBackAsItWasWritten(String name) {
        QueryFamily family = Families.named(name);
        Parameters parameters = family.describe().parameters(Map.of());
        List<GeneratedQuery> made = family.generate(3, parameters).toList(); // once, as plans take their time
        var set = new QuerySet(folder.resolve(name));
        Manifest manifest = set.write(name, 3, parameters.values(), made.iterator());
        QueryImport.Report read = QueryImport.read(set.queries(), NONE);
        assertThat(read.rejected()).isEmpty();
        assertThat(read.accepted()).isEqualTo(made);
        assertThat(set.contradictions(read.accepted())).isEmpty();
        assertThat(manifest.counts()).containsEntry("total", made.size());
        assertThat(QueryFile.read(set.queries())).hasSameSizeAs(made);
    }

    @Test
    void theSameSeedGivesTheSameBytes() throws IOException {
        QueryFamily family = Families.named("slope");
        var first = new QuerySet(folder.resolve("1"));
        var second = new QuerySet(folder.resolve("2"));
        var third = new QuerySet(folder.resolve("3"));
        Manifest manifest = first.make(family, 9, family.describe().parameters(Map.of()));
        second.make(family, 9, family.describe().parameters(Map.of()));
        third.make(family, 10, family.describe().parameters(Map.of()));
        assertThat(manifest).isEqualTo(first.manifest());
        assertThat(QueryImport.read(first.queries(), NONE).accepted())
                .isEqualTo(family.generate(9, family.describe().parameters(Map.of()))
                        .toList());
        assertThat(second.queries()).hasSameBinaryContentAs(first.queries());
        assertThat(second.manifestFile()).hasSameBinaryContentAs(first.manifestFile());
        assertThat(Files.mismatch(first.queries(), third.queries())).isNotNegative();
    }

    @Test
    void manifestSaysHowTheSetCameAbout() {
        QueryFamily family = Families.named("lso-addition");
        var set = new QuerySet(folder);
        set.make(family, 4, family.describe().parameters(Map.of("half-side", "5")));
        Manifest manifest = Objects.requireNonNull(set.manifest());
        assertThat(manifest.name()).isEqualTo("lso-addition");
        assertThat(manifest.seed()).isEqualTo(4);
        assertThat(manifest.parameters()).containsEntry("half-side", "5").containsEntry("format", "direct");
        assertThat(manifest.counts())
                .isEqualTo(Map.of("total", 10_000, "reasoning", 10_000, "train", 9879, "test", 121));
        assertThat(manifest.digest()).matches("sha256:[0-9a-f]{64}");
    }

    @Test
    void aFolderThatHasASetIsLeftAlone() {
        QueryFamily family = Families.named("factual");
        var set = new QuerySet(folder);
        set.make(family, 0, family.describe().parameters(Map.of()));
        assertThatThrownBy(() -> set.make(family, 1, family.describe().parameters(Map.of())))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining("choose another folder");
    }

    @Test
    void aChangedFileContradictsItsManifest() throws IOException {
        QueryFamily family = Families.named("factual");
        var set = new QuerySet(folder);
        set.make(family, 0, family.describe().parameters(Map.of()));
        List<String> lines = Files.readAllLines(set.queries());
        Files.write(set.queries(), lines.subList(0, 40));
        List<GeneratedQuery> read = QueryImport.read(set.queries(), NONE).accepted();
        assertThat(set.contradictions(read))
                .hasSize(2)
                .anySatisfy(line -> assertThat(line).contains("digest"))
                .anySatisfy(line -> assertThat(line).contains("counts").contains("total=40"));
    }

    @Test
    void answersAreGradedByTheirFamily() throws IOException {
        QueryFamily family = Families.named("two-step-arithmetic");
        List<GeneratedQuery> queries =
                family.generate(0, family.describe().parameters(Map.of())).toList();
        Path answers = Files.writeString(folder.resolve("answers.jsonl"), """
                {"id": "two-step-arithmetic-published-03", "answer": "It is 21."}
                {"id": "two-step-arithmetic-published-03", "answer": "It is 22."}
                {"id": "two-step-arithmetic-published-04", "answer": "I do not know."}
                """);
        assertThat(Grading.grade(queries, answers))
                .extracting(graded -> graded.grade().verdict())
                .containsExactly(Grade.Verdict.RIGHT, Grade.Verdict.WRONG, Grade.Verdict.UNREADABLE);
    }

    @Test
    void anAnswerToNoQueryIsRefused() throws IOException {
        Path answers = Files.writeString(folder.resolve("answers.jsonl"), "{\"id\": \"x\", \"answer\": \"1\"}\n");
        assertThatThrownBy(() -> Grading.grade(List.of(), answers))
                .isInstanceOf(CorpusException.class)
                .hasMessageStartingWith("answers.jsonl:1:id: expected the id of a query of the set, found \"x\"");
    }

    static Stream<String> families() {
        return Families.all().stream().map(QueryFamily::name);
    }
}
