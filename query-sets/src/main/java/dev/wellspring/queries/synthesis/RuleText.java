package dev.wellspring.queries.synthesis;

import dev.wellspring.queries.task.grid.LadderTask;
import dev.wellspring.queries.task.grid.RuleTrace;
import java.util.List;

/// A rule that is stated and not executed.
///
/// @param wording its name: `code`, `paragraph` or `steps`
record RuleText(String wording, String text) {
    /// The wordings of a rule.
    ///
    /// @param base that numbers are written in, if there are any
    static List<RuleText> of(LadderTask task, int base) {
        return switch (task) {
            case ADDITION -> addition(base);
            case REVERSAL -> reversal();
        };
    }

    /// The code is the published one.
    private static List<RuleText> addition(int base) {
        String paragraph = """
                To add two numbers in base BASE, write one below the other with their last digits in line. Start at \
                the right. Add the two digits and the carry. If the total is less than BASE, write it down and carry \
                0; if not, write down what it has over BASE and carry 1. Go one place to the left, until no digits \
                are left. If there is a carry at the end, write it in front.""";
        String steps = """
                Rule of addition in base BASE.
                1. Let the carry be 0.
                2. Take the last digit of each number, 0 where there is none.
                3. Add both digits and the carry. The total, less BASE if it is BASE or more, is the next digit of \
                the result, from the right.
                4. The new carry is 1 if the total was BASE or more, else 0.
                5. Repeat from 2 until both numbers are used up, then put a remaining carry in front.""";
        String written = Integer.toString(base);
        return List.of(
                new RuleText("code", new RuleTrace(base).rule()),
                new RuleText("paragraph", paragraph.replace("BASE", written)),
                new RuleText("steps", steps.replace("BASE", written)));
    }

    private static List<RuleText> reversal() {
        return List.of(new RuleText("code", """
                        def reverse(letters):
                            result=[]
                            while letters:
                                result.append(letters.pop())
                            return result"""), new RuleText("paragraph", """
                        To reverse a list of letters, strike its last letter and write it down. Strike the letter that \
                        is last now and write it behind the first. Go on until no letter is left. What is written down \
                        is the list in reverse."""), new RuleText("steps", """
                        Rule of reversal.
                        1. Let the result be empty.
                        2. Take the last letter off the list and put it at the end of the result.
                        3. Repeat from 2 until the list is empty."""));
    }
}
