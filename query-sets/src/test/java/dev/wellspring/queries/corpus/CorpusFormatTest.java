package dev.wellspring.queries.corpus;

import static dev.wellspring.queries.corpus.CorpusFiles.read;
import static dev.wellspring.queries.corpus.CorpusFiles.write;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorpusFormatTest {
    private static final String LINES = """
            {"id": "a", "source": "wiki", "text": "A river, \\"wide\\",\\nand deep: λ 漢 😀", "tokens": null, "rank": 0}
            {"id": "b", "source": null, "text": "second", "tokens": null, "rank": 1}
            {"id": "c", "source": "books", "text": null, "tokens": [200, 0, 17], "rank": 2}
            {"id": "d", "source": "books", "text": "", "tokens": null, "rank": 3}
            {"id": "e", "source": "it's", "text": "both", "tokens": [], "rank": 4}
            """;
    private static final String CELLS = """
            id,source,text,tokens,rank\r
            a,wiki,"A river, ""wide"",
            and deep: λ 漢 😀",,0\r
            b,,second,,1\r
            c,books,,"[200, 0, 17]",2\r
            \r
            d,books,"",,3\r
            e,it's,both,[],4""";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"a.jsonl", "a.jsonl.gz", "a.JSONL.zst", "a.ndjson", "a.json.gz"})
    void jsonLinesGiveTheDocuments(String name) throws IOException {
        assertThat(contents(write(folder.resolve(name), LINES))).isEqualTo(expected("{\"rank\":%d}", false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.csv", "a.csv.gz", "a.csv.zst"})
    void csvGivesTheSameDocumentsWithEveryCellAsText(String name) throws IOException {
        assertThat(contents(write(folder.resolve(name), CELLS))).isEqualTo(expected("{\"rank\":\"%d\"}", true));
    }

    @Test
    void parquetGivesTheSameDocuments() throws IOException, SQLException {
        Path file = TabularFiles.parquet(folder.resolve("a's [1]*.parquet"), TabularFiles.select(documents()));
        assertThat(contents(file)).isEqualTo(expected("{\"rank\":%d}", false));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void arrowFilesAndStreamsGiveTheSameDocuments(boolean stream) throws IOException {
        Path file = TabularFiles.arrow(folder.resolve("a.arrow"), documents(), stream);
        assertThat(contents(file)).isEqualTo(expected("{\"rank\":%d}", false));
    }

    /// Written by pyarrow 25.0.1: 40 rows in batches of 16, large strings, a dictionary, unsigned numbers.
    @ParameterizedTest
    @ValueSource(strings = {"lz4", "zstd", "uncompressed"})
    void featherFilesOfPyarrowAreRead(String compression) throws URISyntaxException {
        URL resource = requireNonNull(getClass().getResource("/arrow/pyarrow-" + compression + ".feather"));
        List<Document> documents = read(30, Path.of(resource.toURI()));
        assertThat(documents).hasSize(10);
        Document document = documents.getFirst();
        assertThat(document.id()).isEqualTo("d30");
        assertThat(document.source()).isEqualTo("books");
        assertThat(document.text()).startsWith("Text 30: λ 漢 lorem ipsum ");
        assertThat(document.extras())
                .isEqualTo("{\"u8\":250,\"u32\":4000000000,\"score\":0.5,\"day\":\"1970-01-01\","
                        + "\"tags\":{\"a\":[1,null]}}");
        assertThat(document.origin()).isEqualTo("pyarrow-" + compression + ".feather:31");
    }

    @Test
    void filesComeInTheGivenOrderAndDocumentsInTheFiles() throws IOException, SQLException {
        Path second = write(folder.resolve("a.jsonl"), LINES);
        Path first = TabularFiles.parquet(
                folder.resolve("b.parquet"), "SELECT 'p' || i AS id, 'text' AS text FROM range(5000) t(i)");
        List<String> ids = read(first, second).stream().map(Document::id).toList();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            expected.add("p" + i);
        }
        expected.addAll(List.of("a", "b", "c", "d", "e"));
        assertThat(ids).isEqualTo(expected);
    }

    @Test
    void skippingGivesTheTailInEveryFormat() throws IOException, SQLException {
        Path[] files = {
            write(folder.resolve("1.jsonl.gz"), "\n" + LINES + "\n\n"),
            write(folder.resolve("2.csv"), CELLS),
            TabularFiles.parquet(folder.resolve("3.parquet"), TabularFiles.select(documents())),
            TabularFiles.arrow(folder.resolve("4.arrow"), documents(), false),
            TabularFiles.arrow(folder.resolve("5.arrow"), documents(), true)
        };
        List<String> all = describe(read(files));
        assertThat(all).hasSize(25);
        for (int skip = 0; skip <= 26; skip++) {
            assertThat(describe(read(skip, files))).as("after %d", skip).isEqualTo(all.subList(Math.min(skip, 25), 25));
        }
    }

    @Test
    void aMissingIdIsTheFileAndTheLineOrRow() throws IOException, SQLException {
        Path lines = write(folder.resolve("a.jsonl"), "\n{\"text\": \"x\"}\n\n{\"text\": \"y\", \"id\": 7}");
        Path cells = write(folder.resolve("a.csv"), "text,id\n\"x\ny\",\nz,007\nz,");
        Path table = TabularFiles.parquet(folder.resolve("a.parquet"), "SELECT 'x' AS text FROM range(2)");
        assertThat(read(lines, cells, table).stream().map(Document::id))
                .containsExactly("a.jsonl:2", "7", "a.csv:2", "007", "a.csv:5", "a.parquet:1", "a.parquet:2");
    }

    @Test
    void filesOfOneNameAreCalledByTheirPath() throws IOException {
        Path first = write(Files.createDirectory(folder.resolve("x")).resolve("a.jsonl"), "{\"text\": \"x\"}");
        Path second = write(Files.createDirectory(folder.resolve("y")).resolve("a.jsonl"), "{\"text\": \"y\"}");
        assertThat(read(first, second).stream().map(Document::id)).containsExactly(first + ":1", second + ":1");
    }

    @Test
    void otherColumnsAreCarriedInOrderAndAsWritten() throws IOException, SQLException {
        Path lines = write(
                folder.resolve("a.jsonl"),
                "{\"z\": 1.50, \"text\": \"x\", \"a\": {\"k\": [1, null, \"ü\"]}, \"nan\": NaN, \"none\": null}");
        assertThat(read(lines).getFirst().extras())
                .isEqualTo("{\"z\":1.50,\"a\":{\"k\":[1,null,\"ü\"]},\"nan\":\"NaN\",\"none\":null}");
        Path table = TabularFiles.parquet(
                folder.resolve("a.parquet"),
                "SELECT 1.5::DOUBLE AS z, 'x' AS text, {'k': [1, NULL]} AS a, 'NaN'::DOUBLE AS nan, DATE '2020-01-31' AS day");
        assertThat(read(table).getFirst().extras())
                .isEqualTo("{\"z\":1.5,\"a\":{\"k\":[1,null]},\"nan\":\"NaN\",\"day\":\"2020-01-31\"}");
    }

    @Test
    void aByteOrderMarkIsNotText() throws IOException {
        Path file = write(folder.resolve("a.csv"), "\uFEFFtext,id\nx,1");
        assertThat(read(file).getFirst().text()).isEqualTo("x");
        Path quoted = write(folder.resolve("b.csv.gz"), "\uFEFF\"text\",id\nx,1");
        assertThat(read(quoted).getFirst().text()).isEqualTo("x");
    }

    @Test
    void csvKeepsWhatIsInQuotesAndPassesOverBlankLines() throws IOException {
        Path file = write(folder.resolve("a.csv"), "\n \ntext\n\"\"\n\t \n\" \"\nx\ry \"z\"\r\n\"p\r\nq\"\n");
        assertThat(read(file).stream().map(Document::text)).containsExactly("", " ", "x", "y \"z\"", "p\r\nq");
        assertThat(read(file).stream().map(Document::id))
                .containsExactly("a.csv:4", "a.csv:6", "a.csv:7", "a.csv:8", "a.csv:9");
    }

    @Test
    void theDigestDependsOnNamesOrderAndContentsButNotOnTheFolder() throws IOException {
        Path a = write(folder.resolve("a.jsonl"), "{\"text\": \"x\"}");
        Path b = write(folder.resolve("b.jsonl"), "{\"text\": \"y\"}");
        Path moved = write(Files.createDirectory(folder.resolve("z")).resolve("a.jsonl"), "{\"text\": \"x\"}");
        assertThat(digest(a, b)).isEqualTo(digest(moved, b)).matches("[0-9a-f]{64}");
        assertThat(Stream.of(digest(a, b), digest(b, a), digest(a), digest(b), digest(write(a, "{\"text\": \"X\"}"))))
                .doesNotHaveDuplicates();
    }

    private static String digest(Path... files) {
        return Corpus.of(List.of(files)).digest();
    }

    private static List<Document> documents() {
        return List.of(
                document("a", "wiki", "A river, \"wide\",\nand deep: λ 漢 😀"),
                document("b", null, "second"),
                new Document("c", "books", null, new int[] {200, 0, 17}, "", ""),
                document("d", "books", ""),
                new Document("e", "it's", "both", new int[0], "", ""));
    }

    private static Document document(String id, @Nullable String source, String text) {
        return new Document(id, source, text, null, "", "");
    }

    private static List<String> expected(String extras, boolean emptyForNull) {
        List<Document> documents = documents();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < documents.size(); i++) {
            Document document = documents.get(i);
            String text = document.text() == null && emptyForNull ? "" : document.text();
            lines.add(describe(
                    new Document(document.id(), document.source(), text, document.tokens(), extras.formatted(i), "")));
        }
        return lines;
    }

    private static List<String> contents(Path file) {
        return describe(read(file));
    }

    private static List<String> describe(List<Document> documents) {
        return documents.stream().map(CorpusFormatTest::describe).toList();
    }

    private static String describe(Document document) {
        return String.join(
                "|",
                document.id(),
                document.source(),
                document.text(),
                Arrays.toString(document.tokens()),
                document.extras());
    }
}
