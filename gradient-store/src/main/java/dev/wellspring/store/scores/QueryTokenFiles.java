package dev.wellspring.store.scores;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.wellspring.rank.Normalisation;
import dev.wellspring.rank.Ranked;
import dev.wellspring.rank.Tail;
import dev.wellspring.run.score.QueryTokenShards;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.run.score.TailDocument;
import dev.wellspring.store.arrow.ArrowReader;
import dev.wellspring.store.arrow.ArrowSchema;
import dev.wellspring.store.arrow.ArrowWriter;
import dev.wellspring.store.arrow.PartFile;
import dev.wellspring.store.arrow.StoreFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Writes the scores of query tokens beside the shards of a run, for the documents at both ends of every query's
/// rankings by raw and by normalised influence.
public final class QueryTokenFiles implements QueryTokenShards {
    private static final JsonMapper JSON = new JsonMapper();

    private final Path directory;
    private final int ends;
    private final List<QueryPieces> pieces;
    private final ScoreFolder folder;
    private final ArrowSchema schema;

    /// @param directory of a run whose scores are all there
    /// @param ends how many documents at either end
    /// @param pieces what the queries' tokens spell, in the run's order
    /// @throws StoreFileException if the scores cannot be read
    public QueryTokenFiles(Path directory, int ends, List<QueryPieces> pieces) {
        this.directory = directory;
        this.ends = ends;
        this.pieces = List.copyOf(pieces);
        this.folder = ScoreFolder.open(directory);
        this.schema = QueryTokenFormat.schema(folder.layout(), ends);
    }

    @Override
    public int ends() {
        return ends;
    }

    @Override
    public List<TailDocument> documents() {
        long[] firstOfShard = new long[folder.shardCount() + 1];
        for (int shard = 0; shard < folder.shardCount(); shard++) {
            firstOfShard[shard + 1] =
                    firstOfShard[shard] + folder.shards().get(shard).rowCount();
        }
        SortedMap<Long, BitSet> queriesOf = new TreeMap<>();
        SortedMap<Long, ScoreRow> rows = new TreeMap<>();
        List<ScoredQuery> queries = ScoredQuery.read(directory);
        for (int q = 0; q < queries.size(); q++) {
            for (Normalisation by : List.of(Normalisation.RAW, Normalisation.NORMALISED)) {
                for (Tail tail : Tail.values()) {
                    for (Ranked<ScoreRow> ranked :
                            folder.top(q, queries.get(q).loss(), ends, by, tail).best()) {
                        ScoreRow row = ranked.row();
                        long place = firstOfShard[row.shard()] + row.index();
                        rows.putIfAbsent(place, row);
                        queriesOf.computeIfAbsent(place, _ -> new BitSet()).set(q);
                    }
                }
            }
        }
        List<TailDocument> documents = new ArrayList<>();
        rows.forEach((place, row) -> documents.add(new TailDocument(
                place,
                row.document(),
                row.part(),
                queriesOf.getOrDefault(place, new BitSet()).stream().toArray())));
        return documents;
    }

    @Override
    public boolean isWhole(int shard) {
        Path file = QueryTokenFormat.file(directory, shard);
        if (!Files.exists(file)) {
            return false;
        }
        try (var reader = new ArrowReader(file, QueryTokenFormat.ORIGIN)) {
            return reader.schema().equals(schema);
        }
    }

    @Override
    public void write(int shard, List<TailDocument> documents, double[][][] scores) throws IOException {
        writePieces();
        try (var writer = new ArrowWriter(QueryTokenFormat.file(directory, shard), schema)) {
            for (int d = 0; d < scores.length; d++) {
                TailDocument document = documents.get(d);
                for (int i = 0; i < scores[d].length; i++) {
                    writer.column(QueryTokenFormat.DOCUMENT).putString(document.document());
                    writer.column(QueryTokenFormat.PART).putInt(document.part());
                    writer.column(QueryTokenFormat.QUERY).putInt(document.queries()[i]);
                    writer.column(QueryTokenFormat.SCORES).putDoubles(scores[d][i]);
                    writer.endRow();
                }
            }
            writer.commit();
        }
    }

    private void writePieces() throws IOException {
        Path file = directory.resolve(QueryTokenFormat.PIECES);
        if (Files.exists(file)) {
            return;
        }
        byte[] bytes = JSON.writeValueAsBytes(pieces);
        try (var part = new PartFile(file)) {
            part.write(bytes, 0, bytes.length);
            part.commit();
        }
    }

    @Override
    public void close() {
        folder.close();
    }
}
