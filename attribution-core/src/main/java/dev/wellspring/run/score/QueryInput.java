package dev.wellspring.run.score;

/// One question to attribute, as token ids.
///
/// @param id unique
/// @param kind factual, reasoning or control
/// @param family the task it belongs to
/// @param prompt for people, may be empty
/// @param completion for people, may be empty
/// @param promptTokens the context, at least one
/// @param completionTokens what is attributed, at least one
/// @param extras the file's other fields, a JSON object
public record QueryInput(
        String id,
        String kind,
        String family,
        String prompt,
        String completion,
        int[] promptTokens,
        int[] completionTokens,
        String extras) {}
