package dev.wellspring.queries.corpus;

import java.util.Collection;
import java.util.HashSet;

/// What the rows of a table are to be made into.
enum Content {
    DOCUMENTS,
    QUERIES;

    /// Throws unless a table has the columns that its rows need, and no name stands for two columns.
    void require(String file, Collection<String> columns) {
        if (!suffices(columns)) {
            throw CorpusException.at(
                    file,
                    switch (this) {
                        case DOCUMENTS -> "a column text or tokens";
                        case QUERIES -> "the columns prompt and completion";
                    },
                    columns.isEmpty() ? "no columns" : "the columns " + String.join(", ", columns),
                    switch (this) {
                        case DOCUMENTS -> "rename the column that holds the documents";
                        case QUERIES -> "rename the columns that hold the question and its answer";
                    });
        }
        if (new HashSet<>(columns).size() < columns.size()) {
            throw CorpusException.at(
                    file,
                    "columns of different names",
                    "the columns " + String.join(", ", columns),
                    "rename one of those that share a name");
        }
    }

    /// Whether a cell of text holds a JSON list.
    boolean isList(String column, String cell) {
        return switch (this) {
            case DOCUMENTS -> column.equals("tokens");
            case QUERIES -> column.equals("answers") && cell.strip().startsWith("[");
        };
    }

    private boolean suffices(Collection<String> columns) {
        return switch (this) {
            case DOCUMENTS -> columns.contains("text") || columns.contains("tokens");
            case QUERIES -> columns.contains("prompt") && columns.contains("completion");
        };
    }
}
