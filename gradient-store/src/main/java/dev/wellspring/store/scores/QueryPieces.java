package dev.wellspring.store.scores;

import java.util.List;

/// What the tokens of a query spell.
///
/// @param id the query's
/// @param prompt a text for each token of the prompt, special ones included
/// @param completion the same of the completion
public record QueryPieces(String id, List<String> prompt, List<String> completion) {
    /// Copies both lists.
    public QueryPieces {
        prompt = List.copyOf(prompt);
        completion = List.copyOf(completion);
    }

    /// The predictions that the query consists of, of which the last token is no input.
    public int rows() {
        return prompt.size() + completion.size() - 1;
    }
}
