package dev.wellspring.queries.corpus;

import java.util.Collection;
import java.util.HashSet;
import org.jspecify.annotations.Nullable;

/// The rows of one file in order, read by one thread.
interface Rows extends AutoCloseable {
    /// The next row, or null after the last.
    ///
    /// @throws CorpusException if the file is damaged or the row is not one
    @Nullable
    Fields read();

    /// Passes over up to `count` rows without looking into them, and returns how many there were.
    long skip(long count);

    @Override
    void close();

    /// Closes what an exception leaves without an owner, and returns the exception to throw: it stays the one that is
    /// seen, whatever closing says.
    static RuntimeException closeAfter(RuntimeException failure, Runnable close) {
        try {
            close.run();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    /// Throws unless a table has a column that a document can be made of, and no name stands for two columns.
    static void requireDocuments(String file, Collection<String> columns) {
        if (!columns.contains("text") && !columns.contains("tokens")) {
            throw CorpusException.at(
                    file,
                    "a column text or tokens",
                    columns.isEmpty() ? "no columns" : "the columns " + String.join(", ", columns),
                    "rename the column that holds the documents");
        }
        if (new HashSet<>(columns).size() < columns.size()) {
            throw CorpusException.at(
                    file,
                    "columns of different names",
                    "the columns " + String.join(", ", columns),
                    "rename one of those that share a name");
        }
    }
}
