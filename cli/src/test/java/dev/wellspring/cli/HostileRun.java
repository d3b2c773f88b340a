package dev.wellspring.cli;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.wellspring.influence.ScoredDocument;
import dev.wellspring.store.scores.ScoreLayout;
import dev.wellspring.store.scores.ScoreShardWriter;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Runs of made-up scores, without a model: of any size, and of texts that would like to be more than texts.
final class HostileRun {
    /// What a corpus may hold, and must stay a text.
    static final List<String> TEXTS = List.of(
            "<script>document.title = 'pwned'</script>",
            "</script><script>document.title = 'pwned'</script>",
            "<!-- <script> --> ]]> <![CDATA[ <style>*{display:none}</style>",
            "<img src=x onerror=\"document.title='pwned'\">",
            "<a href=\"javascript:document.title='pwned'\">here</a>",
            "\"><svg onload=\"document.title='pwned'\">",
            "{{constructor.constructor('document.title=1')()}} ${document.title='pwned'}",
            "turned \u202Edrawkcab\u202C and \u2066isolated\u2069, a bell \u0007, nothing \u0000, a delete \u007f",
            "line\u2028separator and paragraph\u2029separator",
            "half a pair \ud83d and the other \ude00, a whole one \ud83d\ude00",
            "&lt;b&gt;already escaped&lt;/b&gt; &amp; more",
            "=HYPERLINK(\"http://example.org\")");

    /// Half a pair has no bytes in UTF-8, but an escape in JSON.
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private HostileRun() {}

    /// A run whose ids, sources, texts, other columns and queries are all hostile.
    static void write(Path folder) throws IOException {
        List<Query> queries = new ArrayList<>();
        for (int q = 0; q < TEXTS.size(); q++) {
            String text = TEXTS.get(q);
            queries.add(new Query("q" + q + " " + lossless(text), text, text, "prompt " + text, "completion " + text));
        }
        String line = "x".repeat(10 << 20);
        queries.add(new Query("long", "control", "long", line, "short"));
        List<ScoredDocument> documents = new ArrayList<>();
        for (int d = 0; d < TEXTS.size(); d++) {
            String text = lossless(TEXTS.get(d));
            String extras =
                    JSON.writeValueAsString(Map.of("column", TEXTS.get(d), text, text, "__proto__", "<b>proto</b>"));
            documents.add(document("d" + d + " " + text, text, text, extras, queries.size(), d));
        }
        documents.add(document("endless", null, line, "{\"line\": \"" + line + "\"}", queries.size(), 99));
        describe(folder, queries, true);
        write(folder, 0, queries, documents);
    }

    /// A run of many documents, all in several rankings.
    static void write(Path folder, int queries, int documents) throws IOException {
        begin(folder, queries, true);
        addShard(folder, 0, queries, documents);
    }

    /// A run of some texts.
    ///
    /// @param scores (documents, queries)
    static void write(Path folder, List<String> texts, double[][] scores) throws IOException {
        int queries = scores[0].length;
        begin(folder, queries, true);
        List<ScoredDocument> scored = new ArrayList<>();
        for (int d = 0; d < scores.length; d++) {
            scored.add(new ScoredDocument("d" + d, 0, null, 20, 30, 1, texts.get(d), "{}", scores[d]));
        }
        write(folder, 0, queries(queries), scored);
    }

    /// A run of many documents without any yet.
    static void begin(Path folder, int queries, boolean complete) throws IOException {
        describe(folder, queries(queries), complete);
    }

    private static List<Query> queries(int queries) {
        List<Query> asked = new ArrayList<>();
        for (int q = 0; q < queries; q++) {
            String kind = List.of("factual", "reasoning", "control").get(q % 3);
            asked.add(new Query("query-" + q, kind, kind + "-" + q % 2, "What is " + q + "?", "It is " + q + "."));
        }
        return asked;
    }

    /// Adds documents.
    static void addShard(Path folder, int shard, int queries, int documents) {
        List<ScoredDocument> scored = new ArrayList<>();
        for (int d = shard * documents; d < (shard + 1) * documents; d++) {
            String text =
                    "Document " + d + " speaks of many things, and at such length that its beginning fills all that a"
                            + " run keeps of a text, and more.";
            String extras =
                    "{\"url\": \"https://example.org/" + d + "\", \"language\": \"en\", \"quality\": 0." + d + "}";
            scored.add(document("document-" + d, "source-" + d % 7, text, extras, queries, d));
        }
        write(folder, shard, queries(queries), scored);
    }

    private record Query(String id, String kind, String family, String prompt, String completion) {}

    private static ScoredDocument document(
            String id, @Nullable String source, String text, String extras, int queries, int seed) {
        var random = new SplittableRandom(seed);
        double[] scores = random.doubles(queries, -1, 1).map(x -> x * x * x).toArray();
        return new ScoredDocument(id, 0, source, 20 + seed % 400, 30, 1 + seed % 5, text, extras, scores);
    }

    /// UTF-8 has no bytes for half a pair: such a text cannot be in a file of scores.
    private static String lossless(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static void write(Path folder, int shard, List<Query> queries, List<ScoredDocument> documents) {
        var layout = new ScoreLayout(queries.stream().map(Query::id).toList(), DType.FLOAT32, "made-up");
        try (var writer = new ScoreShardWriter(folder, shard, layout)) {
            documents.forEach(document -> writer.write(document, null, null));
            writer.commit();
        }
    }

    private static void describe(Path folder, List<Query> queries, boolean complete) throws IOException {
        Files.createDirectories(folder);
        List<Map<String, Object>> asked = new ArrayList<>();
        for (Query query : queries) {
            asked.add(Map.of(
                    "id", query.id(),
                    "kind", query.kind(),
                    "family", query.family(),
                    "prompt", query.prompt(),
                    "completion", query.completion(),
                    "tokens", 3,
                    "loss", 2.5,
                    "compression_error", 0,
                    "extras", Map.of("note", query.kind())));
        }
        JSON.writeValue(folder.resolve("queries.json").toFile(), asked);
        JSON.writeValue(
                folder.resolve("manifest.json").toFile(),
                Map.of(
                        "format",
                        1,
                        "kind",
                        "scores",
                        "version",
                        "made-up",
                        "complete",
                        complete,
                        "inputs",
                        Map.of("model", "00"),
                        "settings",
                        Map.of("curvature", "ekfac", "damping", "0.1x", "modules", "mlp", "rank", "full"),
                        "results",
                        Map.of("skipped_documents", Map.of("<b>empty</b>", 2))));
    }
}
