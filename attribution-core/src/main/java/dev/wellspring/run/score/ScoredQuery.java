package dev.wellspring.run.score;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.wellspring.analysis.ShuffledQueries;
import dev.wellspring.run.RunRefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// One query of a score run, as `queries.json` keeps it.
///
/// @param id unique
/// @param kind factual, reasoning or control
/// @param family the task it belongs to
/// @param prompt for people
/// @param completion for people
/// @param tokens the completion's tokens
/// @param loss −ln p(completion | prompt), nats
/// @param compressionError ‖P − UVᵀ‖ / ‖P‖ over all modules; 0 without compression
/// @param extras the query file's other fields
public record ScoredQuery(
        String id,
        String kind,
        String family,
        String prompt,
        String completion,
        int tokens,
        double loss,
        @JsonProperty("compression_error") double compressionError,
        JsonNode extras) {
    /// The name of the file in a score run's folder.
    public static final String FILE = "queries.json";

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /// The queries of a run, in the order of its score columns.
    ///
    /// @throws RunRefusedException when the file is missing or broken
    public static List<ScoredQuery> read(Path run) {
        Path file = run.resolve(FILE);
        try {
            return JSON.readValue(file.toFile(), new TypeReference<List<ScoredQuery>>() {});
        } catch (JsonProcessingException broken) {
            throw new RunRefusedException(file + ": not a list of queries (" + broken.getOriginalMessage()
                    + "); delete the folder and score again");
        } catch (IOException missing) {
            throw new RunRefusedException(
                    file + ": expected the queries of a score run, found none; give the folder of `wellspring score`");
        }
    }

    /// The bytes of `queries.json`.
    public static byte[] toBytes(List<ScoredQuery> queries) {
        try {
            return JSON.writeValueAsBytes(queries);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("queries: " + impossible.getOriginalMessage(), impossible);
        }
    }

    /// (queries) for each the number of another, whose influence is what [Baseline#SHUFFLED] says; empty where there is
    /// only one query. It is the same in every run of the same queries.
    public static int[] shuffled(List<ScoredQuery> queries) {
        return queries.size() < 2
                ? new int[0]
                : ShuffledQueries.of(
                        queries.stream().map(ScoredQuery::kind).toList(),
                        queries.stream().map(ScoredQuery::family).toList(),
                        0);
    }

    static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(
                    "extras: expected a JSON object, got " + json + " (" + broken.getOriginalMessage() + ")", broken);
        }
    }
}
