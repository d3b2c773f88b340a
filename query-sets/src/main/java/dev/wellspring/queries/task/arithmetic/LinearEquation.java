package dev.wellspring.queries.task.arithmetic;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// `ax + b = c` solved for x: coefficients 0 to 100, answer whole and positive.
record LinearEquation(int a, int b, int c) implements Problem {
    static final List<Problem> PUBLISHED = List.of(
            new LinearEquation(1, 22, 92),
            new LinearEquation(8, 16, 32),
            new LinearEquation(14, 1, 99),
            new LinearEquation(1, 3, 89),
            new LinearEquation(1, 9, 12),
            new LinearEquation(9, 9, 45),
            new LinearEquation(5, 21, 91),
            new LinearEquation(2, 37, 53),
            new LinearEquation(37, 46, 83),
            new LinearEquation(18, 5, 77),
            new LinearEquation(1, 23, 91),
            new LinearEquation(1, 45, 56),
            new LinearEquation(1, 14, 89),
            new LinearEquation(6, 8, 68),
            new LinearEquation(4, 24, 44),
            new LinearEquation(2, 76, 84),
            new LinearEquation(4, 56, 100),
            new LinearEquation(1, 67, 75),
            new LinearEquation(15, 21, 51),
            new LinearEquation(3, 59, 65));

    private static final int MAX = 100;

    static Problem draw(RandomGenerator random) {
        return new LinearEquation(random.nextInt(1, MAX + 1), random.nextInt(MAX + 1), random.nextInt(1, MAX + 1));
    }

    @Override
    public boolean isValid() {
        return a >= 1 && a <= MAX && b >= 0 && b <= MAX && c <= MAX && c > b && (c - b) % a == 0;
    }

    @Override
    public int answer() {
        return (c - b) / a;
    }

    @Override
    public String question() {
        return "Solve for x: " + equation();
    }

    @Override
    public String statement() {
        return "The x in " + equation() + " is " + answer() + ".";
    }

    @Override
    public String solution(Wording words) {
        return words.of("Subtract ", "Take away ", "Both sides lose ") + b
                + words.of(" from both sides: ", ": ", ", so ")
                + term() + " = " + c + " - " + b + " = " + (c - b)
                + words.of(". Divide both sides by ", ", divided by ", "; shared among ") + a + ": x = " + (c - b)
                + " / " + a + " = " + answer() + words.of(". So x = ", ", hence x = ", "; that makes x = ") + answer()
                + ".";
    }

    @Override
    public List<String> intermediateAnswers() {
        return List.of(Integer.toString(c - b));
    }

    @Override
    public List<String> steps() {
        return List.of(c + " - " + b, (c - b) + " / " + a);
    }

    @Override
    public Map<String, Integer> operands() {
        Map<String, Integer> operands = new LinkedHashMap<>();
        operands.put("a", a);
        operands.put("b", b);
        operands.put("c", c);
        return operands;
    }

    private String equation() {
        return term() + " + " + b + " = " + c;
    }

    private String term() {
        return a == 1 ? "x" : a + "x";
    }
}
