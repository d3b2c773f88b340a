package dev.wellspring.queries.set;

import dev.wellspring.queries.QueryKind;
import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.corpus.Fields;
import dev.wellspring.queries.corpus.QueryTable;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Grade;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads queries from JSONL, CSV, Parquet or Arrow, and says of each row that it rejects why. Nothing is repaired: a
/// row is taken as it is or not at all.
public final class QueryImport {
    private final Defaults defaults;
    private final Map<String, GeneratedQuery> accepted = new LinkedHashMap<>();
    private final Map<String, String> origins = new HashMap<>();
    private final List<String> rejected = new ArrayList<>();

    private QueryImport(Defaults defaults) {
        this.defaults = defaults;
    }

    /// What holds for rows that do not say.
    ///
    /// @param kind for rows without one, or null if each must have its own
    /// @param family for rows without one
    public record Defaults(@Nullable QueryKind kind, String family) {}

    /// What became of a file's rows.
    ///
    /// @param accepted the queries, in the file's order
    /// @param rejected one line for each other row: where, what was expected, what was found, what to do
    public record Report(List<GeneratedQuery> accepted, List<String> rejected) {
        /// Copies the lists.
        public Report {
            accepted = List.copyOf(accepted);
            rejected = List.copyOf(rejected);
        }
    }

    /// Reads every row of a file.
    ///
    /// @throws CorpusException if the file is missing, of no known format, damaged, or lacks a column
    public static Report read(Path file, Defaults defaults) {
        if (!Files.isRegularFile(file)) {
            throw CorpusException.at(file.toString(), "a file", "none", "check the path");
        }
        var made = new QueryImport(defaults);
        try (var table = new QueryTable(file, String.valueOf(file.getFileName()))) {
            made.all(table);
        }
        made.rejectOrphans();
        return new Report(List.copyOf(made.accepted.values()), made.rejected);
    }

    private void all(QueryTable table) {
        boolean more = true;
        while (more) {
            try {
                Fields row = table.read();
                more = row != null;
                if (row != null) {
                    accept(row);
                }
            } catch (CorpusException e) {
                String reason = String.valueOf(e.getMessage());
                if (!rejected.isEmpty() && rejected.getLast().equals(reason)) {
                    throw e; // the same again: the file cannot be read from there on
                }
                rejected.add(reason);
            }
        }
    }

    private void accept(Fields row) {
        GeneratedQuery query = QueryJson.read(row, defaults);
        String first = origins.get(query.id());
        if (first != null) {
            throw row.wrong("id", "an id of its own", "\"" + query.id() + "\" as in " + first, "rename one of the two");
        }
        requireRightCompletion(row, query);
        origins.put(query.id(), row.origin());
        accepted.put(query.id(), query);
    }

    /// A family's own queries are right by its own grader; others may have any completion, as a model's own has.
    private static void requireRightCompletion(Fields row, GeneratedQuery query) {
        if (Families.find(query.family()).isEmpty()) {
            return;
        }
        if (query.answers().isEmpty()) {
            throw row.wrong(
                    "answers", "at least one", "none", "add it, as the family " + query.family() + " grades by it");
        }
        Grade grade = Grading.grade(query, query.completion());
        if (grade.verdict() != Grade.Verdict.RIGHT) {
            throw row.wrong(
                    "completion",
                    "a right answer, as the family is " + query.family(),
                    grade.reason(),
                    "correct it, or name a family of your own");
        }
    }

    /// A control without what it mirrors says nothing.
    private void rejectOrphans() {
        List<GeneratedQuery> orphans = accepted.values().stream()
                .filter(query -> query.controlOf() != null && !origins.containsKey(query.controlOf()))
                .toList();
        for (GeneratedQuery orphan : orphans) {
            accepted.remove(orphan.id());
            rejected.add(CorpusException.at(
                            origins.get(orphan.id()) + ":control_of",
                            "the id of another query of the file",
                            "\"" + orphan.controlOf() + "\"",
                            "correct it, or add the query")
                    .getMessage());
        }
    }
}
