package dev.wellspring.queries.task.grid;

import dev.wellspring.queries.QueryKind;
import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.task.AnswerText;
import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Grade;
import dev.wellspring.queries.task.Parameter;
import dev.wellspring.queries.task.Parameters;
import dev.wellspring.queries.task.QueryFamily;
import dev.wellspring.queries.task.Span;
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
import java.util.stream.Stream;

/// A whole grid as queries, in which the cells of one or more squares have the role `test`. Cells come by a and then
/// b, and the seed decides the random split only.
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
        int cells = (int) task.cells().count();
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
                        Parameter.choice("split", "what is left out: squares or 30 % at random", "square", "random"),
                        Parameter.of("half-side", HALF_SIDE, "of the published square, 0 to 56"),
                        Parameter.of("squares", "one", "one, three as published, or a,b,r;a,b,r")),
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

    private GeneratedQuery query(Cell cell, AnswerFormat format, String role) {
        return written(cell, format, name() + "-" + cell.a() + "-" + cell.b())
                .coordinate("a", cell.a())
                .coordinate("b", cell.b())
                .splitRole(role)
                .build();
    }

    private GeneratedQuery.Builder written(Cell cell, AnswerFormat format, String id) {
        return switch (task) {
            case ADDITION, BASE9_ADDITION -> new Sum(cell.a(), cell.b(), task.base(), format).query(id, name());
            case MODULAR_ADDITION -> stated(cell, format, id, modular(cell, format));
            case LINEAR_REGRESSION, CHICKENS_AND_RABBITS -> stated(cell, format, id, task.answer(cell));
        };
    }

    private String modular(Cell cell, AnswerFormat format) {
        return format == AnswerFormat.SCRATCHPAD
                ? new Scratchpad(task.base()).modularSum(cell.a(), cell.b(), GridTask.MODULUS)
                : task.answer(cell);
    }

    private GeneratedQuery.Builder stated(Cell cell, AnswerFormat format, String id, String completion) {
        return GeneratedQuery.of(id, QueryKind.REASONING, name())
                .prompt(task.question(cell))
                .completion(completion)
                .answers(task.answer(cell))
                .targetSpan(Span.last("answer", completion, task.answer(cell)))
                .format(format.text());
    }

    private Predicate<Cell> test(long seed, Parameters parameters) {
        if (parameters.text("split").equals("random")) {
            return randomTest(seed);
        }
        List<Square> squares = squares(parameters);
        return cell -> squares.stream().anyMatch(square -> square.contains(cell));
    }

    private List<Square> squares(Parameters parameters) {
        return switch (parameters.text("squares")) {
            case "one" -> List.of(task.square(parameters.integer("half-side", 0, 56)));
            case "three" -> published();
            default -> Square.parse(parameters.text("squares"));
        };
    }

    private List<Square> published() {
        if (task.threeSquares().isEmpty()) {
            throw CorpusException.at(
                    "parameter squares", "one, or squares as a,b,r;a,b,r", "three", "none are published for " + name());
        }
        return task.threeSquares();
    }

    private Predicate<Cell> randomTest(long seed) {
        List<Cell> cells = new ArrayList<>(task.cells().toList());
        Collections.shuffle(cells, Random.from(new SplittableRandom(seed)));
        Set<Cell> training = new HashSet<>(cells.subList(0, cells.size() * TRAINING_PERCENT / 100));
        return cell -> !training.contains(cell);
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
