package dev.wellspring.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.store.scores.RowValue;
import dev.wellspring.store.scores.ScoreFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// All scores of a small run over documents that carry the truth about themselves, in memory.
///
/// @param queries in the order of the rows
/// @param documents in the order of the columns
/// @param influence (queries, documents) in nats
/// @param bm25 (queries, documents); NaN where the run has none
record LabelledRun(List<ScoredQuery> queries, List<Truth> documents, double[][] influence, double[][] bm25) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// What a document of `corpus make` says of itself.
    ///
    /// @param role what it is to the queries of its task, or nothing
    /// @param query the id of the query that it answers, or nothing
    /// @param answers what it holds that a query may ask for
    record Truth(String role, String query, Set<String> answers) {
        private static Truth of(String document, String extras) {
            try {
                JsonNode json = JSON.readTree(extras);
                return new Truth(
                        json.path("role").asText(""), json.path("query").asText(""), texts(json.path("answers")));
            } catch (JsonProcessingException broken) {
                throw new IllegalStateException(document + ": " + broken.getOriginalMessage(), broken);
            }
        }
    }

    /// Reads a finished run.
    static LabelledRun read(Path run) {
        List<ScoredQuery> queries = ScoredQuery.read(run);
        List<Truth> documents = new ArrayList<>();
        double[][] bm25 = new double[queries.size()][];
        try (ScoreFolder folder = ScoreFolder.open(run)) {
            folder.forEachBatch(batch -> {
                for (int row = 0; row < batch.rowCount(); row++) {
                    documents.add(Truth.of(batch.document(row), batch.extras(row)));
                }
            });
            for (int q = 0; q < bm25.length; q++) {
                bm25[q] = folder.column(RowValue.bm25(q));
            }
        }
        return new LabelledRun(
                queries, List.copyOf(documents), ScoreMatrix.read(run).raw(), bm25);
    }

    /// The numbers of some queries.
    int[] queries(Predicate<ScoredQuery> which) {
        return IntStream.range(0, queries.size())
                .filter(q -> which.test(queries.get(q)))
                .toArray();
    }

    /// The numbers of some documents.
    BitSet documents(Predicate<Truth> which) {
        var chosen = new BitSet();
        for (int d = 0; d < documents.size(); d++) {
            chosen.set(d, which.test(documents.get(d)));
        }
        return chosen;
    }

    /// What makes an answer to a query right.
    Set<String> answers(int query) {
        return texts(queries.get(query).extras().path("answers"));
    }

    private static Set<String> texts(JsonNode list) {
        Set<String> texts = new HashSet<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
