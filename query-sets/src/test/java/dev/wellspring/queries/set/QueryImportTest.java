package dev.wellspring.queries.set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.queries.QueryKind;
import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Grade;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Properties;
import org.duckdb.DuckDBDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueryImportTest {
    private static final QueryImport.Defaults FACTUAL = new QueryImport.Defaults(QueryKind.FACTUAL, "trivia");

    @TempDir
    private Path folder;

    @Test
    void aTableNeedsPromptsAndCompletionsOnly() throws IOException {
        QueryImport.Report report = read("own.csv", """
                prompt,completion,answers,topic
                Who wrote Emma?,Jane Austen,"[""Austen"", ""Jane Austen""]",books
                When did it rain?,"In 1816, all year",1816,weather
                """);
        assertThat(report.rejected()).isEmpty();
        assertThat(report.accepted()).hasSize(2);
        GeneratedQuery first = report.accepted().getFirst();
        assertThat(first.id()).isEqualTo("own.csv:2");
        assertThat(first.kind()).isEqualTo(QueryKind.FACTUAL);
        assertThat(first.family()).isEqualTo("trivia");
        assertThat(first.answers()).containsExactly("Austen", "Jane Austen");
        assertThat(first.labels()).containsEntry("topic", "books");
        assertThat(report.accepted().getLast().answers()).containsExactly("1816");
    }

    @Test
    void eachRejectedRowSaysWhy() throws IOException {
        QueryImport.Report report = read("own.jsonl", """
                {"id": "a", "prompt": "1?", "completion": "one"}
                {"id": "a", "prompt": "2?", "completion": "two"}
                {"id": "c", "prompt": "", "completion": "three"}
                {"id": "d", "prompt": "4?"}
                {"id": "e", "prompt": "5?", "completion": "five", "kind": "riddle"}
                {"id": "f", "prompt": "6?", "completion": "six", "control_of": "nobody"}
                {"id": "g", "prompt": "7?", "completion": "seven", "target_spans": [{"start": 3, "end": 9}]}
                {"id": "h", "prompt": "8?", "completion": "eight", "coordinates": {"a": "x"}}
                {"id": "i", "prompt": "9?", "completion": 9}
                nine
                {"id": "k", "prompt": "59+13=", "completion": "73", "answers": ["72"], "family": "lso-addition"}
                {"id": "l", "prompt": "12?", "completion": "twelve"}
                """);
        assertThat(report.accepted()).extracting(GeneratedQuery::id).containsExactly("a", "l");
        assertThat(report.rejected())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("own.jsonl:2:id: expected an id of its own"),
                        line -> assertThat(line).startsWith("own.jsonl:3:prompt: expected a text, found an empty text"),
                        line -> assertThat(line).startsWith("own.jsonl:4:completion: expected a text, found nothing"),
                        line -> assertThat(line).startsWith("own.jsonl:5:kind: expected factual, reasoning or control"),
                        line -> assertThat(line).startsWith("own.jsonl:7:target_spans: expected 0 <= start < end <= 5"),
                        line -> assertThat(line).startsWith("own.jsonl:8:coordinates.a: expected a whole number"),
                        line -> assertThat(line)
                                .startsWith("own.jsonl:9:completion: expected a text, found the number 9"),
                        line -> assertThat(line).startsWith("own.jsonl:10: expected one JSON object per line"),
                        line -> assertThat(line).startsWith("own.jsonl:11:completion: expected a right answer"),
                        line -> assertThat(line)
                                .startsWith("own.jsonl:6:control_of: expected the id of another query"));
    }

    @Test
    void aRowWithAWrongNumberOfCellsIsRejectedAlone() throws IOException {
        QueryImport.Report report = read("own.csv", """
                prompt,completion
                one?,1
                two?,2,2
                three?,3
                """);
        assertThat(report.accepted()).extracting(GeneratedQuery::prompt).containsExactly("one?", "three?");
        assertThat(report.rejected()).singleElement().asString().startsWith("own.csv:3: expected 2 cells");
    }

    @Test
    void parquetIsReadToo() throws SQLException {
        Path file = folder.resolve("own.parquet");
        try (var connection = new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
                var statement = connection.createStatement()) {
            statement.execute("COPY (SELECT 'q' || i AS id, i || '?' AS prompt, 'it is ' || i AS completion,"
                    + " ['' || i] AS answers FROM range(3) t(i)) TO '" + file + "' (FORMAT parquet)");
        }
        QueryImport.Report report = QueryImport.read(file, FACTUAL);
        assertThat(report.rejected()).isEmpty();
        assertThat(report.accepted()).extracting(GeneratedQuery::id).containsExactly("q0", "q1", "q2");
        assertThat(report.accepted().getLast().answers()).containsExactly("2");
    }

    @Test
    void aTableWithoutPromptsIsRefused() {
        assertThatThrownBy(() -> read("own.csv", "question,answer\n1?,one\n"))
                .isInstanceOf(CorpusException.class)
                .hasMessage("own.csv: expected the columns prompt and completion, found the columns question, answer;"
                        + " rename the columns that hold the question and its answer");
    }

    @Test
    void aFamilyOfOnesOwnIsGradedByMention() throws IOException {
        GeneratedQuery query = read("own.jsonl", "{\"prompt\": \"1?\", \"completion\": \"one\"}\n")
                .accepted()
                .getFirst();
        assertThat(Grading.grade(query, "It is one.").verdict()).isEqualTo(Grade.Verdict.RIGHT);
        assertThat(Grading.grade(query, "It is two.").verdict()).isEqualTo(Grade.Verdict.WRONG);
        assertThat(Grading.grade(query, " ").verdict()).isEqualTo(Grade.Verdict.UNREADABLE);
    }

    private QueryImport.Report read(String name, String text) throws IOException {
        return QueryImport.read(Files.writeString(folder.resolve(name), text), FACTUAL);
    }
}
