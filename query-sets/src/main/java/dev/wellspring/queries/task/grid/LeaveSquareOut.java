package dev.wellspring.queries.task.grid;

import dev.wellspring.queries.QueryKind;
import dev.wellspring.queries.task.AnswerText;
import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Grade;
import dev.wellspring.queries.task.Parameter;
import dev.wellspring.queries.task.Parameters;
import dev.wellspring.queries.task.QueryFamily;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A whole grid as queries, in which the cells of one or more squares have the role `test`. Cells come in the order of
/// their task, and the seed decides the random and the stripe split only.
public record LeaveSquareOut(GridTask task) implements QueryFamily {
    private static final int HALF_SIDE = 10;
    private static final int TRAINING_PERCENT = 70;

    @Override
    public String name() {
        return "lso-" + task.text();
    }

    @Override
    public QueryKind kind() {
        return QueryKind.REASONING;
    }

    @Override
    public FamilyDescription describe() {
        int cells = task.size();
        int test = (int) task.cells().filter(task.square(HALF_SIDE)::contains).count();
        Map<String, Integer> counts = new LinkedHashMap<>();
        counts.put("train", cells - test);
        counts.put("test", test);
        return new FamilyDescription(
                "Does a model need near cases? The grid of " + task.text() + " with a square left out.",
                "Hu et al. 2024, arXiv 2402.17709, Leave-Square-Out",
                List.of(
                        Parameter.choice(
                                "format",
                                "how answers are written out",
                                task.formats().stream().map(AnswerFormat::text).toArray(String[]::new)),
                        Parameter.choice(
                                "split",
                                "what is left out: squares, 30 % at random, or the rows of the square crossed with as"
                                        + " many random columns",
                                "square",
                                "random",
                                "stripe"),
                        Parameter.of("half-side", HALF_SIDE, "of the published square, 0 to 56"),
                        Parameter.of(
                                "squares",
                                "one",
                                published().keySet().stream()
                                        .collect(Collectors.joining(", ", "one, ", " as published, or a,b,r;a,b,r")))),
                counts);
    }

    @Override
    public Stream<GeneratedQuery> generate(long seed, Parameters parameters) {
        AnswerFormat format = AnswerFormat.of(parameters.text("format"), task.formats());
        Predicate<Cell> test = test(seed, parameters);
        return task.cells().map(cell -> query(cell, format, test.test(cell) ? "test" : "train"));
    }

    @Override
    public Grade grade(GeneratedQuery query, String answer) {
        return switch (task) {
            case ADDITION, MODULAR_ADDITION, BASE9_ADDITION, LINEAR_REGRESSION -> Sum.grade(query, answer);
            case CHICKENS_AND_RABBITS -> gradeFarm(query, answer);
        };
    }

    /// The id of a cell's query.
    public String id(Cell cell) {
        return name() + "-" + cell.a() + "-" + cell.b();
    }

    private GeneratedQuery query(Cell cell, AnswerFormat format, String role) {
        return new GridProblem(task, cell, format)
                .query(id(cell), name())
                .splitRole(role)
                .build();
    }

    private Predicate<Cell> test(long seed, Parameters parameters) {
        int halfSide = parameters.integer("half-side", 0, 56);
        return switch (parameters.text("split")) {
            case "random" -> randomTest(seed);
            case "stripe" -> stripe(seed, task.square(halfSide));
            default -> {
                List<Square> squares = squares(parameters.text("squares"), halfSide);
                yield cell -> squares.stream().anyMatch(square -> square.contains(cell));
            }
        };
    }

    private List<Square> squares(String text, int halfSide) {
        if (text.equals("one")) {
            return List.of(task.square(halfSide));
        }
        List<Square> published = published().get(text);
        return published == null ? Square.parse(text) : published;
    }

    /// The published sets by name: `three`, and `three-` with the number of cells left out.
    private Map<String, List<Square>> published() {
        Map<String, List<Square>> published = new LinkedHashMap<>();
        published.put("three", task.threeSquares().getFirst());
        for (List<Square> squares : task.threeSquares()) {
            published.put("three-" + squares.stream().mapToInt(Square::cells).sum(), squares);
        }
        return published;
    }

    /// As many columns as a square of the half-side has, drawn at random, crossed with the square's rows: each
    /// test cell keeps neighbours along one axis.
    private Predicate<Cell> stripe(long seed, Square square) {
        List<Integer> columns = shuffled(
                seed,
                task.cells().filter(square::containsRow).map(Cell::b).distinct().toList());
        Set<Integer> drawn = new HashSet<>(columns.subList(0, Math.min(square.side(), columns.size())));
        return cell -> square.containsRow(cell) && drawn.contains(cell.b());
    }

    private Predicate<Cell> randomTest(long seed) {
        List<Cell> cells = shuffled(seed, task.cells().toList());
        Set<Cell> training = new HashSet<>(cells.subList(0, cells.size() * TRAINING_PERCENT / 100));
        return cell -> !training.contains(cell);
    }

    private static <T> List<T> shuffled(long seed, List<T> of) {
        List<T> shuffled = new ArrayList<>(of);
        Collections.shuffle(shuffled, Random.from(new SplittableRandom(seed)));
        return shuffled;
    }

    /// Rabbits and chickens are the last two numbers.
    private Grade gradeFarm(GeneratedQuery query, String answer) {
        int a = query.coordinates().getOrDefault("a", 0);
        int b = query.coordinates().getOrDefault("b", 0);
        List<String> expected = task.answerNumbers(new Cell(a, b));
        List<String> found = AnswerText.numbers(answer);
        if (found.size() < 2) {
            return Grade.unreadable("expected " + String.join(" and ", expected) + ", found fewer than two numbers");
        }
        return AnswerText.graded(
                String.join(" and ", expected), String.join(" and ", found.subList(found.size() - 2, found.size())));
    }
}
