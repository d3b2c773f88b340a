package dev.wellspring.queries.corpus;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A document as it stands in its file: a text, or a prompt with the completion that follows it. Of `text` and `tokens`
/// at
/// least one is there; where both are, the ids count.
///
/// @param id the file's own id, or `file:line`
/// @param source where the text came from, for reports
/// @param prompt what stands before and is only read, never predicted; null for a text
/// @param text the text, or the completion, which may be empty
/// @param tokens (T) token ids of the same, which may be none
/// @param extras every other column as a JSON object, in the file's order
/// @param origin `file:line`; `file:row` where the format has no lines
public record Document(
        String id,
        @Nullable String source,
        @Nullable Prompt prompt,
        @Nullable String text,
        int @Nullable [] tokens,
        String extras,
        String origin) {
    private static final Set<String> FIELDS = Set.of("id", "source", "text", "tokens");
    private static final List<String> PROMPTED = List.of("prompt", "completion", "prompt_tokens", "completion_tokens");

    /// What stands before a completion.
    ///
    /// @param text the text, where there is one
    /// @param tokens its ids, where there are
    public record Prompt(@Nullable String text, int @Nullable [] tokens) {}

    /// A text.
    public Document(
            String id,
            @Nullable String source,
            @Nullable String text,
            int @Nullable [] tokens,
            String extras,
            String origin) {
        this(id, source, null, text, tokens, extras, origin);
    }

    static Document of(Fields fields) {
        String text = fields.text("text");
        int[] tokens = fields.ids("tokens");
        if (text != null || tokens != null) {
            return new Document(
                    id(fields), fields.name("source"), text, tokens, fields.extras(FIELDS), fields.origin());
        }
        return prompted(fields);
    }

    private static Document prompted(Fields fields) {
        var prompt = new Prompt(fields.text("prompt"), fields.ids("prompt_tokens"));
        String completion = fields.text("completion");
        int[] tokens = fields.ids("completion_tokens");
        boolean byIds = prompt.tokens() != null && tokens != null;
        if (!byIds && (prompt.text() == null || completion == null)) {
            throw CorpusException.at(
                    fields.origin(),
                    "a document with text or tokens, or with prompt and completion",
                    "neither",
                    "give it a field text, or a field tokens with token ids");
        }
        Set<String> known = new HashSet<>(FIELDS);
        known.addAll(PROMPTED);
        return new Document(
                id(fields),
                fields.name("source"),
                byIds ? prompt : new Prompt(prompt.text(), null),
                completion,
                byIds ? tokens : null,
                fields.extras(known),
                fields.origin());
    }

    private static String id(Fields fields) {
        String id = fields.name("id");
        return id == null ? fields.origin() : id;
    }
}
