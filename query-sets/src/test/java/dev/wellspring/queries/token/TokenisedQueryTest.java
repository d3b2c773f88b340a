package dev.wellspring.queries.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.queries.Query;
import dev.wellspring.queries.QueryKind;
import dev.wellspring.queries.corpus.CorpusException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TokenisedQueryTest {
    @Test
    void anEmptyPromptIsContextOnlyIfTheTokenizerAddsSome() {
        Query query = query("", "The river", null, null);
        try (Tokenizer llama = Tokenizer.open(Golden.folder("llama"));
                Tokenizer gpt2 = Tokenizer.open(Golden.folder("gpt2"))) {
            assertThat(TokenisedQuery.of(query, llama, 384).prompt()).containsExactly(1);
            assertThatThrownBy(() -> TokenisedQuery.of(query, gpt2, 384))
                    .isInstanceOf(CorpusException.class)
                    .hasMessage("q.jsonl:1:prompt: expected at least one token of context, found an empty prompt, "
                            + "to which this tokenizer adds nothing; "
                            + "give a prompt, as nothing else predicts the completion's first token");
        }
    }

    @Test
    void idsAreUsedWhereTextIsThereTooForEachPartOfItsOwn() {
        try (Tokenizer gpt2 = Tokenizer.open(Golden.folder("gpt2"))) {
            TokenisedQuery query = TokenisedQuery.of(query("The", " river", new int[] {5, 6}, null), gpt2, 384);
            assertThat(query.prompt()).containsExactly(5, 6);
            assertThat(query.completion()).isEqualTo(gpt2.encode(" river", false));
            assertThat(query.id()).isEqualTo("q");
            assertThat(query.kind()).isEqualTo(QueryKind.FACTUAL);
            assertThat(query.family()).isEqualTo("f");
        }
    }

    @Test
    void idsOutsideTheVocabularyAreErrors() {
        try (Tokenizer gpt2 = Tokenizer.open(Golden.folder("gpt2"))) {
            assertThatThrownBy(() -> TokenisedQuery.of(query("The", "", null, new int[] {384}), gpt2, 384))
                    .isInstanceOf(CorpusException.class)
                    .hasMessageStartingWith("q.jsonl:1:completion_tokens: expected ids from 0 to 383");
            assertThatThrownBy(() -> TokenisedQuery.of(query("The", " is", null, null), gpt2, 200))
                    .isInstanceOf(CorpusException.class)
                    .hasMessageStartingWith("q.jsonl:1:prompt: expected ids from 0 to 199");
        }
    }

    private static Query query(
            String prompt, String completion, int @Nullable [] promptTokens, int @Nullable [] completionTokens) {
        return new Query(
                "q",
                QueryKind.FACTUAL,
                "f",
                prompt,
                completion,
                promptTokens,
                completionTokens,
                List.of(),
                null,
                "{}",
                "q.jsonl:1");
    }
}
