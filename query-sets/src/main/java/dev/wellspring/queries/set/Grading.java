package dev.wellspring.queries.set;

import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.corpus.Fields;
import dev.wellspring.queries.corpus.JsonLines;
import dev.wellspring.queries.task.AnswerText;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Grade;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Grades answers: by the query's family, or for families that are not built in by mention of an answer.
public final class Grading {
    private Grading() {}

    /// One answer and what it is worth.
    public record Graded(GeneratedQuery query, Grade grade) {}

    /// Grades one answer.
    public static Grade grade(GeneratedQuery query, String answer) {
        List<String> answers = query.answers().isEmpty() ? List.of(query.completion()) : query.answers();
        return Families.find(query.family())
                .map(family -> family.grade(query, answer))
                .orElseGet(() -> AnswerText.gradeMention(answers, answer));
    }

    /// Grades a file of answers, JSON Lines with `id` and `answer`, in its order. A query may have several
    /// answers, or none.
    ///
    /// @throws CorpusException if a line has no such fields, or an id that is none of the set's
    public static List<Graded> grade(List<GeneratedQuery> queries, Path answers) {
        if (!Files.isRegularFile(answers)) {
            throw CorpusException.at(answers.toString(), "a file", "none", "check the path");
        }
        Map<String, GeneratedQuery> byId = new LinkedHashMap<>();
        queries.forEach(query -> byId.put(query.id(), query));
        List<Graded> graded = new ArrayList<>();
        try (var lines = new JsonLines(answers, String.valueOf(answers.getFileName()))) {
            for (Fields row = lines.read(); row != null; row = lines.read()) {
                graded.add(grade(row, byId));
            }
        }
        return List.copyOf(graded);
    }

    private static Graded grade(Fields row, Map<String, GeneratedQuery> byId) {
        String id = row.name("id");
        GeneratedQuery query = id == null ? null : byId.get(id);
        if (query == null) {
            throw row.wrong(
                    "id",
                    "the id of a query of the set",
                    id == null ? "nothing" : "\"" + id + "\"",
                    "correct it, or name the set that the answers belong to");
        }
        String answer = row.text("answer");
        if (answer == null) {
            throw row.wrong("answer", "a text", "nothing", "add what was answered, be it empty");
        }
        return new Graded(query, grade(query, answer));
    }
}
