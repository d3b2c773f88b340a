package dev.wellspring.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wellspring.analysis.AnalysedDocument;
import dev.wellspring.analysis.AnalysedQuery;
import dev.wellspring.analysis.NearDuplicates;
import dev.wellspring.analysis.ScorePass;
import dev.wellspring.analysis.TopFindings;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.rank.Normalisation;
import dev.wellspring.rank.Tail;
import dev.wellspring.run.Progress;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.store.scores.ScoreFolder;
import dev.wellspring.store.scores.ScoreRows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Analyses a run: one pass over its scores, and then a look at what stands at the ends of the rankings.
public final class RunAnalyses {
    /// How many documents at either end of a ranking are looked at unless told otherwise.
    public static final int TOP = 100;

    /// From here on token scores are concentrated: the rule by which Grosse et al. (arXiv 2308.03296) set spurious
    /// documents aside.
    public static final double CONCENTRATED = 2 / 3.0;

    private final ScoreFolder folder;
    private final ScoreRows rows;
    private final List<ScoredQuery> queries;
    private final ScorePass pass;
    private final int k;

    private RunAnalyses(ScoreFolder folder, List<ScoredQuery> queries, int k, RowParallel parallel) {
        this.folder = folder;
        this.rows = new ScoreRows(folder);
        this.queries = queries;
        this.k = Math.clamp(rows.count(), 1, k);
        this.pass = new ScorePass(analysed(queries), rows.count(), folder.hasBm25(), parallel);
    }

    /// Everything about a run whose scores are all there. For 100 queries and a million documents it takes half a
    /// gigabyte of heap.
    ///
    /// @param run finished, with the scores of every document
    /// @param k how many documents at either end of a ranking are looked at, at most 5,000
    /// @param parallel over queries; the result does not depend on it
    public static Analyses of(Path run, int k, RowParallel parallel, Progress progress) {
        List<ScoredQuery> queries = ScoredQuery.read(run);
        try (ScoreFolder folder = ScoreFolder.open(run)) {
            return of(folder, queries, k, parallel, progress);
        }
    }

    /// The same of a run that is open, of the shards it had when it was opened.
    public static Analyses of(
            ScoreFolder folder, List<ScoredQuery> queries, int k, RowParallel parallel, Progress progress) {
        return new RunAnalyses(folder, queries, k, parallel).analyse(progress);
    }

    /// What the analyses need to know of queries.
    public static List<AnalysedQuery> analysed(List<ScoredQuery> queries) {
        return queries.stream()
                .map(query -> new AnalysedQuery(
                        query.id(), query.kind(), query.family(), query.loss(), text(query, "control_of")))
                .toList();
    }

    private static @Nullable String text(ScoredQuery query, String field) {
        JsonNode value = query.extras().path(field);
        return value.isTextual() ? value.asText() : null;
    }

    private Analyses analyse(Progress progress) {
        progress.start("analyse", rows.count(), "documents");
        folder.forEachBatch(batch -> {
            pass.accept(batch);
            progress.advance(batch.rowCount(), 0);
        });
        progress.finish();
        int[] shuffled = ScoredQuery.shuffled(queries);
        ScorePass.Findings findings = pass.finish(rows, shuffled);
        BaselineReport baselines = baselines(findings, shuffled);
        return new Analyses(
                rows.count(),
                queries,
                findings.correlation(),
                findings.spread(),
                findings.sources(),
                top(progress),
                baselines,
                baselines.explained());
    }

    private BaselineReport baselines(ScorePass.Findings findings, int[] shuffled) {
        List<BaselineReport.OfQuery> ofQueries = IntStream.range(0, queries.size())
                .mapToObj(q -> new BaselineReport.OfQuery(
                        queries.get(q),
                        shuffled.length == 0 ? "" : queries.get(shuffled[q]).id(),
                        findings.baselines().get(q)))
                .toList();
        return new BaselineReport(
                Normalisation.RAW, rows.count(), findings.correlation().sampled(), ofQueries);
    }

    private TopFindings top(Progress progress) {
        Map<Tail, SortedMap<Integer, List<Integer>>> ranked = new LinkedHashMap<>();
        for (Tail tail : Tail.values()) {
            SortedMap<Integer, List<Integer>> byDocument = new TreeMap<>();
            for (int q = 0; q < queries.size(); q++) {
                for (int document : pass.first(q, tail, k)) {
                    byDocument.computeIfAbsent(document, _ -> new ArrayList<>()).add(q);
                }
            }
            ranked.put(tail, byDocument);
        }
        boolean tokenScores = folder.layout().tokenScores();
        return new TopFindings(
                k,
                frequent(ranked),
                duplicates(ranked.values()),
                tokenScores ? concentrated(progress) : List.of(),
                tokenScores);
    }

    private List<TopFindings.Frequent> frequent(Map<Tail, SortedMap<Integer, List<Integer>>> ranked) {
        List<TopFindings.Frequent> frequent = new ArrayList<>();
        ranked.forEach((tail, byDocument) -> byDocument.forEach((document, some) -> {
            if (some.size() > 1) {
                frequent.add(new TopFindings.Frequent(rows.document(document), tail, numbers(some)));
            }
        }));
        frequent.sort(
                Comparator.comparingInt(one -> -one.queries().length)); // stable: top first, then the order of the run
        return List.copyOf(frequent);
    }

    private List<TopFindings.Duplicates> duplicates(Collection<SortedMap<Integer, List<Integer>>> ranked) {
        SortedMap<Integer, SortedSet<Integer>> byDocument = new TreeMap<>();
        ranked.forEach(tail -> tail.forEach((document, some) ->
                byDocument.computeIfAbsent(document, _ -> new TreeSet<>()).addAll(some)));
        List<AnalysedDocument> documents =
                byDocument.keySet().stream().map(rows::document).toList();
        List<int[]> groups = NearDuplicates.groups(
                documents.stream().map(AnalysedDocument::preview).toList());
        List<TopFindings.Duplicates> duplicates = new ArrayList<>();
        for (int[] group : groups) {
            List<AnalysedDocument> alike =
                    IntStream.of(group).mapToObj(documents::get).toList();
            SortedSet<Integer> some = new TreeSet<>();
            alike.forEach(one -> some.addAll(byDocument.getOrDefault((int) one.number(), new TreeSet<>())));
            duplicates.add(new TopFindings.Duplicates(alike, numbers(some)));
        }
        duplicates.sort(Comparator.comparingInt(group -> -group.documents().size()));
        return List.copyOf(duplicates);
    }

    private List<TopFindings.Concentrated> concentrated(Progress progress) {
        progress.start("token scores", queries.size(), "queries");
        List<TopFindings.Concentrated> found = new ArrayList<>();
        for (int q = 0; q < queries.size(); q++) {
            for (Tail tail : Tail.values()) {
                int[] first = pass.first(q, tail, k);
                for (int i = 0; i < first.length; i++) {
                    double concentration = concentration(rows.tokenScores(first[i], q));
                    if (concentration > CONCENTRATED) {
                        found.add(new TopFindings.Concentrated(
                                rows.document(first[i]), q, tail, i + 1, rows.score(q, first[i]), concentration));
                    }
                }
            }
            progress.advance(1, 0);
        }
        progress.finish();
        found.sort(Comparator.comparingDouble(one -> -one.concentration())); // stable: the order of the queries
        return List.copyOf(found);
    }

    /// ‖s‖₂ / ‖s‖₁; NaN where all are zero.
    static double concentration(double[] tokenScores) {
        double squares = 0;
        double sum = 0;
        for (double score : tokenScores) {
            squares += score * score;
            sum += Math.abs(score);
        }
        return Math.sqrt(squares) / sum;
    }

    private static int[] numbers(Collection<Integer> queries) {
        return queries.stream().mapToInt(Integer::intValue).toArray();
    }
}
