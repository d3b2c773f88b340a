package dev.wellspring.cli.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wellspring.analysis.Baseline;
import dev.wellspring.analysis.Resemblance;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.store.scores.QueryPieces;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/// What a report's page reads, as `data.js` expects it: one object about the run, an array of documents, and columns
/// for
/// each query's ranking, in which documents are numbers.
final class ReportJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    /// So many digits float32 scores are good for.
    private static final int DIGITS = 7;

    static final int LONGEST_PREVIEW = 2_000;
    private static final int LONGEST_FIELD = 1_000;
    private static final int LONGEST_EXTRAS = 8_000;

    private final Report report;
    private final Map<String, Integer> sources = new LinkedHashMap<>();

    ReportJson(Report report) {
        this.report = report;
        report.table().rows().forEach(row -> {
            if (row.source() != null) {
                sources.putIfAbsent(row.source(), sources.size());
            }
        });
    }

    /// All but the documents and rankings.
    ObjectNode run() {
        ObjectNode json = JSON.createObjectNode();
        json.put("run", report.run());
        json.put("by", word(report.by()));
        json.put("documents", report.documents());
        json.put("k", report.k());
        json.put("texts", report.texts());
        json.put("token_scores", report.tokenScores());
        json.set("overview", overview());
        json.set("settings", settings());
        json.set("inputs", JSON.valueToTree(report.manifest().inputs()));
        json.set("sources", JSON.valueToTree(sources.keySet()));
        json.set("modules", JSON.valueToTree(report.modules()));
        ArrayNode queries = json.putArray("queries");
        int[] shuffled = ScoredQuery.shuffled(report.queries());
        for (int q = 0; q < report.queries().size(); q++) {
            queries.add(query(q, shuffled));
        }
        json.set(
                "baselines",
                report.analyses() == null
                        ? JSON.nullNode()
                        : baselines(report.analyses().baselines()));
        json.set(
                "analyses",
                report.analyses() == null ? JSON.nullNode() : AnalysesJson.of(report.analyses(), report.answers()));
        ArrayNode validations = json.putArray("validation");
        report.validations()
                .forEach(one -> validations
                        .addObject()
                        .put("kind", one.kind())
                        .put("name", one.name())
                        .set("result", one.result()));
        return json;
    }

    private ObjectNode overview() {
        Overview overview = report.overview();
        ObjectNode json = JSON.createObjectNode().put("title", overview.title());
        json.set("lead", JSON.valueToTree(overview.lead()));
        json.set("warnings", JSON.valueToTree(overview.warnings()));
        json.set("left_out", JSON.valueToTree(overview.leftOut()));
        json.set("method", JSON.valueToTree(overview.method()));
        json.put("licence", ChartLibrary.licence());
        return json;
    }

    private ObjectNode settings() {
        ObjectNode json = JSON.createObjectNode();
        report.manifest().settings().forEach(json::put);
        return json.put("wellspring", report.manifest().version());
    }

    private ObjectNode query(int q, int[] shuffled) {
        ScoredQuery query = report.queries().get(q);
        QueryRanking ranking = report.rankings().get(q);
        ObjectNode json = JSON.createObjectNode();
        json.put("id", query.id());
        json.put("kind", query.kind());
        json.put("family", query.family());
        json.put("prompt", query.prompt());
        json.put("completion", query.completion());
        json.put("tokens", query.tokens());
        json.set("loss", number(query.loss()));
        json.set("compression_error", number(query.compressionError()));
        if (!report.queryTokens().isEmpty()) {
            QueryPieces pieces = report.queryTokens().pieces(q);
            List<String> all = Stream.concat(pieces.prompt().stream(), pieces.completion().stream())
                    .toList();
            json.putArray("pieces").add(String.join("", all)).add(PackedNumbers.lengths(all));
            json.put("prompt_tokens", pieces.prompt().size());
        }
        json.set("extras", query.extras());
        if (shuffled.length == 0) {
            json.putNull("shuffled");
        } else {
            json.put("shuffled", shuffled[q]);
        }
        boolean everything = report.kept() == report.documents(); // else it is known of the kept ones only
        json.put("ranked", everything ? ranking.ranked() : null);
        json.put("not_ranked", everything ? ranking.notRanked() : null);
        return json;
    }

    private static ObjectNode baselines(BaselineReport baselines) {
        ObjectNode json = JSON.createObjectNode();
        json.put("by", word(baselines.by()));
        json.put("documents", baselines.documents());
        json.put("sampled", baselines.sampled());
        json.set("chance10", number(baselines.chance(10)));
        json.set("chance100", number(baselines.chance(100)));
        ArrayNode kinds = json.putArray("kinds");
        baselines.byKind().forEach((kind, queries) -> {
            ObjectNode one = kinds.addObject().put("kind", kind).put("queries", queries.size());
            resemblances(BaselineReport.means(queries), one.putArray("baselines"));
        });
        return json;
    }

    private static void resemblances(SortedMap<Baseline, Resemblance> means, ArrayNode json) {
        means.forEach((baseline, mean) -> {
            ObjectNode one = json.addObject().put("baseline", baseline.word());
            one.set("top10", number(mean.top10()));
            one.set("top100", number(mean.top100()));
            one.set("spearman", number(mean.spearman()));
        });
    }

    /// The documents of all rankings: an array for each, in the order of `DOCUMENT` in `data.js`.
    ArrayNode documents() {
        ArrayNode json = JSON.createArrayNode();
        List<DocumentTable.Row> rows = report.table().rows();
        for (int i = 0; i < rows.size(); i++) {
            DocumentTable.Row row = rows.get(i);
            ArrayNode one = json.addArray();
            one.add(row.document().document());
            one.add(row.document().part());
            one.add(row.source() == null ? -1 : sources.getOrDefault(row.source(), -1));
            one.add(row.tokens());
            one.add(number(row.loss()));
            one.add(number(row.gradientNorm()));
            addRank(one, report.lengthRanks()[i]);
            addRank(one, report.normRanks()[i]);
            one.add(row.preview());
            one.add(row.extras());
            DocumentTable.Text text = report.table().text(row);
            if (text == null) {
                one.addNull();
            } else {
                one.addArray().add(text.text()).add(text.lengths());
            }
        }
        return json;
    }

    private static void addRank(ArrayNode json, long rank) {
        if (rank == 0) {
            json.addNull();
        } else {
            json.add(rank);
        }
    }

    /// One query's ranking: columns for either end. What is not known has no column.
    ObjectNode ranking(int query) {
        QueryRanking ranking = report.rankings().get(query);
        ObjectNode json = JSON.createObjectNode();
        json.set("top", columns(query, ranking.top()));
        json.set("bottom", columns(query, ranking.bottom()));
        ObjectNode means = JSON.createObjectNode();
        mean(means, "top", ranking.top());
        mean(means, "bottom", ranking.bottom());
        if (!means.isEmpty()) {
            json.set("query_tokens", means);
        }
        return json;
    }

    /// What each token of the query adds to its score with the first documents of one end, on average.
    private void mean(ObjectNode json, String end, List<RankedDocument> documents) {
        List<double[]> known = documents.stream()
                .map(RankedDocument::queryTokens)
                .limit(report.queryTokens().ends())
                .takeWhile(tokens -> tokens.length > 0)
                .toList();
        if (known.isEmpty()) {
            return;
        }
        double[] mean = new double[known.getFirst().length];
        for (double[] tokens : known) {
            for (int t = 0; t < mean.length; t++) {
                mean[t] += tokens[t] / known.size();
            }
        }
        json.putObject(end).put("documents", known.size()).put("mean", PackedNumbers.signed(mean));
    }

    private ObjectNode columns(int query, List<RankedDocument> documents) {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode numbers = json.putArray("document");
        documents.forEach(document -> numbers.add(document.number()));
        ArrayNode raw = json.putArray("raw");
        documents.forEach(document -> raw.add(number(document.raw())));
        ranks(json, "rawRank", documents, RankedDocument::rawRank);
        ranks(json, "normalisedRank", documents, RankedDocument::normalisedRank);
        ranks(json, "bm25Rank", documents, RankedDocument::bm25Rank);
        ranks(json, "shuffledRank", documents, RankedDocument::shuffledRank);
        if (documents.stream().anyMatch(document -> document.bm25Rank() > 0)) {
            ArrayNode bm25 = json.putArray("bm25");
            documents.forEach(document -> bm25.add(number(document.bm25())));
        }
        packed(json, "tokens", documents, RankedDocument::tokens, PackedNumbers::signed);
        packed(json, "modules", documents, RankedDocument::modules, PackedNumbers::signed);
        packed(json, "queryTokens", documents, RankedDocument::queryTokens, PackedNumbers::coarse);
        uncompressed(json, query, documents);
        List<List<String>> answers = documents.stream()
                .map(document -> report.marks().of(query, document.place()))
                .toList();
        if (answers.stream().anyMatch(held -> !held.isEmpty())) {
            ArrayNode column = json.putArray("answers");
            answers.forEach(held -> column.add(held.isEmpty() ? JSON.nullNode() : JSON.valueToTree(held)));
        }
        return json;
    }

    private static void ranks(
            ObjectNode json, String name, List<RankedDocument> documents, ToLongFunction<RankedDocument> rank) {
        if (documents.stream().anyMatch(document -> rank.applyAsLong(document) > 0)) {
            ArrayNode column = json.putArray(name);
            documents.forEach(document -> addRank(column, rank.applyAsLong(document)));
        }
    }

    private static void packed(
            ObjectNode json,
            String name,
            List<RankedDocument> documents,
            Function<RankedDocument, double[]> shares,
            Function<double[], String> pack) {
        List<double[]> values = documents.stream().map(shares).toList();
        if (values.stream().anyMatch(one -> one.length > 0)) {
            ArrayNode column = json.putArray(name);
            values.forEach(one -> column.add(one.length == 0 ? null : pack.apply(one)));
        }
    }

    /// What the tokens of the query add up to: where its gradient was compressed, that is another score.
    private void uncompressed(ObjectNode json, int query, List<RankedDocument> documents) {
        boolean known = documents.stream().anyMatch(document -> document.queryTokens().length > 0);
        if (known && report.queries().get(query).compressionError() > 0) {
            ArrayNode column = json.putArray("uncompressed");
            documents.forEach(document -> {
                double sum = document.queryTokens().length == 0
                        ? Double.NaN
                        : Arrays.stream(document.queryTokens()).sum();
                column.add(number(sum));
            });
        }
    }

    /// A document's other columns, with long texts cut; what is no JSON stays a text.
    static JsonNode extras(String extras) {
        JsonNode parsed;
        try {
            parsed = shortened(JSON.readTree(extras));
        } catch (JsonProcessingException _) {
            return JSON.getNodeFactory().textNode(cut(extras, LONGEST_FIELD));
        }
        String text = parsed.toString();
        return text.length() <= LONGEST_EXTRAS ? parsed : JSON.getNodeFactory().textNode(cut(text, LONGEST_EXTRAS));
    }

    private static JsonNode shortened(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> JSON.getNodeFactory().textNode(cut(node.textValue(), LONGEST_FIELD));
            case OBJECT -> {
                ObjectNode copy = JSON.createObjectNode();
                node.properties().forEach(field -> copy.set(field.getKey(), shortened(field.getValue())));
                yield copy;
            }
            case ARRAY -> {
                ArrayNode copy = JSON.createArrayNode();
                node.forEach(one -> copy.add(shortened(one)));
                yield copy;
            }
            case BINARY, BOOLEAN, MISSING, NULL, NUMBER, POJO -> node;
        };
    }

    /// The beginning of a text, and how much is left out.
    static String cut(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
        return text.substring(0, end) + String.format(Locale.ROOT, "… (%,d characters more)", text.length() - end);
    }

    /// With the digits that scores have; null for what is no number. Infinities become numbers that no float64
    /// holds, which a page reads as infinite.
    static JsonNode number(double value) {
        return number(value, DIGITS);
    }

    /// The same with fewer digits.
    static JsonNode number(double value, int digits) {
        if (Double.isNaN(value)) {
            return JSON.nullNode();
        }
        BigDecimal decimal = Double.isInfinite(value)
                ? new BigDecimal(value > 0 ? "1E999" : "-1E999")
                : new BigDecimal(value).round(new MathContext(digits)).stripTrailingZeros();
        return JSON.getNodeFactory().numberNode(decimal);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
