package dev.wellspring.queries.token;

import dev.wellspring.queries.corpus.CorpusException;
import org.jspecify.annotations.Nullable;

/// From text or given ids to ids that the model knows.
///
/// @param size the model's number of ids
record Vocabulary(Tokenizer tokenizer, int size) {
    /// Throws unless the model knows all of the ids that a file gives.
    int[] requireGiven(int[] ids, String where) {
        int index = firstOutside(ids);
        if (index >= 0) {
            throw CorpusException.at(
                    where,
                    "ids from 0 to " + (size - 1) + " (vocab_size in the model's config.json)",
                    ids[index] + " at index " + index,
                    "give the ids of this model's tokenizer");
        }
        return ids;
    }

    /// Throws unless the model knows all of the ids that the tokenizer makes of a text.
    int[] requireTokenised(int[] ids, String where) {
        int index = firstOutside(ids);
        if (index >= 0) {
            throw CorpusException.at(
                    where,
                    "ids from 0 to " + (size - 1) + " (vocab_size in the model's config.json)",
                    "the id " + ids[index] + " from " + tokenizer.file(),
                    "use the tokenizer that the model was trained with");
        }
        return ids;
    }

    /// The ids as given, or those of the text.
    int[] ids(int @Nullable [] given, @Nullable String text, boolean addSpecialTokens, String origin, String field) {
        if (given != null) {
            return requireGiven(given, origin + ":" + field + "_tokens");
        }
        if (text == null) {
            throw new IllegalArgumentException(origin + ": expected ids or text for " + field + ", got neither");
        }
        return requireTokenised(tokenizer.encode(text, addSpecialTokens), origin + ":" + field);
    }

    private int firstOutside(int[] ids) {
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= size) {
                return i;
            }
        }
        return -1;
    }
}
