package dev.wellspring.cli.report;

import java.util.List;

/// What a report says in words.
///
/// @param title the heading
/// @param lead what the report is about, a paragraph each
/// @param warnings what a reader should not overlook
/// @param leftOut what the scores do not cover, a sentence each
/// @param method how the numbers are to be read, a paragraph each
public record Overview(
        String title, List<String> lead, List<String> warnings, List<String> leftOut, List<String> method) {
    /// What every report says about its numbers.
    public static List<String> method(String damping) {
        return List.of(
                "Influence is the inner product of a document's gradient with the gradient of the completion's"
                        + " log-likelihood, preconditioned by the model's curvature (damping " + damping
                        + "). A score of 1 says: give the document one unit of weight more in training, and the"
                        + " completion gains one nat of log-probability, to first order.",
                "Positive: training more on the document makes the completion likelier. Negative: it makes it less"
                        + " likely. Only the completion counts; the prompt is its context.",
                "Per nat: divided by the completion's loss, −ln p(completion | prompt), so that queries can be compared."
                        + " Normalised: that, divided by the norm of the document's gradient, so that long or badly"
                        + " predicted documents do not win by size.",
                "Ranks count from 1, the most positive. Equal scores have equal ranks. BM25 ranks by the words that"
                        + " document and query share; length and gradient ranks are the same for every query; 'other'"
                        + " ranks by influence on another query, which says little about this one.");
    }
}
