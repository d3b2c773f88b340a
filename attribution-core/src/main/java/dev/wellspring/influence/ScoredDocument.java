package dev.wellspring.influence;

import dev.wellspring.rank.Rankable;
import org.jspecify.annotations.Nullable;

/// One document, or one numbered chunk of a long one, and its influence on every query.
///
/// @param document the document's id
/// @param part the number of the chunk, from 0
/// @param source where the document comes from, if the corpus says so
/// @param tokens the number of tokens: one more than the rows that have a loss
/// @param loss Σ −ln p over those rows, in nats
/// @param gradientNorm the Euclidean norm of the document's gradient over the tracked modules
/// @param preview the beginning of the text, for people
/// @param extras the corpus's other columns as one JSON object, `{}` if there are none
/// @param scores (queries) raw influence, in nats per unit weight of the document
public record ScoredDocument(
        String document,
        int part,
        @Nullable String source,
        int tokens,
        double loss,
        double gradientNorm,
        String preview,
        String extras,
        double[] scores)
        implements Rankable {}
