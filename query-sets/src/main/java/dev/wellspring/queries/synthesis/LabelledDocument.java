package dev.wellspring.queries.synthesis;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A document and the truth about it. Every component is a column of the corpus file.
///
/// @param id unique in its corpus
/// @param source the family that made it
/// @param text what a model reads
/// @param task the task it belongs to
/// @param role what it is to the queries of that task
/// @param template the wording, where there are several
/// @param format how it is written out, such as `direct` or `scratchpad`
/// @param skin the vocabulary, where the same problem exists in several
/// @param query the id of the query it answers, where there is one
/// @param coordinates where it lies among its task's problems
/// @param digits features of the digits: pairs by place, number of carries
/// @param answers what it holds that a query may ask for; each stands in the text
public record LabelledDocument(
        String id,
        String source,
        String text,
        String task,
        Role role,
        String template,
        @Nullable String format,
        @Nullable String skin,
        @Nullable String query,
        Map<String, Integer> coordinates,
        Map<String, String> digits,
        List<String> answers) {

    /// A document without format, skin, query, coordinates, digits or answers.
    static LabelledDocument of(String source, long index, String task, Role role, String template, String text) {
        return new LabelledDocument(
                source + "-" + index,
                source,
                text,
                task,
                role,
                template,
                null,
                null,
                null,
                Map.of(),
                Map.of(),
                List.of());
    }

    LabelledDocument withFormat(String format) {
        return new LabelledDocument(
                id, source, text, task, role, template, format, skin, query, coordinates, digits, answers);
    }

    LabelledDocument withQuery(String query) {
        return new LabelledDocument(
                id, source, text, task, role, template, format, skin, query, coordinates, digits, answers);
    }

    /// @param coordinates in the order of the file
    LabelledDocument withCoordinates(Map<String, Integer> coordinates) {
        return new LabelledDocument(
                id, source, text, task, role, template, format, skin, query, coordinates, digits, answers);
    }

    /// @param digits in the order of the file
    LabelledDocument withDigits(Map<String, String> digits) {
        return new LabelledDocument(
                id, source, text, task, role, template, format, skin, query, coordinates, digits, answers);
    }

    LabelledDocument withAnswers(String... answers) {
        return new LabelledDocument(
                id, source, text, task, role, template, format, skin, query, coordinates, digits, List.of(answers));
    }
}
