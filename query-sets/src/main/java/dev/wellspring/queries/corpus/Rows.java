package dev.wellspring.queries.corpus;

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
}
