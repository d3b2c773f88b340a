package dev.wellspring.queries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.queries.corpus.CorpusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryFileTest {
    private static final String GOOD =
            "{\"id\": \"q\", \"kind\": \"factual\", \"family\": \"f\", \"prompt\": \"p\", \"completion\": \"c\"}\n";

    @TempDir
    Path folder;

    @Test
    void everyFieldIsRead() throws IOException {
        List<Query> queries = read("""
                {"id": "q1", "kind": "reasoning", "family": "sums", "prompt": "1 + 1 =", "completion": " 2", \
                "answers": ["2", "two"], "level": 3, "note": {"by": "x"}}

                {"id": 2, "kind": "control", "family": "sums", "prompt_tokens": [1, 5], "completion_tokens": [7], \
                "control_of": "q1"}
                """);
        assertThat(queries).hasSize(2);
        Query first = queries.get(0);
        assertThat(first)
                .isEqualTo(new Query(
                        "q1",
                        QueryKind.REASONING,
                        "sums",
                        "1 + 1 =",
                        " 2",
                        null,
                        null,
                        List.of("2", "two"),
                        null,
                        "{\"level\":3,\"note\":{\"by\":\"x\"}}",
                        "queries.jsonl:1"));
        Query second = queries.get(1);
        assertThat(second.id()).isEqualTo("2");
        assertThat(second.kind()).isEqualTo(QueryKind.CONTROL);
        assertThat(second.promptTokens()).containsExactly(1, 5);
        assertThat(second.completionTokens()).containsExactly(7);
        assertThat(second.controlOf()).isEqualTo("q1");
        assertThat(second.origin()).isEqualTo("queries.jsonl:3");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '§', quoteCharacter = '`', textBlock = """
                    "id": "q"              § "id": ""                 § id: expected a text, found nothing; add the field
                    "id": "q"              § "ID": "q"                § id: expected a text, found nothing; add the field
                    "id": "q"              § "id": ["q"]              § id: expected a text, found a list; put it in quotes or leave it out
                    "kind": "factual"      § "kind": "trivia"         § kind: expected factual, reasoning or control, found "trivia"; choose one of the three
                    "kind": "factual"      § "kind": "FACTUAL"        § kind: expected factual, reasoning or control, found "FACTUAL"; choose one of the three
                    "kind": "factual"      § "sort": "factual"        § kind: expected a text, found nothing; add the field
                    "family": "f"          § "family": null           § family: expected a text, found nothing; add the field
                    "prompt": "p"          § "prompt": null           § prompt: expected a text, found nothing; add the field, or prompt_tokens with token ids
                    "prompt": "p"          § "prompt": 5              § prompt: expected a text, found the number 5; put it in quotes or leave it out
                    "prompt": "p"          § "prompt_tokens": []      § prompt_tokens: expected at least one token id, found an empty list; give the context, as nothing else predicts the first token
                    "completion": "c"      § "completion": ""         § completion: expected a completion, found an empty text; give the text whose likelihood is asked about
                    "completion": "c"      § "completion": null       § completion: expected a text, found nothing; add the field, or completion_tokens with token ids
                    "completion": "c"      § "completion_tokens": []  § completion_tokens: expected at least one token id, found an empty list; give the tokens whose likelihood is asked about
                    "completion": "c"      § "completion_tokens": "1" § completion_tokens: expected a list of token ids, found the text "1"; write it as [17, 4, …]
                    "family": "f"          § "family": "f", "answers": "x"   § answers: expected a list of texts, found the text "x"; write it as ["…", "…"]
                    "family": "f"          § "family": "f", "answers": [1]   § answers: expected a list of texts, found the number 1 in it; put it in quotes
                    "id": "q"              § "id": "q"                § id: expected an id of its own, found "q" as in queries.jsonl:1; rename one of the two
                    """)
    void aBadFieldIsNamedWithFileAndLine(String field, String bad, String message) {
        assertThatThrownBy(() -> read(GOOD + GOOD.replace(field, bad)))
                .isInstanceOf(CorpusException.class)
                .hasMessage("queries.jsonl:2:" + message);
    }

    @Test
    void aFileWithoutQueriesIsRefused() {
        assertThatThrownBy(() -> read("\n\n"))
                .isInstanceOf(CorpusException.class)
                .hasMessage("queries.jsonl: expected at least one query, found none; write one JSON object per line");
        Path missing = folder.resolve("missing.jsonl");
        assertThatThrownBy(() -> QueryFile.read(missing))
                .isInstanceOf(CorpusException.class)
                .hasMessage(missing + ": expected a file, found none; check the path");
    }

    private List<Query> read(String lines) throws IOException {
        return QueryFile.read(Files.writeString(folder.resolve("queries.jsonl"), lines));
    }
}
