package dev.wellspring.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wellspring.rank.Ranked;
import dev.wellspring.store.scores.ScoreRow;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;

/// Rankings for programs: one array with an object for each query.
public record JsonWriter() implements RankingWriter {
    @Override
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
        node.put("by", ranking.by().name().toLowerCase(Locale.ROOT));
        node.put("tail", ranking.tail().name().toLowerCase(Locale.ROOT));
        node.put("ranked", ranking.ranked());
        node.put("not_ranked", ranking.notRanked());
        ArrayNode documents = node.putArray("documents");
        int rank = 1;
        for (Ranked<ScoreRow> ranked : ranking.documents()) {
            describe(rank++, ranked.row(), documents.addObject(), json);
        }
    }

    private static void describe(int rank, ScoreRow row, ObjectNode node, ObjectMapper json) throws IOException {
        node.put("rank", rank);
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
