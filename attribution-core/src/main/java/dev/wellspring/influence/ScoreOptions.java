package dev.wellspring.influence;

/// What is wanted beside the scores, and what is known of the documents.
///
/// @param rowScores the share of every row, which adds up to its document's score
/// @param moduleScores the share of every module
/// @param norms ‖G_d‖² over the modules of the block
/// @param documentRows how many rows a document has, about: it decides which contraction is cheaper
/// @param byteOperations how many operations a byte counts as that is moved between memory and processor, where that
///     decides too; 0 where operations alone do
public record ScoreOptions(
        boolean rowScores, boolean moduleScores, boolean norms, int documentRows, double byteOperations) {
    /// A paragraph.
    private static final int SHORT = 16;

    public ScoreOptions {
        if (documentRows < 1) {
            throw new IllegalArgumentException("documentRows: expected at least 1, got " + documentRows);
        }
    }

    /// By operations alone.
    public ScoreOptions(boolean rowScores, boolean moduleScores, boolean norms, int documentRows) {
        this(rowScores, moduleScores, norms, documentRows, 0);
    }

    /// For short documents, by operations alone.
    public ScoreOptions(boolean rowScores, boolean moduleScores, boolean norms) {
        this(rowScores, moduleScores, norms, SHORT);
    }

    /// Scores only.
    public static ScoreOptions scoresOnly() {
        return new ScoreOptions(false, false, false);
    }
}
