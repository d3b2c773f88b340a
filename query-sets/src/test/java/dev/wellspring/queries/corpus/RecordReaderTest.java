package dev.wellspring.queries.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordReaderTest {
    private static final String LINES = """
            {"id": "a", "text": "A river: λ 😀 \\u00e9", "coordinates": {"a": 1, "b": -2}, "rank": 1.50e3}
            {"prompt": "1+1=",  "completion":"2","labels":{"x":"y","n":7,"no":null}}

              {"tokens":[1,2],"coordinates":[1,2]}
            """;

    @TempDir
    private Path folder;

    private static List<Fields> read(Path... files) {
        List<Fields> rows = new ArrayList<>();
        try (RecordReader reader = Corpus.of(List.of(files)).records()) {
            reader.forEachRemaining(rows::add);
        }
        return rows;
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.jsonl", "a.jsonl.gz", "a.json.zst"})
    void linesAreAsTheyStand(String name) throws IOException {
        List<Fields> rows = read(CorpusFiles.write(folder.resolve(name), LINES));
        assertThat(rows)
                .extracting(Fields::line)
                .isEqualTo(LINES.lines().filter(line -> !line.isBlank()).toList());
        assertThat(rows.get(0).words("coordinates")).isEqualTo(Map.of("a", "1", "b", "-2"));
        assertThat(rows.get(0).word("rank")).isEqualTo("1.50E+3");
        assertThat(rows.get(1).words("labels")).isEqualTo(Map.of("x", "y", "n", "7"));
        assertThat(rows.get(1).isPresent("text")).isFalse();
        assertThat(rows.get(2).words("coordinates")).isEmpty();
        assertThat(rows.get(2).word("tokens")).isNull();
    }

    @Test
    void mapsOfParquetAreObjects() throws IOException, SQLException {
        Path file = TabularFiles.parquet(
                folder.resolve("a.parquet"),
                "SELECT 'x' AS text, MAP {'a': 1, 'b': -2} AS coordinates, NULL::VARCHAR AS skin, ['7'] AS answers");
        assertThat(read(file))
                .extracting(Fields::line)
                .containsExactly(
                        "{\"text\":\"x\",\"coordinates\":{\"a\":1,\"b\":-2},\"skin\":null,\"answers\":[\"7\"]}");
    }

    @Test
    void mapsOfArrowAreObjects() throws IOException {
        Path file = TabularFiles.arrowMaps(
                folder.resolve("a.arrow"), List.of("x", "y", "z"), List.of(Map.of("a", 1), Map.of(), Map.of("b", -2)));
        assertThat(read(file))
                .extracting(Fields::line)
                .containsExactly(
                        "{\"text\":\"x\",\"coordinates\":{\"a\":1}}",
                        "{\"text\":\"y\",\"coordinates\":{}}",
                        "{\"text\":\"z\",\"coordinates\":{\"b\":-2}}");
    }

    @Test
    void cellsOfCsvHoldListsAndObjectsWhereThatIsWhatTheColumnIs() throws IOException {
        Path file = CorpusFiles.write(folder.resolve("a.csv"), """
                text,answers,coordinates
                [x],"[""7""]","{""a"": 1}"
                {y},seven,
                """);
        assertThat(read(file))
                .extracting(Fields::line)
                .containsExactly(
                        "{\"text\":\"[x]\",\"answers\":[\"7\"],\"coordinates\":{\"a\":1}}",
                        "{\"text\":\"{y}\",\"answers\":\"seven\",\"coordinates\":\"\"}");
    }

    @Test
    void documentsAndQueriesMayFollowOneAnother() throws IOException {
        Path documents = CorpusFiles.write(folder.resolve("a.csv"), "text\nx\n");
        Path queries = CorpusFiles.write(folder.resolve("b.csv"), "prompt,completion\nWho?,Me\n");
        assertThat(read(documents, queries)).extracting(Fields::origin).containsExactly("a.csv:2", "b.csv:2");
    }

    @Test
    void aTableOfNeitherIsRefused() throws IOException {
        Path file = CorpusFiles.write(folder.resolve("a.csv"), "question,answer\nWho?,Me\n");
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(CorpusException.class)
                .hasMessage("a.csv: expected a column text or tokens, or the columns prompt and completion, found the"
                        + " columns question, answer; rename the columns that hold documents or queries");
    }

    @Test
    void eachFileHasTheDigestOfItsBytes() throws IOException {
        Path one = CorpusFiles.write(folder.resolve("a.jsonl"), "");
        Path other = CorpusFiles.write(folder.resolve("b.jsonl"), "abc");
        assertThat(Corpus.of(List.of(one, other)).digests())
                .isEqualTo(Map.of(
                        "a.jsonl", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                        "b.jsonl", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    }
}
