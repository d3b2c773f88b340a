package dev.wellspring.store.scores;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.wellspring.store.arrow.ArrowBatch;
import dev.wellspring.store.arrow.ArrowReader;
import dev.wellspring.store.arrow.StoreFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a run keeps of the scores of query tokens, in memory.
public final class QueryTokenScores {
    /// Of a run that has none.
    public static final QueryTokenScores NONE = new QueryTokenScores(List.of(), 0);

    private static final JsonMapper JSON = new JsonMapper();

    private final List<QueryPieces> pieces;
    private int ends;
    private final Map<Key, float[]> scores = new HashMap<>();

    private record Key(String document, int part, int query) {}

    private QueryTokenScores(List<QueryPieces> pieces, int ends) {
        this.pieces = List.copyOf(pieces);
        this.ends = ends;
    }

    /// Reads them; a run whose files were begun and not finished has those that are there.
    ///
    /// @param layout of the run's scores
    /// @throws StoreFileException if a file is damaged or of another run
    public static QueryTokenScores read(Path directory, ScoreLayout layout) {
        Path spelled = directory.resolve(QueryTokenFormat.PIECES);
        if (!Files.exists(spelled)) {
            return NONE;
        }
        List<QueryPieces> pieces;
        try {
            pieces = JSON.readValue(spelled.toFile(), new TypeReference<List<QueryPieces>>() {});
        } catch (IOException e) {
            throw new StoreFileException(
                    spelled, "does not say what the tokens of queries spell; " + QueryTokenFormat.ORIGIN.remedy(), e);
        }
        if (!pieces.stream().map(QueryPieces::id).toList().equals(layout.queries())) {
            throw new StoreFileException(
                    spelled, "has other queries than the scores beside it; " + QueryTokenFormat.ORIGIN.remedy());
        }
        var all = new QueryTokenScores(pieces, 0);
        for (Path file : files(directory)) {
            all.add(file, layout);
        }
        return all;
    }

    /// In order, up to the first that is missing.
    private static List<Path> files(Path directory) {
        List<Path> files = new ArrayList<>();
        for (Path file = QueryTokenFormat.file(directory, 0);
                Files.exists(file);
                file = QueryTokenFormat.file(directory, files.size())) {
            files.add(file);
        }
        return files;
    }

    private void add(Path file, ScoreLayout layout) {
        try (var reader = new ArrowReader(file, QueryTokenFormat.ORIGIN)) {
            if (!QueryTokenFormat.isOf(reader.schema(), layout)) {
                throw new StoreFileException(
                        file, "belongs to another run than the scores beside it; " + QueryTokenFormat.ORIGIN.remedy());
            }
            ends = Math.max(ends, QueryTokenFormat.ends(reader.schema()));
            for (int i = 0; i < reader.batchCount(); i++) {
                ArrowBatch batch = reader.batch(i);
                for (int row = 0; row < batch.rows(); row++) {
                    add(file, batch, row);
                }
            }
        }
    }

    private void add(Path file, ArrowBatch batch, int row) {
        int query = batch.intAt(QueryTokenFormat.QUERY, row);
        double[] list = batch.listAt(QueryTokenFormat.SCORES, row);
        if (query < 0
                || query >= pieces.size()
                || list.length != pieces.get(query).rows()) {
            throw new StoreFileException(
                    file,
                    "has scores of " + list.length + " tokens of query number " + query + ", which has others; "
                            + QueryTokenFormat.ORIGIN.remedy());
        }
        float[] narrow = new float[list.length];
        for (int t = 0; t < narrow.length; t++) {
            narrow[t] = (float) list[t];
        }
        scores.put(
                new Key(batch.stringAt(QueryTokenFormat.DOCUMENT, row), batch.intAt(QueryTokenFormat.PART, row), query),
                narrow);
    }

    /// Reads every byte of every file and compares the checksums.
    ///
    /// @return one line per damaged file, none if all is well
    static List<String> verify(Path directory) {
        List<String> problems = new ArrayList<>();
        for (Path file : files(directory)) {
            try {
                ScoreShardReader.verify(file, QueryTokenFormat.ORIGIN);
            } catch (StoreFileException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        return problems;
    }

    /// Whether there are any.
    public boolean isEmpty() {
        return scores.isEmpty();
    }

    /// How many documents at either end of every ranking they are of.
    public int ends() {
        return ends;
    }

    /// What a query's tokens spell.
    public QueryPieces pieces(int query) {
        return pieces.get(query);
    }

    /// (rows of the query) what each of its predictions adds to its score with a document, or null where that is not
    /// kept.
    public double @Nullable [] of(String document, int part, int query) {
        float[] narrow = scores.get(new Key(document, part, query));
        if (narrow == null) {
            return null;
        }
        double[] wide = new double[narrow.length];
        for (int t = 0; t < wide.length; t++) {
            wide[t] = narrow[t];
        }
        return wide;
    }
}
