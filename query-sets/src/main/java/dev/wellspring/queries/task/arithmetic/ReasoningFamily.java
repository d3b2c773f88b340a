package dev.wellspring.queries.task.arithmetic;

import dev.wellspring.queries.QueryKind;
import dev.wellspring.queries.task.AnswerText;
import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Grade;
import dev.wellspring.queries.task.Parameter;
import dev.wellspring.queries.task.Parameters;
import dev.wellspring.queries.task.QueryFamily;
import dev.wellspring.queries.task.Span;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// One of the three reasoning tasks: the 20 published problems in their order, then generated ones that are none of
/// them, then controls that mirror the first published problems and leave nothing to compute.
public final class ReasoningFamily implements QueryFamily {
    /// How many problems of each task are published.
    public static final int PUBLISHED = 20;

    private static final int MAX_GENERATED = 1000;
    private static final int GENERATED = 80;
    private static final int CONTROLS = 10;
    private static final String REQUEST = "\n\nThink step-by-step.\n\n";

    private final String name;
    private final String purpose;
    private final List<Problem> published;
    private final Function<RandomGenerator, Problem> draw;
    private final Set<String> publishedSteps;
    private final Set<Integer> publishedAnswers;

    private ReasoningFamily(
            String name, String purpose, List<Problem> published, Function<RandomGenerator, Problem> draw) {
        this.name = name;
        this.purpose = purpose;
        this.published = published;
        this.draw = draw;
        this.publishedSteps =
                published.stream().flatMap(problem -> problem.steps().stream()).collect(Collectors.toSet());
        this.publishedAnswers = published.stream().map(Problem::answer).collect(Collectors.toSet());
    }

    /// `(a + b) * c`.
    public static ReasoningFamily twoStepArithmetic() {
        return new ReasoningFamily(
                "two-step-arithmetic",
                "A sum or difference in brackets, times a number: operands 0 to 20, answer positive.",
                TwoStep.PUBLISHED,
                TwoStep::draw);
    }

    /// The slope of the line through two points.
    public static ReasoningFamily slope() {
        return new ReasoningFamily(
                "slope",
                "The slope of the line through two points: coordinates 0 to 100, answer whole.",
                Slope.PUBLISHED,
                Slope::draw);
    }

    /// `ax + b = c`.
    public static ReasoningFamily linearEquation() {
        return new ReasoningFamily(
                "linear-equation",
                "ax + b = c solved for x: coefficients up to 100, answer whole and positive.",
                LinearEquation.PUBLISHED,
                LinearEquation::draw);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public QueryKind kind() {
        return QueryKind.REASONING;
    }

    @Override
    public FamilyDescription describe() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        counts.put("published", published.size());
        counts.put("generated", GENERATED);
        counts.put("controls", CONTROLS);
        return new FamilyDescription(
                purpose,
                "Ruis et al. 2024, arXiv 2411.12580",
                List.of(
                        Parameter.of("generated", GENERATED, "problems beyond the published, 0 to " + MAX_GENERATED),
                        Parameter.of("controls", CONTROLS, "published problems to mirror, 0 to " + published.size())),
                counts);
    }

    @Override
    public Stream<GeneratedQuery> generate(long seed, Parameters parameters) {
        int controls = parameters.integer("controls", 0, published.size());
        List<Problem> generated = generated(seed, parameters.integer("generated", 0, MAX_GENERATED));
        return Stream.of(
                        numbered(published.size())
                                .mapToObj(i -> query(id("published", i), published.get(i - 1), "published")),
                        numbered(generated.size())
                                .mapToObj(i -> query(id("generated", i), generated.get(i - 1), "generated")),
                        numbered(controls).mapToObj(this::control))
                .flatMap(part -> part);
    }

    @Override
    public Grade grade(GeneratedQuery query, String answer) {
        return AnswerText.gradeLastNumber(query.answers().getFirst(), answer);
    }

    /// A problem of the task that has no step in common with any of the published ones, and another answer: where one
    /// of those asks for 4 + 2, this one does not, and where the answer of one is 42, the answer of this is not.
    ///
    /// @param id of the query that asks for it
    /// @param varied whether the solution is worded in one of many ways, instead of the queries' way
    public GeneratedQuery apart(String id, boolean varied, RandomGenerator random) {
        Problem problem = draw.apply(random);
        while (!problem.isValid() || meetsPublished(problem)) {
            problem = draw.apply(random);
        }
        return query(id, problem, "apart", varied ? Wording.drawn(random) : Wording.USUAL);
    }

    private boolean meetsPublished(Problem problem) {
        return publishedAnswers.contains(problem.answer())
                || problem.steps().stream().anyMatch(publishedSteps::contains);
    }

    /// Draws until enough are valid and new.
    private List<Problem> generated(long seed, int count) {
        var random = new SplittableRandom(seed);
        Set<Problem> drawn = new LinkedHashSet<>();
        while (drawn.size() < count) {
            Problem problem = draw.apply(random);
            if (problem.isValid() && !published.contains(problem)) {
                drawn.add(problem);
            }
        }
        return List.copyOf(drawn);
    }

    private GeneratedQuery query(String id, Problem problem, String origin) {
        return query(id, problem, origin, Wording.USUAL);
    }

    private GeneratedQuery query(String id, Problem problem, String origin, Wording words) {
        var query = GeneratedQuery.of(id, QueryKind.REASONING, name)
                .prompt(problem.question() + REQUEST)
                .intermediateAnswers(problem.intermediateAnswers())
                .label("origin", origin);
        return finish(query, problem, problem.solution(words), problem.answer());
    }

    private GeneratedQuery control(int number) {
        Problem problem = published.get(number - 1);
        ControlKind kind = ControlKind.of(number - 1);
        int answer = kind.answer(problem);
        var query = GeneratedQuery.of(id("control", number), QueryKind.CONTROL, name)
                .prompt(kind.question(problem) + REQUEST)
                .controlOf(id("published", number))
                .label("origin", "control")
                .label("control", kind.text());
        return finish(query, problem, "It is given: the answer is " + answer + ".", answer);
    }

    private static GeneratedQuery finish(GeneratedQuery.Builder query, Problem problem, String completion, int number) {
        String answer = Integer.toString(number);
        problem.operands().forEach(query::coordinate);
        return query.completion(completion)
                .answers(answer)
                .targetSpan(Span.last("answer", completion, answer))
                .build();
    }

    private String id(String part, int number) {
        return String.format(Locale.ROOT, "%s-%s-%02d", name, part, number);
    }

    private static IntStream numbered(int count) {
        return IntStream.rangeClosed(1, count);
    }
}
