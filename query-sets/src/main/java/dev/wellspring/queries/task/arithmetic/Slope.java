package dev.wellspring.queries.task.arithmetic;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// The slope of the line through two points: coordinates 0 to 100, answer whole, negative ones allowed.
record Slope(int x1, int y1, int x2, int y2) implements Problem {
    static final List<Problem> PUBLISHED = List.of(
            new Slope(94, 62, 95, 19),
            new Slope(73, 19, 74, 93),
            new Slope(79, 47, 80, 25),
            new Slope(51, 81, 60, 18),
            new Slope(13, 5, 12, 87),
            new Slope(95, 3, 94, 26),
            new Slope(92, 21, 5, 21),
            new Slope(10, 81, 8, 97),
            new Slope(62, 31, 61, 53),
            new Slope(41, 23, 18, 92),
            new Slope(90, 20, 94, 64),
            new Slope(96, 89, 24, 17),
            new Slope(18, 62, 13, 57),
            new Slope(5, 27, 6, 84),
            new Slope(58, 78, 57, 59),
            new Slope(94, 6, 91, 72),
            new Slope(9, 41, 14, 51),
            new Slope(43, 47, 41, 17),
            new Slope(93, 28, 74, 47),
            new Slope(71, 100, 65, 64));

    private static final int MAX = 100;

    static Problem draw(RandomGenerator random) {
        return new Slope(
                random.nextInt(MAX + 1), random.nextInt(MAX + 1), random.nextInt(MAX + 1), random.nextInt(MAX + 1));
    }

    @Override
    public boolean isValid() {
        return within(x1) && within(y1) && within(x2) && within(y2) && x1 != x2 && (y2 - y1) % (x2 - x1) == 0;
    }

    @Override
    public int answer() {
        return (y2 - y1) / (x2 - x1);
    }

    @Override
    public String question() {
        return "What is the slope of the line passing through the points " + points() + "?";
    }

    @Override
    public String statement() {
        return "The slope of the line passing through the points " + points() + " is " + answer() + ".";
    }

    @Override
    public String solution(Wording words) {
        return words.of(
                        "The slope is the difference in y over the difference in x: (",
                        "Rise over run: (",
                        "Divide how far it climbs by how far it goes: (")
                + y2 + " - " + y1 + ") / (" + x2 + " - " + x1 + words.of(") = ", "), or ", "), that is ") + (y2 - y1)
                + " / " + (x2 - x1) + " = " + answer() + words.of(". The slope is ", ", so it is ", "; that makes ")
                + answer() + ".";
    }

    @Override
    public List<String> intermediateAnswers() {
        return List.of(Integer.toString(y2 - y1), Integer.toString(x2 - x1));
    }

    @Override
    public List<String> steps() {
        return List.of(y2 + " - " + y1, x2 + " - " + x1, (y2 - y1) + " / " + (x2 - x1));
    }

    @Override
    public Map<String, Integer> operands() {
        Map<String, Integer> operands = new LinkedHashMap<>();
        operands.put("x1", x1);
        operands.put("y1", y1);
        operands.put("x2", x2);
        operands.put("y2", y2);
        return operands;
    }

    private String points() {
        return "(" + x1 + ", " + y1 + ") and (" + x2 + ", " + y2 + ")";
    }

    private static boolean within(int coordinate) {
        return coordinate >= 0 && coordinate <= MAX;
    }
}
