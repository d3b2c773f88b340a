package dev.wellspring.queries.task.arithmetic;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What a control asks: it looks like mathematics, and there is nothing to compute. The published controls state a
/// slope and ask for it, state how many roses there are and ask how many, and ask which number stands in brackets.
enum ControlKind {
    /// The mirrored problem with its answer stated.
    STATED {
        @Override
        String question(Problem problem) {
            return problem.statement() + " " + problem.question();
        }

        @Override
        int answer(Problem problem) {
            return problem.answer();
        }
    },
    /// How many there are of what was counted.
    COUNTED {
        @Override
        String question(Problem problem) {
            List<Integer> operands = magnitudes(problem);
            return "In a vase there are " + operands.getLast() + " roses and " + operands.getFirst()
                    + " tulips. How many roses are there in the vase?";
        }

        @Override
        int answer(Problem problem) {
            return magnitudes(problem).getLast();
        }
    },
    /// Which of the operands stands in brackets.
    BRACKETED {
        @Override
        String question(Problem problem) {
            List<Integer> operands = magnitudes(problem);
            String listed = IntStream.range(0, operands.size())
                    .mapToObj(i -> i == BRACKETED_OPERAND
                            ? "(" + operands.get(i) + ")"
                            : operands.get(i).toString())
                    .collect(Collectors.joining(" "));
            return "Which number stands between the brackets? " + listed;
        }

        @Override
        int answer(Problem problem) {
            return magnitudes(problem).get(BRACKETED_OPERAND);
        }
    };

    private static final int BRACKETED_OPERAND = 1;

    /// The kind of a control, from 0: each in turn.
    static ControlKind of(int control) {
        return values()[control % values().length];
    }

    /// The name in files: lower case.
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// What is asked, with what is needed to answer it.
    abstract String question(Problem problem);

    /// The number that the question holds and asks for.
    abstract int answer(Problem problem);

    private static List<Integer> magnitudes(Problem problem) {
        return problem.operands().values().stream().map(Math::abs).toList();
    }
}
