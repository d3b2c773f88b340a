package dev.wellspring.cli.report;

import dev.wellspring.rank.Normalisation;
import dev.wellspring.run.score.ScoredQuery;
import dev.wellspring.store.scores.RowValue;
import java.util.List;
import java.util.Locale;

/// What rankings are by: influence in one of its forms, or what a [dev.wellspring.analysis.Baseline] says.
public enum RankBy {
    RAW("nats"),
    NAT("per nat"),
    NORMALISED("normalised"),
    BM25("BM25"),
    LENGTH("predictions"),
    GRADIENT_NORM("norm"),
    SHUFFLED("other's nats");

    private final String unit;

    RankBy(String unit) {
        this.unit = unit;
    }

    /// The heading of its values.
    String unit() {
        return unit;
    }

    /// How it is written in options and files.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Whether it is a baseline.
    public boolean isBaseline() {
        return switch (this) {
            case RAW, NAT, NORMALISED -> false;
            case BM25, LENGTH, GRADIENT_NORM, SHUFFLED -> true;
        };
    }

    /// Its value for a query.
    ///
    /// @param query its number
    /// @param queries all queries of the run; at least two for SHUFFLED
    public RowValue value(int query, List<ScoredQuery> queries) {
        double loss = queries.get(query).loss();
        return switch (this) {
            case RAW -> RowValue.influence(query, loss, Normalisation.RAW);
            case NAT -> RowValue.influence(query, loss, Normalisation.NAT);
            case NORMALISED -> RowValue.influence(query, loss, Normalisation.NORMALISED);
            case BM25 -> RowValue.bm25(query);
            case LENGTH -> RowValue.LENGTH;
            case GRADIENT_NORM -> RowValue.GRADIENT_NORM;
            case SHUFFLED -> {
                int other = ScoredQuery.shuffled(queries)[query];
                yield RowValue.influence(other, queries.get(other).loss(), Normalisation.RAW);
            }
        };
    }
}
