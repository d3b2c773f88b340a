package dev.wellspring.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wellspring.store.scores.ScoreRow;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;

/// Rankings for programs: one array with an object for each query.
public record JsonWriter() {
    /// Shows rankings in order.
    public void write(List<Ranking> rankings, PrintStream out) {
        var json = new ObjectMapper();
        ArrayNode all = json.createArrayNode();
        try {
            for (Ranking ranking : rankings) {
                describe(ranking, all.addObject(), json);
            }
            out.println(json.writerWithDefaultPrettyPrinter().writeValueAsString(all));
        } catch (IOException failure) {
            throw new UncheckedIOException("json: " + failure.getMessage(), failure);
        }
    }

    private static void describe(Ranking ranking, ObjectNode node, ObjectMapper json) throws IOException {
        node.put("query", ranking.query().id());
        node.put("kind", ranking.query().kind());
        node.put("family", ranking.query().family());
        node.put("prompt", ranking.query().prompt());
        node.put("completion", ranking.query().completion());
        node.put("loss", ranking.query().loss());
        node.put("by", ranking.by().word());
        node.put("tail", ranking.tail().name().toLowerCase(Locale.ROOT));
        node.put("scored", ranking.scored());
        node.put("kept", ranking.kept());
        if (ranking.isOfEveryDocument()) {
            node.put("not_ranked", ranking.notRanked());
        }
        ArrayNode documents = node.putArray("documents");
        for (int i = 0; i < ranking.documents().size(); i++) {
            ObjectNode document = documents.addObject();
            document.put("rank", i + 1);
            if (!ranking.raw().isEmpty()) {
                document.put("raw_rank", ranking.raw().get(i));
            }
            ScoreRow row = ranking.documents().get(i).row();
            if (!ranking.bm25().isEmpty()) {
                document.put("bm25", row.bm25());
                document.put("bm25_rank", ranking.bm25().get(i));
            }
            describe(row, document, json);
        }
    }

    private static void describe(ScoreRow row, ObjectNode node, ObjectMapper json) throws IOException {
        node.put("document", row.document());
        node.put("part", row.part());
        node.put("source", row.source());
        node.put("raw", row.raw());
        node.put("nat", row.nat());
        node.put("normalised", row.normalised());
        node.put("tokens", row.tokens());
        node.put("loss", row.loss());
        node.put("gradient_norm", row.gradientNorm());
        node.put("preview", row.preview());
        JsonNode extras = json.readTree(row.extras());
        node.set("extras", extras);
    }
}
