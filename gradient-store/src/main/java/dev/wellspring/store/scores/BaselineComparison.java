package dev.wellspring.store.scores;

import dev.wellspring.analysis.Baseline;
import dev.wellspring.analysis.RankedScores;
import dev.wellspring.analysis.Resemblance;
import dev.wellspring.rank.Normalisation;
import dev.wellspring.run.score.ScoredQuery;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// How much of the influence rankings of a run baselines would have shown as well.
///
/// Takes 32 bytes of the Java heap for each document.
public final class BaselineComparison {
    private final ScoreFolder folder;
    private final List<ScoredQuery> queries;
    private final Normalisation by;
    private final int[] shuffled;
    private final int[] sample;
    private final RankedScores length;
    private final RankedScores gradientNorm;

    /// @param folder with the scores of every document
    /// @param queries of the run, in its order
    /// @param by which influence scores are compared
    public BaselineComparison(ScoreFolder folder, List<ScoredQuery> queries, Normalisation by) {
        this.folder = folder;
        this.queries = List.copyOf(queries);
        this.by = by;
        this.shuffled = ScoredQuery.shuffled(queries);
        this.sample = RankedScores.sample(Math.toIntExact(folder.rowCount()), 0);
        this.length = ranked(RowValue.LENGTH);
        this.gradientNorm = ranked(RowValue.GRADIENT_NORM);
    }

    /// Over how many documents ranks are correlated.
    public int sampled() {
        return sample.length;
    }

    /// What each baseline shows of one query's ranking. Those that the run has no scores of are left out.
    ///
    /// @param query its number in the layout
    public SortedMap<Baseline, Resemblance> of(int query) {
        RankedScores influence = ranked(influence(query));
        SortedMap<Baseline, Resemblance> found = new TreeMap<>();
        if (folder.hasBm25()) {
            found.put(Baseline.BM25, influence.resemblance(ranked(RowValue.bm25(query))));
        }
        found.put(Baseline.LENGTH, influence.resemblance(length));
        found.put(Baseline.GRADIENT_NORM, influence.resemblance(gradientNorm));
        if (shuffled.length > 0) {
            found.put(Baseline.SHUFFLED, influence.resemblance(ranked(influence(shuffled[query]))));
        }
        return found;
    }

    private RowValue influence(int query) {
        return RowValue.influence(query, queries.get(query).loss(), by);
    }

    private RankedScores ranked(RowValue value) {
        return new RankedScores(folder.column(value), sample);
    }
}
