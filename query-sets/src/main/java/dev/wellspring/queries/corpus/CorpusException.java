package dev.wellspring.queries.corpus;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Bad input: documents, queries or a tokenizer that the user can put right. The message is one line that says where,
/// what was expected, what was found and what to do.
public final class CorpusException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private CorpusException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /// @param where the file, the line and the field, as far as they are known: `documents.jsonl:3:tokens`
    /// @param expected what should stand there
    /// @param found what does
    /// @param remedy what to do, in the imperative
    public static CorpusException at(String where, String expected, String found, String remedy) {
        return at(where, expected, found, remedy, null);
    }

    /// The same, with what brought it to light.
    public static CorpusException at(
            String where, String expected, String found, String remedy, @Nullable Throwable cause) {
        String message = "%s: expected %s, found %s; %s".formatted(where, expected, found, remedy);
        return new CorpusException(message.replaceAll("\\s*\\R\\s*", " ").strip(), cause);
    }

    /// A file that the system does not give us.
    ///
    /// @param where the file
    public static CorpusException unreadable(String where, IOException cause) {
        String found = cause.getClass().getSimpleName() + " (" + cause.getMessage() + ")"; // often only a path
        return at(where, "a file that can be read", found, "check its permissions and its disk", cause);
    }
}
