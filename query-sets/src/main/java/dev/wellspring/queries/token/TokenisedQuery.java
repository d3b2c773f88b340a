package dev.wellspring.queries.token;

import dev.wellspring.queries.Query;
import dev.wellspring.queries.QueryKind;
import dev.wellspring.queries.corpus.CorpusException;
import java.util.List;

/// A query in token ids. Prompt and completion are tokenised apart, so that no token spans the boundary: the prompt
/// with the tokenizer's special tokens, the completion without.
///
/// @param query what it was made of
/// @param prompt (P) at least one id: the context
/// @param completion (C) at least one id: what the loss counts
public record TokenisedQuery(Query query, int[] prompt, int[] completion) {
    /// Tokenises one query for a model.
    ///
    /// @param vocabularySize the model's number of ids
    /// @throws CorpusException if prompt or completion come to no ids, an id is outside the model's vocabulary,
    ///     or text is there and no tokenizer
    public static TokenisedQuery of(Query query, Tokenizer tokenizer, int vocabularySize) {
        var vocabulary = new Vocabulary(tokenizer, vocabularySize);
        String origin = query.origin();
        int[] prompt = vocabulary.ids(query.promptTokens(), query.prompt(), true, origin, "prompt");
        int[] completion = vocabulary.ids(query.completionTokens(), query.completion(), false, origin, "completion");
        if (prompt.length == 0) {
            throw CorpusException.at(
                    origin + ":prompt",
                    "at least one token of context",
                    "an empty prompt, to which this tokenizer adds nothing",
                    "give a prompt, as nothing else predicts the completion's first token");
        }
        if (completion.length == 0) {
            throw CorpusException.at(
                    origin + ":completion",
                    "at least one token",
                    "a text that this tokenizer makes none of",
                    "give the text whose likelihood is asked about");
        }
        return new TokenisedQuery(query, prompt, completion);
    }

    /// Tokenises queries for a model, in order.
    public static List<TokenisedQuery> all(List<Query> queries, Tokenizer tokenizer, int vocabularySize) {
        return queries.stream()
                .map(query -> of(query, tokenizer, vocabularySize))
                .toList();
    }

    /// The query's id.
    public String id() {
        return query.id();
    }

    /// The query's kind.
    public QueryKind kind() {
        return query.kind();
    }

    /// The query's family.
    public String family() {
        return query.family();
    }
}
