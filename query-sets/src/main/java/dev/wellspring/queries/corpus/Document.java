package dev.wellspring.queries.corpus;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A document as it stands in its file. Of `text` and `tokens` at least one is there; where both are, the ids count.
///
/// @param id the file's own id, or `file:line`
/// @param source where the text came from, for reports
/// @param text the text, which may be empty
/// @param tokens (T) token ids, which may be none
/// @param extras every other column as a JSON object, in the file's order
/// @param origin `file:line`; `file:row` where the format has no lines
public record Document(
        String id,
        @Nullable String source,
        @Nullable String text,
        int @Nullable [] tokens,
        String extras,
        String origin) {
    private static final Set<String> FIELDS = Set.of("id", "source", "text", "tokens");

    static Document of(Fields fields) {
        String id = fields.name("id");
        String text = fields.text("text");
        int[] tokens = fields.ids("tokens");
        if (text == null && tokens == null) {
            throw CorpusException.at(
                    fields.origin(),
                    "a document with text or tokens",
                    "neither",
                    "give it a field text, or a field tokens with token ids");
        }
        return new Document(
                id == null ? fields.origin() : id,
                fields.name("source"),
                text,
                tokens,
                fields.extras(FIELDS),
                fields.origin());
    }
}
