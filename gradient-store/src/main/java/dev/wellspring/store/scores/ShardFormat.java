package dev.wellspring.store.scores;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.wellspring.store.arrow.ArrowSchema;
import dev.wellspring.store.arrow.Column;
import dev.wellspring.store.arrow.ElementType;
import dev.wellspring.store.arrow.Origin;
import dev.wellspring.store.arrow.StoreFileException;
import dev.wellspring.tensor.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The files of a shard: their names, columns and metadata, as the package describes them.
enum ShardFormat {
    /// One row per document: what is known about it, and its score for every query.
    SCORES("scores", "wellspring-scores"),
    /// The same rows: a list per query, the score of every row of the document.
    TOKENS("tokens", "wellspring-token-scores"),
    /// The same rows: a list per query, the share of every tracked module.
    MODULES("modules", "wellspring-module-scores"),
    /// The same rows: the BM25 score for every query. It may also be added to a run later.
    BM25("bm25", "wellspring-bm25-scores");

    static final int VERSION = 1;

    /// What is said of files that cannot be used.
    static final Origin ORIGIN = new Origin(
            "a score file", "a folder that wellspring score has written", "delete the file and run the score again");

    /// The same of BM25 scores, which can be made without the others.
    static final Origin BM25_ORIGIN = new Origin(
            "a file of BM25 scores",
            "a folder that wellspring score has written",
            "delete the file and run wellspring baselines with --documents");

    // The columns of SCORES before the queries; the others have the first two of them.
    static final int DOCUMENT = 0;
    static final int PART = 1;
    static final int SOURCE = 2;
    static final int TOKEN_COUNT = 3;
    static final int LOSS = 4;
    static final int GRADIENT_NORM = 5;
    static final int PREVIEW = 6;
    static final int EXTRAS = 7;

    private static final String PREFIX = "wellspring.";
    private static final JsonMapper JSON = new JsonMapper();

    private final String word;
    private final String formatName;

    ShardFormat(String word, String formatName) {
        this.word = word;
        this.formatName = formatName;
    }

    /// `scores-00000.arrow` and so on.
    Path file(Path directory, int shard) {
        return directory.resolve(String.format(Locale.ROOT, "%s-%05d.arrow", word, shard));
    }

    /// Whether every shard of this layout has such a file from the beginning.
    boolean isKept(ScoreLayout layout) {
        return switch (this) {
            case SCORES -> true;
            case TOKENS -> layout.tokenScores();
            case MODULES -> !layout.modules().isEmpty();
            case BM25 -> false;
        };
    }

    /// The column of the first query.
    int firstQuery() {
        return this == SCORES ? EXTRAS + 1 : PART + 1;
    }

    ArrowSchema schema(ScoreLayout layout) {
        ElementType type = layout.dtype() == DType.FLOAT32 ? ElementType.FLOAT32 : ElementType.FLOAT64;
        Stream<Column> queries = layout.queries().stream().map(query -> switch (this) {
            case SCORES -> new Column.Scalar("score:" + query, type);
            case TOKENS -> new Column.Lists("score:" + query, type);
            case MODULES ->
                new Column.FixedLists("score:" + query, type, layout.modules().size());
            case BM25 -> new Column.Scalar("bm25:" + query, ElementType.FLOAT32);
        });
        return new ArrowSchema(
                Stream.concat(documentColumns().stream(), queries).toList(), metadata(layout));
    }

    private List<Column> documentColumns() {
        List<Column> columns = new ArrayList<>();
        columns.add(new Column.Scalar("document", ElementType.UTF8));
        columns.add(new Column.Scalar("part", ElementType.INT32));
        if (this == SCORES) {
            columns.add(new Column.Scalar("source", ElementType.UTF8, true));
            columns.add(new Column.Scalar("tokens", ElementType.INT32));
            columns.add(new Column.Scalar("loss", ElementType.FLOAT64));
            columns.add(new Column.Scalar("gradient_norm", ElementType.FLOAT64));
            columns.add(new Column.Scalar("preview", ElementType.UTF8));
            columns.add(new Column.Scalar("extras", ElementType.UTF8));
        }
        return columns;
    }

    private Map<String, String> metadata(ScoreLayout layout) {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put(PREFIX + "format", formatName);
        metadata.put(PREFIX + "version", Integer.toString(VERSION));
        metadata.put(PREFIX + "run", layout.run());
        metadata.put(PREFIX + "dtype", layout.dtype().name().toLowerCase(Locale.ROOT));
        metadata.put(PREFIX + "queries", json(layout.queries()));
        metadata.put(PREFIX + "token_scores", Boolean.toString(layout.tokenScores()));
        metadata.put(PREFIX + "modules", json(layout.modules()));
        return metadata;
    }

    Origin origin() {
        return this == BM25 ? BM25_ORIGIN : ORIGIN;
    }

    /// What the file at hand holds; the opposite of [#schema].
    ///
    /// @throws StoreFileException if it is of another format or version
    ScoreLayout layout(Path file, ArrowSchema schema) {
        Map<String, String> metadata = schema.metadata();
        String format = metadata.getOrDefault(PREFIX + "format", "nothing");
        String version = metadata.getOrDefault(PREFIX + "version", "nothing");
        if (!format.equals(formatName) || !version.equals(Integer.toString(VERSION))) {
            throw new StoreFileException(
                    file,
                    "expected format %s version %d, found %s version %s; read it with the release that wrote it"
                            .formatted(formatName, VERSION, format, version));
        }
        try {
            return new ScoreLayout(
                    list(metadata.getOrDefault(PREFIX + "queries", "")),
                    DType.valueOf(metadata.getOrDefault(PREFIX + "dtype", "").toUpperCase(Locale.ROOT)),
                    metadata.getOrDefault(PREFIX + "run", ""),
                    Boolean.parseBoolean(metadata.get(PREFIX + "token_scores")),
                    list(metadata.getOrDefault(PREFIX + "modules", "")));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new StoreFileException(file, "has metadata that does not describe scores; " + origin().remedy(), e);
        }
    }

    private static String json(List<String> values) {
        try {
            return JSON.writeValueAsString(values);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + values, e);
        }
    }

    private static List<String> list(String json) throws JsonProcessingException {
        return JSON.readValue(json, new TypeReference<List<String>>() {});
    }
}
