package dev.wellspring.queries.token;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A document, or a part of one that is longer than the model shall read at once.
///
/// A chunk of T ids predicts all but its first. The parts of a document follow each other, and every later part
/// begins with the last id of the one before, as context: so each id of the document but the first is predicted
/// exactly once, none is lost and none counts twice. What a part does not see is the rest of the text before
/// it.
///
/// @param document the document's id
/// @param part which part, from 1
/// @param parts how many there are
/// @param source the document's source
/// @param tokens (T) at least 2 ids
/// @param lossStart the first prediction that counts: 0, or prompt length − 1 where a prompt comes first
/// @param preview the beginning of the chunk's text in one line, or empty if only ids are known
/// @param extras the document's other columns as a JSON object
/// @param origin `file:line` of the document
public record Chunk(
        String document,
        int part,
        int parts,
        @Nullable String source,
        int[] tokens,
        int lossStart,
        String preview,
        String extras,
        String origin) {

    /// The document's id, with `#part` if there are several parts.
    public String id() {
        return parts == 1 ? document : document + "#" + part;
    }

    /// How many chunks a document becomes.
    ///
    /// @param length the document's number of ids, at least 2
    /// @param maxTokens the most ids in a chunk, at least 2
    static int parts(int length, int maxTokens) {
        return Math.ceilDiv(length - 1, maxTokens - 1);
    }

    /// The ids of one part, from 1.
    static int[] slice(int[] tokens, int maxTokens, int part) {
        int start = (part - 1) * (maxTokens - 1);
        return Arrays.copyOfRange(tokens, start, Math.min(tokens.length, start + maxTokens));
    }
}
