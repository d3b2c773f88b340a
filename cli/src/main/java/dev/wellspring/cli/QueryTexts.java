package dev.wellspring.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wellspring.queries.Query;
import dev.wellspring.queries.QueryFile;
import dev.wellspring.queries.token.TokenisedQuery;
import dev.wellspring.queries.token.Tokenizer;
import dev.wellspring.run.score.QueryInput;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// Queries as the runs see them.
final class QueryTexts {
    private QueryTexts() {}

    /// The queries of a file.
    static List<QueryInput> read(Path file, Tokenizer tokenizer, int vocabulary) {
        return TokenisedQuery.all(QueryFile.read(file), tokenizer, vocabulary).stream()
                .map(QueryTexts::input)
                .toList();
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
