package dev.wellspring.cli.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wellspring.analysis.AnalysedDocument;
import dev.wellspring.analysis.AnswerFindings;
import dev.wellspring.analysis.Coefficient;
import dev.wellspring.analysis.CorrelationBlock;
import dev.wellspring.analysis.CorrelationFindings;
import dev.wellspring.analysis.CrossQueryCorrelation;
import dev.wellspring.analysis.QueryGroup;
import dev.wellspring.analysis.SourceFindings;
import dev.wellspring.analysis.SpreadFindings;
import dev.wellspring.analysis.TailSpread;
import dev.wellspring.analysis.TopFindings;
import dev.wellspring.rank.Tail;
import dev.wellspring.validation.Interval;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What analyses found, as `charts.js` reads it. An interval is an array: estimate, low, high.
final class AnalysesJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    /// So many of the documents that stand out are listed, of each sort; the page says how many there are.
    private static final int LISTED = 50;

    private AnalysesJson() {}

    static ObjectNode of(Analyses analyses, @Nullable AnswerFindings answers) {
        ObjectNode json = JSON.createObjectNode();
        json.set(
                "correlation",
                correlation(analyses.correlation(), analyses.queries().size()));
        json.set("spread", spread(analyses.spread()));
        json.set("sources", sources(analyses.sources()));
        json.set("top", top(analyses.top()));
        json.set("answers", answers == null ? JSON.nullNode() : answers(answers));
        return json;
    }

    private static ObjectNode correlation(CorrelationFindings findings, int queries) {
        ObjectNode json = JSON.createObjectNode();
        json.put("documents", findings.documents());
        json.put("normalised", findings.normalised());
        json.put("sampled", findings.sampled());
        ArrayNode matrices = json.putArray("matrices");
        ObjectNode blocks = json.putObject("blocks");
        for (Coefficient coefficient : Coefficient.values()) {
            if (findings.matrices().containsKey(coefficient)) {
                ObjectNode matrix = matrices.addObject().put("coefficient", coefficient.word());
                matrix.set("values", triangle(findings.matrix(coefficient), queries));
                ArrayNode some = blocks.putArray(coefficient.word());
                findings.blocks().getOrDefault(coefficient, List.of()).forEach(block -> some.add(block(block)));
            }
        }
        return json;
    }

    /// The correlations of each query with those before it, one query after the other.
    private static ArrayNode triangle(CrossQueryCorrelation matrix, int queries) {
        ArrayNode values = JSON.createArrayNode();
        for (int query = 1; query < queries; query++) {
            for (int other = 0; other < query; other++) {
                values.add(ReportJson.number((float) matrix.at(query, other), 4));
            }
        }
        return values;
    }

    private static ObjectNode block(CorrelationBlock block) {
        ObjectNode json = JSON.createObjectNode();
        json.put("relation", block.relation().words());
        json.put("kind", block.kind());
        json.put("family", block.family());
        json.put("other", block.other());
        json.put("pairs", block.pairs());
        json.set("mean", interval(block.mean()));
        json.set("smallest", ReportJson.number(block.spread().smallest()));
        json.set("median", ReportJson.number(block.spread().median()));
        json.set("largest", ReportJson.number(block.spread().largest()));
        return json;
    }

    private static ObjectNode spread(SpreadFindings findings) {
        ObjectNode json = JSON.createObjectNode();
        json.set("percentages", JSON.valueToTree(SpreadFindings.PERCENTAGES));
        ArrayNode queries = json.putArray("queries");
        findings.queries().forEach(query -> {
            ObjectNode one = queries.addObject();
            one.set("top", tail(query.positive()));
            one.set("bottom", tail(query.negative()));
        });
        ArrayNode groups = json.putArray("groups");
        for (SpreadFindings.OfGroup group : findings.groups()) {
            ObjectNode one = group(group.group(), groups.addObject());
            one.put("tail", word(group.tail()));
            one.set("perNat", interval(group.perNat()));
            one.set("variation", ReportJson.number(group.variation()));
            one.set("effective", interval(group.effectiveDocuments()));
            ArrayNode shares = one.putArray("shares");
            group.shares().forEach(share -> shares.add(interval(share)));
            one.set("slope", interval(group.slope()));
            one.set("r2", interval(group.r2()));
        }
        return json;
    }

    private static ObjectNode tail(TailSpread tail) {
        ObjectNode json = JSON.createObjectNode();
        json.put("documents", tail.documents());
        json.set("total", ReportJson.number(tail.total()));
        json.set("perNat", ReportJson.number(tail.perNat()));
        json.set("effective", ReportJson.number(tail.effectiveDocuments()));
        json.put("fitted", tail.powerLaw().documents());
        json.set("slope", ReportJson.number(tail.powerLaw().slope()));
        json.set("intercept", ReportJson.number(tail.powerLaw().intercept()));
        json.set("r2", ReportJson.number(tail.powerLaw().r2()));
        return json;
    }

    private static ObjectNode sources(SourceFindings findings) {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode corpus = json.putArray("corpus");
        findings.corpus()
                .forEach(source -> corpus.addObject()
                        .put("source", source.source())
                        .put("documents", source.documents())
                        .set("share", ReportJson.number(source.share())));
        json.set("depths", JSON.valueToTree(findings.depths()));
        ArrayNode groups = json.putArray("groups");
        for (SourceFindings.OfGroup group : findings.groups()) {
            ObjectNode one = group(group.group(), groups.addObject());
            one.put("tail", word(group.tail()));
            one.put("depth", group.depth());
            one.put("source", group.source());
            one.set("ratio", interval(group.ratio()));
        }
        return json;
    }

    private static ObjectNode top(TopFindings findings) {
        ObjectNode json = JSON.createObjectNode();
        json.put("k", findings.k());
        json.putObject("found")
                .put("frequent", findings.frequent().size())
                .put("duplicates", findings.duplicates().size())
                .put("concentrated", findings.concentrated().size());
        ArrayNode frequent = json.putArray("frequent");
        findings.frequent().stream()
                .limit(LISTED)
                .forEach(one -> document(one.document(), frequent.addObject())
                        .put("tail", word(one.tail()))
                        .set("queries", JSON.valueToTree(one.queries())));
        ArrayNode duplicates = json.putArray("duplicates");
        findings.duplicates().stream()
                .limit(LISTED)
                .forEach(one -> document(one.documents().getFirst(), duplicates.addObject())
                        .put("count", one.documents().size())
                        .set("queries", JSON.valueToTree(one.queries())));
        ArrayNode concentrated = json.putArray("concentrated");
        findings.concentrated().stream().limit(LISTED).forEach(one -> {
            ObjectNode row = document(one.document(), concentrated.addObject());
            row.put("query", one.query());
            row.put("tail", word(one.tail()));
            row.put("rank", one.rank());
            row.set("raw", ReportJson.number(one.raw()));
            row.set("concentration", ReportJson.number(one.concentration()));
        });
        return json;
    }

    private static ObjectNode document(AnalysedDocument document, ObjectNode json) {
        json.put("document", document.part() == 0 ? document.document() : document.document() + "#" + document.part());
        json.put("source", document.source());
        return json.put("preview", ReportJson.cut(document.preview(), ReportJson.LONGEST_PREVIEW));
    }

    private static ObjectNode answers(AnswerFindings findings) {
        ObjectNode json = JSON.createObjectNode();
        json.put("documents", findings.documents());
        json.set("depths", JSON.valueToTree(findings.depths()));
        ArrayNode groups = json.putArray("groups");
        for (AnswerFindings.OfGroup group : findings.groups()) {
            ObjectNode one = group(group.group(), groups.addObject());
            one.put("sort", group.sort().name().toLowerCase(Locale.ROOT));
            one.put("depth", group.depth());
            one.put("queries", group.queries());
            one.set("any", interval(group.any()));
            one.set("chance", ReportJson.number(group.chance()));
            one.set("ratio", ReportJson.number(group.ratio()));
        }
        return json;
    }

    private static ObjectNode group(QueryGroup group, ObjectNode json) {
        return json.put("kind", group.kind()).put("family", group.family());
    }

    private static String word(Tail tail) {
        return tail.name().toLowerCase(Locale.ROOT);
    }

    private static ArrayNode interval(Interval interval) {
        return JSON.createArrayNode()
                .add(ReportJson.number(interval.estimate()))
                .add(ReportJson.number(interval.low()))
                .add(ReportJson.number(interval.high()));
    }
}
