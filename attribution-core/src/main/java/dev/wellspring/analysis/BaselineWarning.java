package dev.wellspring.analysis;

/// A query whose ranking a baseline explains.
///
/// @param query its number
/// @param baseline what explains it
/// @param resemblance how much of the ranking it shows
public record BaselineWarning(int query, Baseline baseline, Resemblance resemblance) {
    /// A baseline whose ranks correlate with those of influence by so much explains a ranking.
    public static final double SPEARMAN = 0.7;

    /// And so does one that has so many of its first 100 documents, where that is at least twice what two
    /// rankings that know nothing of one another share.
    public static final double SHARED = 50;

    /// Whether a baseline explains a ranking.
    ///
    /// @param documents how many were ranked
    public static boolean applies(Resemblance resemblance, long documents) {
        double first = Math.min(100, documents);
        double chance = documents == 0 ? 0 : first * first / documents;
        return resemblance.spearman() >= SPEARMAN
                || (resemblance.top100() >= SHARED && resemblance.top100() >= 2 * chance);
    }
}
