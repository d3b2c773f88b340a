package dev.wellspring.gradient;

import org.jspecify.annotations.Nullable;

/// What a store keeps of a document, or of a numbered chunk of a long one, beside its gradient: enough to show it, and
/// to put it through the model again.
///
/// @param document its id
/// @param part the number of the chunk, from 0
/// @param source where it comes from, if the corpus says so
/// @param tokens its token ids, at least two
/// @param loss Σ −ln p over its rows, in nats
/// @param gradientNorm ‖G_d‖ over the stored modules, before anything was left out
/// @param error ‖C − Ĉ‖ / ‖C‖ over all modules, what precision and factors cost; 0 for a zero gradient
/// @param preview the beginning of the text, for people
/// @param extras the corpus's other columns, a JSON object
public record StoredDocument(
        String document,
        int part,
        @Nullable String source,
        int[] tokens,
        double loss,
        double gradientNorm,
        double error,
        String preview,
        String extras) {}
