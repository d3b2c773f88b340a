package dev.wellspring.run.score;

import dev.wellspring.analysis.Bm25;
import dev.wellspring.analysis.Bm25Writer;
import dev.wellspring.analysis.DocumentScores;
import dev.wellspring.model.Sequence;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.RunFolder;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.Stage;
import dev.wellspring.run.documents.Batch;
import dev.wellspring.run.documents.BatchReader;
import dev.wellspring.run.documents.DocumentChunk;
import dev.wellspring.run.documents.DocumentSource;
import dev.wellspring.run.documents.Sharding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// What BM25 says of every document and query, beside the influence scores: one more pass over the documents, without
/// the model. How often a token occurs in all documents is only known after that pass, so this follows the scores
/// instead of going along with them; after a kill it begins again, which costs little.
final class Bm25Stage implements Stage {
    /// The finding that says that the stage is complete, unless somebody deleted a file since.
    static final String FINDING = "bm25";

    private static final Sharding READ_AHEAD = new Sharding(Integer.MAX_VALUE, 256, Long.MAX_VALUE, -1);

    private final RunContext context;
    private final DocumentSource documents;
    private final List<QueryInput> queries;
    private final Bm25Shards shards;
    private final RunFolder folder;

    Bm25Stage(
            RunContext context,
            DocumentSource documents,
            List<QueryInput> queries,
            Bm25Shards shards,
            RunFolder folder) {
        this.context = context;
        this.documents = documents;
        this.queries = queries;
        this.shards = shards;
        this.folder = folder;
    }

    @Override
    public String name() {
        return "bm25";
    }

    @Override
    public boolean isComplete() {
        return folder.manifest().results().containsKey(FINDING)
                && IntStream.range(0, shards.shards()).allMatch(shards::isWhole);
    }

    @Override
    public void run() {
        Path place = folder.partial(name());
        try (Bm25 index = index(place)) {
            if (index.documents() != shards.documents()) {
                throw new RunRefusedException("--documents: expected the " + shards.documents()
                        + " documents or parts of the run, found " + index.documents() + "; give those it was made of");
            }
            write(index);
        } catch (IOException failure) {
            throw new RunRefusedException(
                    place + ": cannot be written or read (" + failure.getMessage()
                            + "); make room, then run again: the scores are kept",
                    failure);
        }
        folder.record(FINDING, new TreeMap<>(Map.of("k1", Bm25.K1, "b", Bm25.B)));
    }

    private Bm25 index(Path place) throws IOException {
        context.progress().start(name(), documents.count().orElse(-1), "documents");
        try (var reader = new BatchReader(documents, READ_AHEAD, 0, 0);
                var writer = Bm25Writer.onDisk(place)) {
            for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                for (DocumentChunk chunk : batch.chunks()) {
                    writer.add(chunk.tokens());
                }
                context.progress().advance(batch.chunks().size(), batch.tokens());
                context.metrics().count(name(), "documents", batch.chunks().size());
                context.metrics().count(name(), "tokens", batch.tokens());
                context.cancellation().check("the scores");
            }
            return writer.finish();
        }
    }

    private void write(Bm25 index) throws IOException {
        context.progress().start(name() + " scores", index.documents(), "documents");
        DocumentScores scores = index.queries(queries.stream()
                .map(query -> Sequence.query(query.promptTokens(), query.completionTokens())
                        .tokens())
                .toList());
        DocumentScores counted = (from, some) -> {
            double[][] ofThem = scores.scores(from, some);
            context.progress().advance(some, 0);
            return ofThem;
        };
        for (int shard = 0; shard < shards.shards(); shard++) {
            if (!shards.isWhole(shard)) {
                shards.write(shard, counted);
            }
            context.cancellation().check("the scores");
        }
    }
}
