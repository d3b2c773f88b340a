package dev.wellspring.queries.task.grid;

import dev.wellspring.queries.QueryKind;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Span;
import java.util.Map;

/// A question with its answer written out: prompt and completion of a query, or run together the text of a document.
public sealed interface WorkedProblem permits GridProblem, Reversal, Sum {
    /// How the answer is written out.
    AnswerFormat format();

    /// What stands before the answer.
    String prompt();

    /// The answer written out.
    String completion();

    /// The answer alone, as a grader expects it.
    String answer();

    /// The answer as the completion ends in it.
    default String shown() {
        return answer();
    }

    /// Where the problem lies among others of its task.
    Map<String, Integer> coordinates();

    /// Question and answer with nothing between.
    default String text() {
        return prompt() + completion();
    }

    /// A query for the problem, with the answer and each step line as target spans.
    default GeneratedQuery.Builder query(String id, String family) {
        String completion = completion();
        GeneratedQuery.Builder query = GeneratedQuery.of(id, QueryKind.REASONING, family)
                .prompt(prompt())
                .completion(completion)
                .answers(answer())
                .format(format().text());
        Span.answerAndLines(completion, shown()).forEach(query::targetSpan);
        coordinates().forEach(query::coordinate);
        return query;
    }
}
