package dev.wellspring.queries.corpus;

import static dev.wellspring.queries.corpus.CorpusFiles.read;
import static dev.wellspring.queries.corpus.CorpusFiles.truncate;
import static dev.wellspring.queries.corpus.CorpusFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadCorpusTest {
    private static final String GOOD = "{\"text\": \"good\"}\n";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '§', quoteCharacter = '`', textBlock = """
                    {"text": 17}                   § a.jsonl:2:text: expected a text, found the number 17; put it in quotes or leave it out
                    {"text": ["x"]}                § a.jsonl:2:text: expected a text, found a list; put it in quotes or leave it out
                    {"id": {}, "text": "x"}        § a.jsonl:2:id: expected a text, found an object; put it in quotes or leave it out
                    {"source": 1.5, "text": "x"}   § a.jsonl:2:source: expected a text, found the number 1.5; put it in quotes or leave it out
                    {"tokens": "1 2"}              § a.jsonl:2:tokens: expected a list of token ids, found the text "1 2"; write it as [17, 4, …]
                    {"tokens": [1, 2.0]}           § a.jsonl:2:tokens: expected token ids, whole numbers from 0, found the number 2.0 at index 1; write the ids that the model's tokenizer gives
                    {"tokens": [1, "2"]}           § a.jsonl:2:tokens: expected token ids, whole numbers from 0, found the text "2" at index 1; write the ids that the model's tokenizer gives
                    {"tokens": [-1]}               § a.jsonl:2:tokens: expected token ids, whole numbers from 0, found the number -1 at index 0; write the ids that the model's tokenizer gives
                    {"tokens": [2147483648]}       § a.jsonl:2:tokens: expected token ids, whole numbers from 0, found the number 2147483648 at index 0; write the ids that the model's tokenizer gives
                    {"tokens": [null]}             § a.jsonl:2:tokens: expected token ids, whole numbers from 0, found null at index 0; write the ids that the model's tokenizer gives
                    {"Text": "x"}                  § a.jsonl:2: expected a document with text or tokens, or with prompt and completion, found neither; give it a field text, or a field tokens with token ids
                    {"prompt": "x"}                § a.jsonl:2: expected a document with text or tokens, or with prompt and completion, found neither; give it a field text, or a field tokens with token ids
                    {"text": null}                 § a.jsonl:2: expected a document with text or tokens, or with prompt and completion, found neither; give it a field text, or a field tokens with token ids
                    {"text": "a\\ud800b"}          § a.jsonl:2:text: expected Unicode text, found the lone surrogate \\ud800 at character 1; remove it or write the whole pair
                    [1, 2]                         § a.jsonl:2: expected one JSON object per line, found a list; write the file as JSON Lines
                    "text"                         § a.jsonl:2: expected one JSON object per line, found the text "text"; write the file as JSON Lines
                    """)
    void aLineThatIsNoDocumentIsNamed(String line, String message) throws IOException {
        assertBad(message, write(folder.resolve("a.jsonl"), GOOD + line + "\n" + GOOD));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"text\": \"x\"", "{text: 1}", "{\"text\": \"x\"} {}", "{\"text\": \"x\", \"text\": \"y\"}"})
    void brokenJsonIsNamedWithItsColumn(String line) throws IOException {
        assertBadMatching(
                "a\\.jsonl:2: expected one JSON object per line, found broken JSON at column \\d+ \\(.+\\); correct the line",
                write(folder.resolve("a.jsonl"), GOOD + line + "\n" + GOOD));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.jsonl", "a.jsonl.gz", "a.jsonl.zst"})
    void bytesThatAreNotUtf8AreNamed(String name) throws IOException {
        byte[] bytes = (GOOD + "{\"text\": \"Z?rich\"}\n").getBytes(StandardCharsets.UTF_8);
        bytes[GOOD.length() + 11] = (byte) 0xFC; // ü in Latin-1
        assertBad(
                name + ":2: expected UTF-8, found the byte 0xfc at byte 11 of the line; convert the file to UTF-8",
                write(folder.resolve(name), bytes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.csv", "a.csv.gz", "a.csv.zst"})
    void bytesThatAreNotUtf8AreNamedWithTheLineInsideACell(String name) throws IOException {
        byte[] bytes = "id,text\n1,\"x\ny\"\n2,\"Zug\nZ?rich\"\n".getBytes(StandardCharsets.UTF_8);
        bytes[bytes.length - 7] = (byte) 0xFC; // ü in Latin-1
        assertBad(
                name + ":5: expected UTF-8, found the byte 0xfc at byte 1 of the line; convert the file to UTF-8",
                write(folder.resolve(name), bytes));
    }

    @Test
    void theReplacementCharacterItselfIsText() throws IOException {
        assertThat(read(write(folder.resolve("a.jsonl"), "{\"text\": \"\uFFFD\"}"))
                        .getFirst()
                        .text())
                .isEqualTo("\uFFFD");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.jsonl.gz", "a.jsonl.zst", "a.csv.gz", "a.csv.zst"})
    void aTruncatedCompressedFileIsNamedWithTheLine(String name) throws IOException {
        Path file = truncate(write(folder.resolve(name), noise(name.contains("csv") ? "text\n" : "")), 0.6);
        assertBadMatching(
                name + ":\\d{2,}: expected a whole compressed file, found damage: .+; copy or compress it again", file);
    }

    @Test
    void aFileThatOnlyClaimsToBeCompressedIsNamed() throws IOException {
        Path file = folder.resolve("a.jsonl.gz");
        Files.writeString(file, GOOD);
        assertBadMatching("a.jsonl.gz: expected a whole compressed file, found damage: .+", file);
        Path empty = Files.createFile(folder.resolve("b.csv.gz"));
        assertBad(
                "b.csv.gz: expected a whole compressed file, found damage: it ends within its header; "
                        + "copy or compress it again",
                empty);
    }

    @Test
    void aTruncatedParquetFileIsNamed() throws IOException, SQLException {
        Path file = TabularFiles.parquet(folder.resolve("a.parquet"), "SELECT 'x' AS text FROM range(9000)");
        assertBadMatching(
                "a.parquet: expected a whole Parquet file, found damage: .+; copy or write it again",
                truncate(file, 0.5));
    }

    @Test
    void aDamagedParquetPageIsNamedWithTheRow() throws IOException, SQLException {
        Path file = TabularFiles.parquet(
                folder.resolve("a.parquet"), "SELECT 'text ' || hash(i) AS text FROM range(20000) t(i)");
        byte[] bytes = Files.readAllBytes(file);
        new Random(1).ints(400, bytes.length / 2, bytes.length / 2 + 4000).forEach(at -> bytes[at] ^= 0x55);
        Files.write(file, bytes);
        assertBadMatching("a.parquet(:\\d+)?: expected a whole Parquet file, found damage: .+", file);
    }

    @Test
    void tablesWithoutDocumentsAreNamed() throws IOException, SQLException {
        String rest = " expected a column text or tokens, found the columns id, body; "
                + "rename the column that holds the documents";
        assertBad("a.csv:" + rest, write(folder.resolve("a.csv"), "id,body\n1,x\n"));
        assertBad(
                "a.parquet:" + rest, TabularFiles.parquet(folder.resolve("a.parquet"), "SELECT 1 AS id, 'x' AS body"));
        assertBad(
                "e.csv: expected a column text or tokens, found no columns; rename the column that holds the documents",
                write(folder.resolve("e.csv"), ""));
        assertBad(
                "b.parquet:text: expected a column of texts, found bytes; write the column with the string type",
                TabularFiles.parquet(folder.resolve("b.parquet"), "SELECT 'x'::BLOB AS text"));
    }

    @Test
    void aParquetFieldOfAnotherTypeIsNamedWithTheRow() throws SQLException {
        assertBad(
                "a.parquet:1:text: expected a text, found the number 17; put it in quotes or leave it out",
                TabularFiles.parquet(folder.resolve("a.parquet"), "SELECT 17 AS text"));
        assertBad(
                "b.parquet:1:tokens: expected token ids, whole numbers from 0, found the number 1.5 at index 0; "
                        + "write the ids that the model's tokenizer gives",
                TabularFiles.parquet(folder.resolve("b.parquet"), "SELECT [1.5] AS tokens"));
    }

    @Test
    void aTruncatedArrowFileIsNamed() throws IOException {
        List<Document> documents = List.of(
                new Document("a", null, "x".repeat(2000), null, "", ""),
                new Document("b", null, "y".repeat(2000), null, "", ""));
        assertBad(
                "a.arrow: expected a whole Arrow IPC file, found damage: the file does not end in ARROW1; "
                        + "copy or write it again",
                truncate(TabularFiles.arrow(folder.resolve("a.arrow"), documents, false), 0.5));
        assertBadMatching(
                "s.arrow: expected a whole Arrow IPC file, found damage: .+; copy or write it again",
                truncate(TabularFiles.arrow(folder.resolve("s.arrow"), documents, true), 0.5));
        assertBadMatching(
                "t.arrow: expected a whole Arrow IPC file, found damage: .+",
                write(folder.resolve("t.arrow"), "not an Arrow file at all, but text".repeat(9)));
    }

    @Test
    void aDamagedArrowColumnIsNamedWithTheRow() throws IOException {
        List<Document> documents = List.of(
                new Document("a", null, "x".repeat(1000), null, "", ""),
                new Document("b", null, "y".repeat(2000), null, "", ""));
        Path file = TabularFiles.arrow(folder.resolve("a.arrow"), documents, false);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int offsets = 0;
        while (bytes.getInt(offsets + 4) != 1000 || bytes.getInt(offsets + 8) != 3000) {
            offsets += Integer.BYTES;
        }
        Files.write(file, bytes.putInt(offsets + 8, 1 << 30).array());
        assertBadMatching("a.arrow:2: expected a whole Arrow IPC file, found damage: .+; copy or .+", file);
    }

    @Test
    void aRecordThatNeverEndsIsNotReadWhole() throws IOException {
        Path file = write(folder.resolve("a.csv.gz"), "id,text\n1,\"" + "a line without its quote\n".repeat(3_000_000));
        assertBadMatching("a.csv.gz:2: expected a record after RFC 4180, found none: .+; close every .+", file);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '§', quoteCharacter = '`', textBlock = """
                    a,b,c     § a.csv:3: expected 2 cells as in the header, found 3; put cells that hold a comma, a quote or a line end in double quotes
                    a         § a.csv:3: expected 2 cells as in the header, found 1; put cells that hold a comma, a quote or a line end in double quotes
                    "a"b,c    § a.csv:3: expected a record after RFC 4180, found none: Unexpected character after closing quote: 'b' (0x62) (record starting at line 3); close every quoted cell, and double the quotes inside it
                    "a,b      § a.csv:3: expected a record after RFC 4180, found none: Unclosed quoted field at end of input (record starting at line 3); close every quoted cell, and double the quotes inside it
                    1,"[1, x" § a.csv:3:tokens: expected a list of token ids, found the text "[1, x"; write it as [17, 4, …]
                    """)
    void aBrokenCsvRecordIsNamed(String record, String message) throws IOException {
        assertBad(message, write(folder.resolve("a.csv"), "id,tokens\n1,[1]\n" + record + "\n"));
    }

    @Test
    void columnsOfOneNameAreRefused() throws IOException {
        assertBad(
                "a.csv: expected columns of different names, found the columns text, text; "
                        + "rename one of those that share a name",
                write(folder.resolve("a.csv"), "text,text\nx,y\n"));
    }

    @Test
    void filesThatCannotBeACorpusAreRefused() throws IOException {
        Path file = write(folder.resolve("a.jsonl"), GOOD);
        Path other = write(folder.resolve("a.txt"), GOOD);
        assertBad("documents: expected at least one file, found none; name the files to read");
        assertBad(file + ": expected each file once, found it twice; name it once", file, file);
        assertBad(
                folder.resolve("b.jsonl") + ": expected a file, found nothing; check the path",
                folder.resolve("b.jsonl"));
        assertBad(folder + ": expected a file, found something else; check the path", folder);
        assertBad(
                other + ": expected a name that ends in .jsonl or .csv (also with .gz or .zst), .parquet, .arrow, "
                        + ".feather or .ipc, found a.txt; rename or convert the file",
                other);
    }

    private static String noise(String header) {
        StringBuilder text = new StringBuilder(header);
        Random random = new Random(7);
        for (int i = 0; i < 30_000; i++) {
            long word = random.nextLong();
            text.append(header.isEmpty() ? "{\"text\": \"" + word + "\"}\n" : word + "\n");
        }
        return text.toString();
    }

    private static void assertBad(String message, Path... files) {
        assertThatThrownBy(() -> read(files))
                .isInstanceOf(CorpusException.class)
                .hasMessage(message);
    }

    private static void assertBadMatching(String pattern, Path... files) {
        assertThatThrownBy(() -> read(files))
                .isInstanceOf(CorpusException.class)
                .message()
                .matches(pattern);
    }
}
