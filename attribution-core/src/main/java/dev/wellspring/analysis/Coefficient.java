package dev.wellspring.analysis;

import java.util.Locale;

/// How two queries' scores of the same documents are correlated.
public enum Coefficient {
    /// Pearson's coefficient of raw scores, over all documents.
    PEARSON,
    /// Pearson's coefficient of scores divided by the norm of the document's gradient, over all documents
    /// that have one.
    PEARSON_NORMALISED,
    /// Spearman's coefficient of raw scores, over the documents of [RankedScores#sample].
    SPEARMAN,
    /// Spearman's coefficient of scores divided by the norm of the document's gradient, over the same sample.
    SPEARMAN_NORMALISED;

    /// How it is written in options and files.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
