package dev.wellspring.queries.corpus;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/// What the rows of a table are to be made into.
enum Content {
    DOCUMENTS,
    QUERIES,
    /// Either of the two, as it stands.
    RECORDS;

    private static final Set<String> STRUCTURED = Set.of(
            "tokens",
            "prompt_tokens",
            "completion_tokens",
            "answers",
            "intermediate_answers",
            "target_spans",
            "coordinates",
            "digits",
            "labels");

    /// Throws unless a table has the columns that its rows need, and no name stands for two columns.
    void require(String file, Collection<String> columns) {
        if (!suffices(columns)) {
            throw CorpusException.at(
                    file,
                    switch (this) {
                        case DOCUMENTS -> "a column text or tokens";
                        case QUERIES -> "the columns prompt and completion";
                        case RECORDS -> "a column text or tokens, or the columns prompt and completion";
                    },
                    columns.isEmpty() ? "no columns" : "the columns " + String.join(", ", columns),
                    switch (this) {
                        case DOCUMENTS -> "rename the column that holds the documents";
                        case QUERIES -> "rename the columns that hold the question and its answer";
                        case RECORDS -> "rename the columns that hold documents or queries";
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

    /// Whether a cell of text holds a JSON list, or an object.
    boolean isJson(String column, String cell) {
        return switch (this) {
            case DOCUMENTS -> column.equals("tokens");
            case QUERIES -> column.equals("answers") && cell.strip().startsWith("[");
            case RECORDS -> STRUCTURED.contains(column) && cell.strip().matches("(?s)[\\[{].*");
        };
    }

    private boolean suffices(Collection<String> columns) {
        return switch (this) {
            case DOCUMENTS -> columns.contains("text") || columns.contains("tokens");
            case QUERIES -> columns.contains("prompt") && columns.contains("completion");
            case RECORDS -> DOCUMENTS.suffices(columns) || QUERIES.suffices(columns);
        };
    }
}
