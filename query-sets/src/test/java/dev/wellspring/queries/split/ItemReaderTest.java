package dev.wellspring.queries.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.queries.corpus.Corpus;
import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.corpus.CorpusFiles;
import dev.wellspring.queries.corpus.RecordReader;
import dev.wellspring.queries.set.Families;
import dev.wellspring.queries.set.QuerySet;
import dev.wellspring.queries.synthesis.CorpusFormat;
import dev.wellspring.queries.synthesis.CorpusShards;
import dev.wellspring.queries.synthesis.DocumentFamilies;
import dev.wellspring.queries.synthesis.DocumentFamily;
import dev.wellspring.queries.task.QueryFamily;
import dev.wellspring.queries.task.grid.Cell;
import dev.wellspring.queries.task.grid.GridTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ItemReaderTest {
    @TempDir
    private Path folder;

    private static List<Item> read(@Nullable GridTask task, Path file) {
        var reader = new ItemReader(task);
        List<Item> items = new ArrayList<>();
        try (RecordReader records = Corpus.of(List.of(file)).records()) {
            records.forEachRemaining(record -> items.add(reader.read(record)));
        }
        return items;
    }

    private List<Item> queries(String family, Map<String, String> parameters) {
        QueryFamily made = Families.named(family);
        var set = new QuerySet(folder.resolve(family + parameters.hashCode()));
        set.make(made, 5, made.describe().parameters(parameters));
        return read(null, set.queries());
    }

    private List<Item> documents(String family, int count, Map<String, String> parameters) throws IOException {
        DocumentFamily made = DocumentFamilies.named(family);
        Path into = Files.createDirectories(folder.resolve(family + parameters.hashCode()));
        var documents = made.documents(5, made.describe().parameters(parameters));
        String file = new CorpusShards(documents, count, 1, CorpusFormat.JSONL, into)
                .write(0, done -> {})
                .file();
        return read(null, into.resolve(file));
    }

    @ParameterizedTest
    @CsvSource({
        "addition, ADDITION, 59+13, '9+3+0 at 0 in base 10; 5+1+1 at 1 in base 10'",
        "modular-addition, MODULAR_ADDITION, 59+13, '9+3+0 at 0 in base 10; 5+1+1 at 1 in base 10'",
        "base9-addition, BASE9_ADDITION, 59+13, '5+4+0 at 0 in base 9; 6+1+1 at 1 in base 9'",
        "linear-regression, LINEAR_REGRESSION, 59+13, ''",
        "chickens-and-rabbits, CHICKENS_AND_RABBITS, 59+33, ''"
    })
    void documentsAndQueriesOfAGridAreTheSameItems(String task, GridTask grid, String cell, String steps)
            throws IOException {
        String[] numbers = cell.split("\\+", -1);
        var at = new Cell(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
        int cells = (int) grid.cells().count();
        Item document = at(documents("grid-cases", cells, Map.of("task", task)), at);
        Item query = at(queries("lso-" + grid.text(), Map.of()), at);
        assertThat(List.of(document, query)).allSatisfy(item -> {
            assertThat(item.grid()).isEqualTo(grid);
            assertThat(String.join("; ", item.steps())).isEqualTo(steps);
            assertThat(Metric.of(item, new SplitRule.Random(0.5))).isEqualTo(new Metric.Grid(grid));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"squares:3", "stripe:40-60,21", "band:95-105"})
    void documentsAndQueriesOfAGridAreSplitAlike(String rule) throws IOException {
        List<Item> documents = documents("grid-cases", 10_000, Map.of());
        List<Item> queries = queries("lso-addition", Map.of());
        for (long seed = 0; seed < 3; seed++) {
            assertThat(heldOut(rule, seed, documents)).isEqualTo(heldOut(rule, seed, queries));
        }
    }

    private static Set<Cell> heldOut(String rule, long seed, List<Item> items) {
        Set<String> test =
                Set.copyOf(Split.of(RuleForm.parse(rule), seed, items).test());
        return items.stream()
                .filter(item -> test.contains(item.id()))
                .map(Item::cell)
                .collect(Collectors.toSet());
    }

    private static Item at(List<Item> items, Cell cell) {
        return items.stream()
                .filter(item -> cell.equals(item.cell()))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct", "rule-following", "scratchpad", "compact"})
    void sumsOfALadderTakeAStepForEachDigit(String format) {
        List<Item> items = queries("length-ladder", Map.of("format", format, "base", "9", "per-length", "20"));
        assertThat(items).hasSize(300).allSatisfy(item -> {
            assertThat(item.grid()).isEqualTo(GridTask.BASE9_ADDITION);
            assertThat(item.steps()).hasSize(item.coordinates().getOrDefault("length", 0));
            assertThat(item.steps()).allMatch(step -> step.endsWith("in base 9"));
            assertThat(item.length()).isEqualTo(item.coordinates().get("length"));
        });
    }

    @Test
    void columnsOfALadderAreThoseOfTheGrid() {
        Item ladder = queries("length-ladder", Map.of("min-digits", "2", "max-digits", "2"))
                .getFirst();
        assertThat(ladder.steps()).hasSize(2);
        assertThat(Grids.of(GridTask.ADDITION)).anyMatch(item -> item.steps().equals(ladder.steps()));
    }

    /// In random words a document does not say what they mean; its plan follows from its start and goal.
    @ParameterizedTest
    @ValueSource(strings = {"mystery", "random-per-corpus", "random-per-instance"})
    void plansTakeTheSameStepsInEverySkin(String skin) throws IOException {
        Map<String, String> plans = new HashMap<>(
                Map.of("blocks", "3", "plans", "1", "traces", "0", "verifications", "0", "descriptions", "0"));
        List<List<String>> plain = steps(documents("plans", 156, plans));
        assertThat(plain).allMatch(plan -> !plan.isEmpty() && plan.getFirst().matches("\\((pick-up|unstack) .*"));
        plans.put("skin", skin);
        assertThat(steps(documents("plans", 156, plans))).isEqualTo(plain);
        for (String family : List.of("blocksworld-universe", "blocksworld", "logistics")) {
            Map<String, String> size =
                    family.equals("blocksworld-universe") ? Map.of("blocks", "3") : Map.of("count", "3");
            List<List<String>> queries = steps(queries(family, size));
            assertThat(queries).noneMatch(List::isEmpty);
            Map<String, String> told = new HashMap<>(size);
            told.put("skin", skin);
            assertThat(steps(queries(family, told))).isEqualTo(queries);
        }
    }

    private static List<List<String>> steps(List<Item> items) {
        return items.stream().map(Item::steps).toList();
    }

    @Test
    void factsAreKnownByNumberOrSubject() throws IOException {
        assertThat(documents("facts", 20, Map.of())).allSatisfy(item -> {
            assertThat(item.fact()).isEqualTo("fact " + item.coordinates().get("fact"));
            assertThat(item.template()).matches("(capital|founder|river|author)-\\d");
        });
        List<Item> queries = queries("factual", Map.of("paraphrases", "3", "controls", "0"));
        assertThat(queries.get(2).fact()).isEqualTo("fact 0");
        assertThat(queries.get(2).template()).isEqualTo("wording-3");
        assertThat(queries.stream().map(Item::fact).distinct()).hasSize(40);
    }

    @Test
    void everyFamilyOfQueriesAndDocumentsCanBeRead() throws IOException {
        Map<String, Map<String, String>> few = Map.of(
                "blocksworld-universe", Map.of("blocks", "3"),
                "plans", Map.of("blocks", "3"),
                "blocksworld", Map.of("count", "2"),
                "logistics", Map.of("count", "2"));
        for (QueryFamily family : Families.all()) {
            assertThat(queries(family.name(), few.getOrDefault(family.name(), Map.of())))
                    .isNotEmpty()
                    .allMatch(item -> item.task().equals(family.name()));
        }
        for (DocumentFamily family : DocumentFamilies.all()) {
            if (!family.name().equals("mixed")) {
                assertThat(documents(family.name(), 50, few.getOrDefault(family.name(), Map.of())))
                        .hasSize(50);
            }
        }
    }

    @Test
    void onesOwnColumnsAreCoordinates() throws IOException {
        Path file = CorpusFiles.write(folder.resolve("own.csv"), """
                id,text,a,b,skin,note
                x,40+40=80,40,41,red,{
                ,40+40=80,4.5,,,
                """);
        List<Item> items = read(GridTask.ADDITION, file);
        assertThat(items.get(0).cell()).isEqualTo(new Cell(40, 41));
        assertThat(items.get(0).skin()).isEqualTo("red");
        assertThat(items.get(0).steps()).hasSize(2);
        assertThat(items.get(1).id()).isEqualTo("own.csv:3");
        assertThat(items.get(1).cell()).isNull();
        assertThat(read(null, file))
                .allMatch(item -> item.cell() == null && item.task().equals("own"));
    }

    @Test
    void aRowThatIsNeitherIsNamed() throws IOException {
        Path file = CorpusFiles.write(folder.resolve("own.jsonl"), "{\"id\": 1, \"question\": \"?\"}\n");
        assertThatThrownBy(() -> read(null, file))
                .isInstanceOf(CorpusException.class)
                .hasMessageStartingWith("own.jsonl:1: expected a document with text or tokens, or a query");
    }
}
