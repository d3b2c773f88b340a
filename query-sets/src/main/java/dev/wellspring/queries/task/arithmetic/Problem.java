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

    /// The same surface with the answer in it, so that only reading is left.
    String givenAway();

    /// The steps in words, ending in the answer.
    String solution();

    /// Results of the steps before the last.
    List<String> intermediateAnswers();

    /// The operands by name.
    Map<String, Integer> operands();
}
