package dev.wellspring.queries.token;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.queries.Query;
import dev.wellspring.queries.QueryFile;
import dev.wellspring.queries.corpus.Corpus;
import dev.wellspring.queries.corpus.Document;
import dev.wellspring.queries.corpus.DocumentReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TokenisationGoldenTest {
    @ParameterizedTest
    @MethodSource("dev.wellspring.queries.token.Golden#cases")
    void documentsGiveTheListedIdsAndIdsGiveTheirText(String model) {
        Path folder = Golden.folder(model);
        List<Document> documents = new ArrayList<>();
        try (Tokenizer tokenizer = Tokenizer.open(folder);
                DocumentReader reader =
                        Corpus.of(List.of(folder.resolve("documents.jsonl"))).open()) {
            reader.forEachRemaining(documents::add);
            assertThat(documents).hasSize(24);
            List<String> texts = new ArrayList<>();
            for (Document document : documents) {
                String text = requireNonNull(document.text());
                texts.add(text);
                assertThat(tokenizer.encode(text, true)).as(document.id()).isEqualTo(document.tokens());
                assertThat(tokenizer.decode(requireNonNull(document.tokens()))).isEqualTo(text);
            }
            assertThat(tokenizer.encode(texts, true))
                    .containsExactlyElementsOf(
                            documents.stream().map(Document::tokens).toList());
            assertThat(tokenizer.vocabularySize()).isEqualTo(Golden.VOCABULARY);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.wellspring.queries.token.Golden#cases")
    void queriesGiveTheListedIdsWithAnExactBoundary(String model) {
        Path folder = Golden.folder(model);
        List<Query> queries = QueryFile.read(folder.resolve("queries.jsonl"));
        assertThat(queries).hasSize(6);
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            for (Query query : queries) {
                TokenisedQuery fromText = TokenisedQuery.of(withoutTokens(query), tokenizer, Golden.VOCABULARY);
                assertThat(fromText.prompt()).as(query.id()).isEqualTo(query.promptTokens());
                assertThat(fromText.completion()).as(query.id()).isEqualTo(query.completionTokens());
                assertThat(tokenizer.decode(fromText.prompt()) + tokenizer.decode(fromText.completion()))
                        .isEqualTo(requireNonNull(query.prompt()) + query.completion());
            }
        }
    }

    private static Query withoutTokens(Query query) {
        return new Query(
                query.id(),
                query.kind(),
                query.family(),
                query.prompt(),
                query.completion(),
                null,
                null,
                query.answers(),
                query.controlOf(),
                query.extras(),
                query.origin());
    }
}
