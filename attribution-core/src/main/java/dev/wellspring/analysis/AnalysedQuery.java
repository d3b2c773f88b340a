package dev.wellspring.analysis;

import org.jspecify.annotations.Nullable;

/// What the analyses need to know of a query.
///
/// @param id unique among those of a run
/// @param kind factual, reasoning or control
/// @param family the task it belongs to
/// @param loss −ln p(completion | prompt), nats
/// @param controlOf the id of the query that it is a control of, if it is one
public record AnalysedQuery(
        String id,
        String kind,
        String family,
        double loss,
        @Nullable String controlOf) {}
