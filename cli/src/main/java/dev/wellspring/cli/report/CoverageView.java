package dev.wellspring.cli.report;

import dev.wellspring.analysis.InfluenceSpread;
import dev.wellspring.analysis.SpreadFindings;
import dev.wellspring.analysis.TailSpread;
import dev.wellspring.cli.report.TextTable.Column;
import dev.wellspring.rank.Tail;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.store.scores.DataTable;
import dev.wellspring.validation.Interval;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/// How much all documents do to queries, and how it is spread over documents.
///
/// @param queries in the order of the run
/// @param documents how many were ranked
public record CoverageView(List<ScoredQuery> queries, long documents, SpreadFindings findings) implements FindingsView {
    private static final List<Double> SHOWN = List.of(1.0, 5.0);

    @Override
    public void print(PrintStream out, int width) {
        TerminalText.paragraph(
                out,
                String.format(
                        Locale.ROOT,
                        "What all %,d documents do to a query, per nat of its completion, and how much of it the first"
                                + " documents of that sign do.",
                        documents),
                width);
        TerminalText.paragraph(out, "Means over queries, with 95 % intervals over queries.", width);
        List<String> leftOut = new ArrayList<>();
        for (Tail tail : Tail.values()) {
            out.println();
            out.println(word(tail) + " influence");
            leftOut.addAll(table(tail).print(out, "  ", width));
        }
        notFinite(out);
        TextTable.sayLeftOut(out, leftOut, width);
    }

    private TextTable table(Tail tail) {
        var table = new TextTable(
                Column.text("queries of").cutTo(16),
                Column.number("queries").leaveOut(2),
                Column.text("total per nat"),
                Column.text("first 1 %").leaveOut(3),
                Column.text("first 5 %"),
                Column.number("effective").leaveOut(4),
                Column.text("slope of the first 500").leaveOut(5),
                Column.number("R²").leaveOut(1));
        for (SpreadFindings.OfGroup one : findings.groups()) {
            if (one.tail() == tail) {
                table.add(
                        one.group().name(),
                        Integer.toString(one.group().queries().length),
                        Figures.interval("%.3g", one.perNat()),
                        Figures.interval("%.3f", share(one, SHOWN.getFirst())),
                        Figures.interval("%.3f", share(one, SHOWN.getLast())),
                        Figures.number("%,.0f", one.effectiveDocuments().estimate()),
                        Figures.interval("%.3f", one.slope()),
                        Figures.number("%.2f", one.r2().estimate()));
            }
        }
        return table;
    }

    private void notFinite(PrintStream out) {
        long left = findings.queries().stream()
                .mapToLong(InfluenceSpread::notANumber)
                .sum();
        if (left > 0) {
            out.println();
            out.printf(Locale.ROOT, "%,d scores are NaN or infinite and left out.%n", left);
        }
    }

    private static Interval share(SpreadFindings.OfGroup one, double percentage) {
        return one.shares().get(SpreadFindings.PERCENTAGES.indexOf(percentage));
    }

    static String word(Tail tail) {
        return tail == Tail.TOP ? "positive" : "negative";
    }

    @Override
    public SequencedMap<String, DataTable> tables() {
        SequencedMap<String, DataTable> tables = new LinkedHashMap<>();
        tables.put("groups", groups());
        tables.put("group_shares", groupShares());
        tables.put("queries", ofQueries());
        tables.put("shares", shares());
        return tables;
    }

    private DataTable groups() {
        DataTable groups = DataTable.of(
                "kind",
                "family",
                "sign",
                "queries:whole",
                "per_nat:number",
                "per_nat_low:number",
                "per_nat_high:number",
                "per_nat_variation:number",
                "effective_documents:number",
                "effective_documents_low:number",
                "effective_documents_high:number",
                "slope:number",
                "slope_low:number",
                "slope_high:number",
                "r2:number");
        for (SpreadFindings.OfGroup one : findings.groups()) {
            groups.add(
                    one.group().kind(),
                    one.group().family(),
                    word(one.tail()),
                    one.group().queries().length,
                    one.perNat().estimate(),
                    one.perNat().low(),
                    one.perNat().high(),
                    one.variation(),
                    one.effectiveDocuments().estimate(),
                    one.effectiveDocuments().low(),
                    one.effectiveDocuments().high(),
                    one.slope().estimate(),
                    one.slope().low(),
                    one.slope().high(),
                    one.r2().estimate());
        }
        return groups;
    }

    private DataTable groupShares() {
        DataTable shares = DataTable.of(
                "kind", "family", "sign", "percentage:number", "share:number", "share_low:number", "share_high:number");
        for (SpreadFindings.OfGroup one : findings.groups()) {
            for (int p = 0; p < one.shares().size(); p++) {
                Interval share = one.shares().get(p);
                shares.add(
                        one.group().kind(),
                        one.group().family(),
                        word(one.tail()),
                        SpreadFindings.PERCENTAGES.get(p),
                        share.estimate(),
                        share.low(),
                        share.high());
            }
        }
        return shares;
    }

    private DataTable ofQueries() {
        DataTable ofQueries = DataTable.of(
                "query",
                "kind",
                "family",
                "sign",
                "documents:whole",
                "total:number",
                "per_nat:number",
                "effective_documents:number",
                "effective_documents_of_both_signs:number",
                "not_finite:whole",
                "fitted_documents:whole",
                "slope:number",
                "intercept:number",
                "r2:number");
        for (int q = 0; q < queries.size(); q++) {
            ScoredQuery query = queries.get(q);
            for (Tail tail : Tail.values()) {
                TailSpread one = findings.queries().get(q).tail(tail);
                ofQueries.add(
                        query.id(),
                        query.kind(),
                        query.family(),
                        word(tail),
                        one.documents(),
                        one.total(),
                        one.perNat(),
                        one.effectiveDocuments(),
                        findings.queries().get(q).effectiveDocuments(),
                        findings.queries().get(q).notANumber(),
                        one.powerLaw().documents(),
                        one.powerLaw().slope(),
                        one.powerLaw().intercept(),
                        one.powerLaw().r2());
            }
        }
        return ofQueries;
    }

    private DataTable shares() {
        DataTable shares = DataTable.of("query", "kind", "family", "sign", "percentage:number", "share:number");
        for (int q = 0; q < queries.size(); q++) {
            ScoredQuery query = queries.get(q);
            for (Tail tail : Tail.values()) {
                double[] ofTail = findings.queries().get(q).tail(tail).shares();
                for (int p = 0; p < ofTail.length; p++) {
                    shares.add(
                            query.id(),
                            query.kind(),
                            query.family(),
                            word(tail),
                            SpreadFindings.PERCENTAGES.get(p),
                            ofTail[p]);
                }
            }
        }
        return shares;
    }
}
