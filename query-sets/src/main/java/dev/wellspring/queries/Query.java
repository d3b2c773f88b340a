package dev.wellspring.queries;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A query as it stands in its file: how likely was this completion after this prompt, and which documents made
/// it so? Of text and ids at least one is there, for the prompt and for the completion; where both are, the ids
/// count.
///
/// @param id unique in its file
/// @param family queries that ask the same in other words or numbers
/// @param prompt the context, whose own likelihood does not count
/// @param completion the text whose likelihood is attributed, not empty
/// @param promptTokens (P) token ids, at least one
/// @param completionTokens (C) token ids, at least one
/// @param answers strings to search documents for
/// @param controlOf the id of the query that this one is the control of
/// @param extras every other field as a JSON object, in the file's order
/// @param origin `file:line`
public record Query(
        String id,
        QueryKind kind,
        String family,
        @Nullable String prompt,
        @Nullable String completion,
        int @Nullable [] promptTokens,
        int @Nullable [] completionTokens,
        List<String> answers,
        @Nullable String controlOf,
        String extras,
        String origin) {}
