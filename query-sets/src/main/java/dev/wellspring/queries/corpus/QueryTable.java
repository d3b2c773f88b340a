package dev.wellspring.queries.corpus;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The rows of a file of queries, in any of the formats that documents come in. For one thread; close it when done.
public final class QueryTable implements AutoCloseable {
    private final Rows rows;

    /// @param file JSONL, CSV, Parquet or Arrow, by the end of its name
    /// @param label what errors and origins call it
    /// @throws CorpusException if the name says none of these, or the file lacks a column that a query needs
    public QueryTable(Path file, String label) {
        rows = Format.of(file).open(file, label, Content.QUERIES);
    }

    /// The next row, or null after the last. After a row that cannot be read the next one may be.
    ///
    /// @throws CorpusException if the row, or the file from there on, cannot be read
    public @Nullable Fields read() {
        return rows.read();
    }

    @Override
    public void close() {
        rows.close();
    }
}
