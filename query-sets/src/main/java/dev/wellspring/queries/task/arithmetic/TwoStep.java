package dev.wellspring.queries.task.arithmetic;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// `(a + b) * c` or `(a - b) * c`: operands 0 to 20, answer positive.
///
/// @param b negative where the two are subtracted
record TwoStep(int a, int b, int c) implements Problem {
    static final List<Problem> PUBLISHED = List.of(
            new TwoStep(4, 2, 15),
            new TwoStep(8, 3, 12),
            new TwoStep(7, -4, 7),
            new TwoStep(6, -4, 7),
            new TwoStep(3, 3, 15),
            new TwoStep(4, -2, 15),
            new TwoStep(1, 8, 3),
            new TwoStep(5, 9, 13),
            new TwoStep(3, 4, 7),
            new TwoStep(1, 9, 9),
            new TwoStep(6, 8, 17),
            new TwoStep(10, 6, 7),
            new TwoStep(9, 9, 15),
            new TwoStep(10, 4, 13),
            new TwoStep(5, 4, 2),
            new TwoStep(5, 6, 10),
            new TwoStep(6, 10, 6),
            new TwoStep(5, -3, 12),
            new TwoStep(9, 7, 13),
            new TwoStep(8, 8, 17));

    private static final int MAX = 20;

    static Problem draw(RandomGenerator random) {
        int b = random.nextInt(MAX + 1);
        return new TwoStep(random.nextInt(MAX + 1), random.nextBoolean() ? b : -b, random.nextInt(MAX + 1));
    }

    @Override
    public boolean isValid() {
        return a >= 0 && a <= MAX && Math.abs(b) <= MAX && c >= 0 && c <= MAX && answer() > 0;
    }

    @Override
    public int answer() {
        return (a + b) * c;
    }

    @Override
    public String question() {
        return "Calculate the answer: (" + brackets() + ") * " + c;
    }

    @Override
    public String statement() {
        return "The answer to (" + brackets() + ") * " + c + " is " + answer() + ".";
    }

    @Override
    public String solution(Wording words) {
        return words.of("First the brackets: ", "Begin inside: ", "The brackets give ") + brackets() + " = "
                + (a + b) + words.of(". Then the product: ", ", and multiplied: ", "; next, ") + (a + b) + " * " + c
                + " = " + answer() + words.of(". The answer is ", ", so it is ", "; that makes ") + answer() + ".";
    }

    @Override
    public List<String> intermediateAnswers() {
        return List.of(Integer.toString(a + b));
    }

    @Override
    public List<String> steps() {
        return List.of(brackets(), (a + b) + " * " + c);
    }

    @Override
    public Map<String, Integer> operands() {
        Map<String, Integer> operands = new LinkedHashMap<>();
        operands.put("a", a);
        operands.put("b", b);
        operands.put("c", c);
        return operands;
    }

    private String brackets() {
        return a + (b < 0 ? " - " : " + ") + Math.abs(b);
    }
}
