package dev.wellspring.analysis;

import java.util.Locale;

/// What ranks documents without influence functions.
///
/// There is no cosine among them. Divided by the norm of the document's gradient, which is
/// [dev.wellspring.rank.Normalisation#NORMALISED], scores of one query rank as cosines do, since the query's own norm
/// is the same for every document; with `identity` curvature they rank as cosines of plain gradients.
public enum Baseline {
    /// The words of prompt and completion that the document has, by [Bm25].
    BM25,
    /// The number of the document's predictions, longest first; the same for every query.
    LENGTH,
    /// The norm of the document's gradient, largest first; the same for every query.
    GRADIENT_NORM,
    /// The influence on another query, by [ShuffledQueries]: what is not about this one.
    SHUFFLED;

    /// How it is written in options and files.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
