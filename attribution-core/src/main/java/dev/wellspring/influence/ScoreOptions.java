package dev.wellspring.influence;

/// What is wanted beside the scores.
///
/// @param rowScores the share of every row, which adds up to its document's score
/// @param moduleScores the share of every module
/// @param norms ‖G_d‖² over the modules of the block
public record ScoreOptions(boolean rowScores, boolean moduleScores, boolean norms) {
    /// Scores only.
    public static ScoreOptions scoresOnly() {
        return new ScoreOptions(false, false, false);
    }
}
