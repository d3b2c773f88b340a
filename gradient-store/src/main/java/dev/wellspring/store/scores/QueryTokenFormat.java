package dev.wellspring.store.scores;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.wellspring.store.arrow.ArrowSchema;
import dev.wellspring.store.arrow.Column;
import dev.wellspring.store.arrow.ElementType;
import dev.wellspring.store.arrow.Origin;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The files with the scores of query tokens: their names, columns and metadata, as the package describes them.
final class QueryTokenFormat {
    static final Origin ORIGIN = new Origin(
            "a file of query token scores",
            "a folder that wellspring score has written",
            "delete the query-tokens files and run wellspring score again with --query-token-scores");

    static final int DOCUMENT = 0;
    static final int PART = 1;
    static final int QUERY = 2;
    static final int SCORES = 3;

    /// What the queries' tokens spell.
    static final String PIECES = "query-tokens.json";

    private static final String NAME = "wellspring-query-token-scores";
    private static final String VERSION = "1";
    private static final JsonMapper JSON = new JsonMapper();

    private QueryTokenFormat() {}

    /// `query-tokens-00000.arrow` and so on.
    static Path file(Path directory, int shard) {
        return directory.resolve(String.format(Locale.ROOT, "query-tokens-%05d.arrow", shard));
    }

    /// @param layout of the scores
    /// @param ends how many documents at either end of every ranking the files are of
    static ArrowSchema schema(ScoreLayout layout, int ends) {
        String queries;
        try {
            queries = JSON.writeValueAsString(layout.queries());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + layout.queries(), e);
        }
        return new ArrowSchema(
                List.of(
                        new Column.Scalar("document", ElementType.UTF8),
                        new Column.Scalar("part", ElementType.INT32),
                        new Column.Scalar("query", ElementType.INT32),
                        new Column.Lists("scores", ElementType.FLOAT32)),
                Map.of(
                        "wellspring.format", NAME,
                        "wellspring.version", VERSION,
                        "wellspring.run", layout.run(),
                        "wellspring.queries", queries,
                        "wellspring.ends", Integer.toString(ends)));
    }

    /// Whether a file is of these scores, whatever the number of documents it is of.
    static boolean isOf(ArrowSchema schema, ScoreLayout layout) {
        int ends = ends(schema);
        return ends > 0 && schema.equals(schema(layout, ends));
    }

    /// 0 where it does not say.
    static int ends(ArrowSchema schema) {
        String ends = schema.metadata().getOrDefault("wellspring.ends", "");
        return ends.matches("\\d{1,9}") ? Integer.parseInt(ends) : 0;
    }
}
