package dev.wellspring.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wellspring.queries.Query;
import dev.wellspring.queries.QueryFile;
import dev.wellspring.queries.token.TokenisedQuery;
import dev.wellspring.queries.token.Tokenizer;
import dev.wellspring.run.score.QueryInput;
import dev.wellspring.run.score.QueryTokenShards;
import dev.wellspring.store.scores.QueryPieces;
import dev.wellspring.store.scores.QueryTokenFiles;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Queries as the runs see them.
final class QueryTexts {
    private QueryTexts() {}

    /// The queries of a file.
    static List<QueryInput> read(Path file, Tokenizer tokenizer, int vocabulary) {
        return TokenisedQuery.all(QueryFile.read(file), tokenizer, vocabulary).stream()
                .map(QueryTexts::input)
                .toList();
    }

    /// Opens the place for what each token of a query adds; null where nobody asked for it.
    ///
    /// @param ends how many documents at either end of every ranking, 0 for none
    static @Nullable Function<Path, QueryTokenShards> tokenShards(
            int ends, List<QueryInput> queries, Tokenizer tokenizer) {
        if (ends == 0) {
            return null;
        }
        List<QueryPieces> pieces =
                queries.stream().map(query -> pieces(query, tokenizer)).toList();
        return folder -> new QueryTokenFiles(folder, ends, pieces);
    }

    /// What the tokens spell; the ids themselves where no tokenizer knows.
    private static QueryPieces pieces(QueryInput query, Tokenizer tokenizer) {
        int prompt = query.promptTokens().length;
        int[] tokens = Arrays.copyOf(query.promptTokens(), prompt + query.completionTokens().length);
        System.arraycopy(query.completionTokens(), 0, tokens, prompt, query.completionTokens().length);
        List<String> spelled = tokenizer.isPresent()
                ? tokenizer.display(tokens)
                : Arrays.stream(tokens).mapToObj(id -> id + " ").toList();
        return new QueryPieces(query.id(), spelled.subList(0, prompt), spelled.subList(prompt, spelled.size()));
    }

    private static QueryInput input(TokenisedQuery tokenised) {
        Query query = tokenised.query();
        return new QueryInput(
                query.id(),
                query.kind().text(),
                query.family(),
                Objects.requireNonNullElse(query.prompt(), ""),
                Objects.requireNonNullElse(query.completion(), ""),
                tokenised.prompt(),
                tokenised.completion(),
                extras(query));
    }

    /// The other fields, with answers and `control_of` among them.
    private static String extras(Query query) {
        var json = new ObjectMapper();
        try {
            ObjectNode extras = (ObjectNode) json.readTree(query.extras());
            if (!query.answers().isEmpty()) {
                extras.putPOJO("answers", query.answers());
            }
            if (query.controlOf() != null) {
                extras.put("control_of", query.controlOf());
            }
            return json.writeValueAsString(extras);
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException(query.origin() + ": extras: " + broken.getOriginalMessage(), broken);
        }
    }
}
