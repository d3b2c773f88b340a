package dev.wellspring.queries.task.arithmetic;

import java.util.List;
import java.util.Map;

/// A problem with a whole-number answer and a worked solution.
sealed interface Problem permits TwoStep, Slope, LinearEquation {
    /// Whether it keeps to the published ranges and has an answer of the published kind.
    boolean isValid();

    /// The whole-number answer.
    int answer();

    /// What is asked, without the request to think.
    String question();

    /// The answer as a statement, which is what a control states before it asks for it.
    String statement();

    /// The steps in words, ending in the answer.
    String solution(Wording words);

    /// Results of the steps before the last.
    List<String> intermediateAnswers();

    /// The computations of the solution as they are written, such as `4 + 2`.
    List<String> steps();

    /// The operands by name, in the order of the question.
    Map<String, Integer> operands();
}
