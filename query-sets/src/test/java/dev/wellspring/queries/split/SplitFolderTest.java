package dev.wellspring.queries.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wellspring.queries.corpus.Corpus;
import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.corpus.CorpusFiles;
import dev.wellspring.queries.corpus.RecordReader;
import dev.wellspring.queries.synthesis.CorpusFormat;
import dev.wellspring.queries.synthesis.CorpusShards;
import dev.wellspring.queries.synthesis.DocumentFamilies;
import dev.wellspring.queries.synthesis.DocumentFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SplitFolderTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private record Made(Split split, SplitReport report, JsonNode about) {}

    private Corpus corpus(String family, CorpusFormat format, Map<String, String> parameters) throws IOException {
        DocumentFamily made = DocumentFamilies.named(family);
        var documents = made.documents(5, made.describe().parameters(parameters));
        Path into = Files.createDirectories(folder.resolve(format.extension()));
        var shards = new CorpusShards(documents, 600, 2, format, into);
        return Corpus.of(List.of(
                into.resolve(shards.write(0, done -> {}).file()),
                into.resolve(shards.write(1, done -> {}).file())));
    }

    private static Made split(Corpus corpus, String rule, Path into) throws IOException {
        var reader = new ItemReader(null);
        List<Item> items = new ArrayList<>();
        try (RecordReader records = corpus.records()) {
            records.forEachRemaining(record -> items.add(reader.read(record)));
        }
        Split split = Split.of(RuleForm.parse(rule), 7, items);
        SplitReport report = SplitReport.of(split, items, () -> {});
        return new Made(split, report, new SplitFolder(into).write(corpus, split, report, () -> {}));
    }

    private static List<JsonNode> objects(Path file) throws IOException {
        List<JsonNode> objects = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            objects.add(JSON.readTree(line));
        }
        return objects;
    }

    @ParameterizedTest
    @EnumSource
    void everyFormatGivesTheSameRecordsEachInOnePart(CorpusFormat format) throws IOException {
        Path out = folder.resolve("split");
        Made made = split(corpus("grid-cases", format, Map.of()), "square:50,50,20", out);
        List<String> lines = new ArrayList<>();
        for (Path file : corpus("grid-cases", CorpusFormat.JSONL, Map.of()).files()) {
            lines.addAll(Files.readAllLines(file));
        }
        List<String> train = Files.readAllLines(out.resolve("train.jsonl"));
        List<String> test = Files.readAllLines(out.resolve("test.jsonl"));
        assertThat(train).hasSize(made.split.train().size());
        assertThat(test).hasSize(made.split.test().size());
        assertThat(Stream.concat(train.stream(), test.stream())).containsExactlyInAnyOrderElementsOf(lines);
        assertThat(train).isEqualTo(lines.stream().filter(train::contains).toList());
        assertThat(objects(out.resolve("test.jsonl")))
                .extracting(document -> document.path("id").asText())
                .isEqualTo(made.split.test());
        try (Stream<Path> files = Files.list(out)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("split.json", "items.jsonl", "train.jsonl", "test.jsonl");
        }
    }

    @Test
    void itemsSayTheirPartAndWhatIsNearest() throws IOException {
        Path out = folder.resolve("split");
        Made made = split(corpus("grid-cases", CorpusFormat.JSONL, Map.of()), "square:50,50,20", out);
        List<JsonNode> items = objects(out.resolve("items.jsonl"));
        assertThat(items).hasSize(600);
        for (int i = 0; i < made.report.items().size(); i++) {
            SplitReport.HeldOut item = made.report.items().get(i);
            Nearest nearest = Objects.requireNonNull(item.nearest());
            assertThat(items.get(made.split.train().size() + i))
                    .isEqualTo(JSON.createObjectNode()
                            .put("id", item.id())
                            .put("part", "test")
                            .put("metric", "grid")
                            .put("distance", (int) nearest.distance())
                            .put("nearest", nearest.id())
                            .put("ties", nearest.ties())
                            .putNull("renamed")
                            .putNull("other_skins")
                            .putNull("same_fact")
                            .put("steps", item.steps())
                            .put("steps_seen", item.stepsSeen()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"random:0.7", "squares:2", "stripe:40-60,21", "digit-step:units,4,4,0", "length:1"})
    void aSplitIsReadBackAsItWas(String rule) throws IOException {
        Path out = folder.resolve("split");
        Made made = split(corpus("grid-cases", CorpusFormat.JSONL, Map.of()), rule, out);
        assertThat(Split.read(out)).isEqualTo(made.split);
        assertThat(Split.read(out).digest()).isEqualTo(made.about.path("digest").asText());
        assertThat(out.resolve("split.json")).hasContent(made.about.toPrettyString() + "\n");
    }

    @Test
    void theSameSplitHasTheSameBytes() throws IOException {
        Corpus corpus = corpus("facts", CorpusFormat.JSONL, Map.of());
        split(corpus, "fact:0.3", folder.resolve("one"));
        split(corpus, "fact:0.3", folder.resolve("other"));
        for (String file : List.of("split.json", "items.jsonl", "train.jsonl", "test.jsonl")) {
            assertThat(folder.resolve("one").resolve(file)).hasSameBinaryContentAs(folder.resolve("other/" + file));
        }
    }

    @Test
    void whatIsSaidAboutASplit() throws IOException {
        Corpus corpus = corpus("grid-cases", CorpusFormat.JSONL, Map.of());
        Made made = split(corpus, "square:50,50,20", folder.resolve("split"));
        assertThat(made.about.path("version").asInt()).isEqualTo(1);
        assertThat(made.about.path("rule").asText()).isEqualTo("square:50,50,20");
        assertThat(made.about.path("seed").asLong()).isEqualTo(7);
        assertThat(made.about.at("/parameters/squares/0").asText()).isEqualTo("50,50,20");
        assertThat(made.about.at("/counts/items").asInt()).isEqualTo(600);
        assertThat(made.about.at("/counts/test").asInt())
                .isEqualTo(made.split.test().size());
        assertThat(made.about.at("/inputs/1/file").asText()).isEqualTo("documents-00001-of-00002.jsonl");
        assertThat(made.about.at("/inputs/1/sha256").asText()).matches("[0-9a-f]{64}");
        int counted = 0;
        for (JsonNode count : made.about.at("/distances/0/counts")) {
            counted += count.path("items").asInt();
        }
        assertThat(counted).isEqualTo(made.split.test().size());
        assertThat(made.about.at("/coverage/covered").asLong())
                .isEqualTo(made.report.items().stream()
                        .filter(SplitReport.HeldOut::isCovered)
                        .count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"part\":\"train\"", "grid-cases-"})
    void aSplitThatWasChangedIsRefused(String what) throws IOException {
        Path out = folder.resolve("split");
        split(corpus("grid-cases", CorpusFormat.JSONL, Map.of()), "square:50,50,20", out);
        Path items = out.resolve("items.jsonl");
        String by = what.equals("grid-cases-") ? "other-" : "\"part\":\"test\"";
        Files.writeString(items, Files.readString(items).replaceFirst(what, by));
        assertThatThrownBy(() -> Split.read(out))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining("split.json:digest: expected ")
                .hasMessageEndingWith("split the corpus again");
    }

    @Test
    void aSeedOrRuleThatWasChangedIsRefused() throws IOException {
        Path out = folder.resolve("split");
        split(corpus("grid-cases", CorpusFormat.JSONL, Map.of()), "square:50,50,20", out);
        String about = Files.readString(out.resolve("split.json"));
        for (String[] change :
                new String[][] {{"\"seed\" : 7", "\"seed\" : 8"}, {"square:50,50,20", "square:50,50,19"}}) {
            Files.writeString(out.resolve("split.json"), about.replace(change[0], change[1]));
            assertThatThrownBy(() -> Split.read(out)).hasMessageContaining("split.json:digest: expected ");
        }
        Files.writeString(out.resolve("split.json"), about.replace("\"version\" : 1", "\"version\" : 2"));
        assertThatThrownBy(() -> Split.read(out)).hasMessageContaining("split.json:version: expected 1, found 2");
        Files.writeString(out.resolve("split.json"), "{");
        assertThatThrownBy(() -> Split.read(out)).isInstanceOf(CorpusException.class);
        Files.delete(out.resolve("split.json"));
        assertThatThrownBy(() -> Split.read(out)).hasMessageContaining("expected a split, found none");
    }

    /// A record that is gone, and another in the place of one.
    @ParameterizedTest
    @CsvSource({"'own.jsonl:1 own.jsonl:2 own.jsonl:3', its end", "own.jsonl:1 x, the item own.jsonl:2"})
    void aCorpusThatChangedMeanwhileLeavesNothingBehind(String before, String found) throws IOException {
        Path file = CorpusFiles.write(folder.resolve("own.jsonl"), "{\"text\": \"a\"}\n{\"text\": \"b\"}\n");
        Corpus corpus = Corpus.of(List.of(file));
        List<Item> items = Stream.of(before.split(" ", -1))
                .map(id -> Item.of(id, "own", Map.of(), Map.of()))
                .toList();
        Split split = Split.of(new SplitRule.Random(0.5), 0, items);
        SplitReport report = SplitReport.of(split, items, () -> {});
        assertThatThrownBy(() -> new SplitFolder(folder.resolve("out")).write(corpus, split, report, () -> {}))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining("expected the same records as before, found " + found);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void whatAKilledProcessLeftIsWrittenOver() throws IOException {
        Path part = Files.createDirectories(folder.resolve("split.part"));
        Files.writeString(part.resolve("train.jsonl"), "half a li");
        split(corpus("grid-cases", CorpusFormat.JSONL, Map.of()), "random:0.5", folder.resolve("split"));
        assertThat(part).doesNotExist();
        assertThat(Files.readAllLines(folder.resolve("split/train.jsonl"))).hasSize(300);
    }
}
