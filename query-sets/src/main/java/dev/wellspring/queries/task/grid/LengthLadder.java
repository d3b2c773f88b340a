package dev.wellspring.queries.task.grid;

import dev.wellspring.queries.QueryKind;
import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Grade;
import dev.wellspring.queries.task.Parameter;
import dev.wellspring.queries.task.Parameters;
import dev.wellspring.queries.task.QueryFamily;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Problems of length n, for n from 1 to 15: the shorter ones have the role `train`. They come by length; a length
/// that has fewer different problems than asked for gives all of them.
public record LengthLadder(LadderTask task) implements QueryFamily {
    /// The longest problems.
    public static final int MAX_LENGTH = 15;

    private static final int TRAINED_TO = 5;
    private static final int PER_LENGTH = 100;
    private static final int MAX_PER_LENGTH = 10_000;
    private static final int DECIMAL = 10;

    @Override
    public String name() {
        return task.family();
    }

    @Override
    public QueryKind kind() {
        return QueryKind.REASONING;
    }

    @Override
    public FamilyDescription describe() {
        int shortest = (int) Math.min(PER_LENGTH, task.count(1, DECIMAL));
        Map<String, Integer> counts = new LinkedHashMap<>();
        counts.put("train", shortest + PER_LENGTH * (TRAINED_TO - 1));
        counts.put("test", PER_LENGTH * (MAX_LENGTH - TRAINED_TO));
        return new FamilyDescription(
                switch (task) {
                    case ADDITION ->
                        "Does a rule carry over to longer numbers? Addition digit by digit, trained short and tested"
                                + " long.";
                    case REVERSAL ->
                        "Does a rule carry over to longer lists? Letters in reverse, trained short and tested long.";
                },
                switch (task) {
                    case ADDITION -> "Hu et al. 2024, arXiv 2402.17709, Rule-Following Fine-Tuning";
                    case REVERSAL -> "the length ladders of Hu et al. 2024, arXiv 2402.17709, without numbers";
                },
                parameters(),
                counts);
    }

    private List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>();
        parameters.add(Parameter.choice(
                "format",
                "how answers are written out",
                task.formats().stream().map(AnswerFormat::text).toArray(String[]::new)));
        if (task == LadderTask.ADDITION) {
            parameters.add(Parameter.choice("base", "that the numbers are written in", "10", "9"));
        }
        parameters.add(Parameter.of("min-" + task.unit(), 1, "the shortest, 1 to " + MAX_LENGTH));
        parameters.add(Parameter.of("max-" + task.unit(), MAX_LENGTH, "the longest, 1 to " + MAX_LENGTH));
        parameters.add(Parameter.of("trained-to", TRAINED_TO, "the longest with the role train, 0 to " + MAX_LENGTH));
        parameters.add(Parameter.of("per-length", PER_LENGTH, "problems per length, 1 to " + MAX_PER_LENGTH));
        return parameters;
    }

    @Override
    public Stream<GeneratedQuery> generate(long seed, Parameters parameters) {
        AnswerFormat format = AnswerFormat.of(parameters.text("format"), task.formats());
        int base = task == LadderTask.ADDITION ? Integer.parseInt(parameters.text("base")) : DECIMAL;
        String unit = task.unit();
        int min = parameters.integer("min-" + unit, 1, MAX_LENGTH);
        int max = parameters.integer("max-" + unit, 1, MAX_LENGTH);
        int trainedTo = parameters.integer("trained-to", 0, MAX_LENGTH);
        int perLength = parameters.integer("per-length", 1, MAX_PER_LENGTH);
        if (min > max) {
            throw CorpusException.at(
                    "parameter min-" + unit, "at most max-" + unit + ", " + max, Integer.toString(min), "lower it");
        }
        return IntStream.rangeClosed(min, max).boxed().flatMap(length -> {
            List<WorkedProblem> problems = problems(seed, length, perLength, base, format);
            return IntStream.range(0, problems.size())
                    .mapToObj(i -> query(problems.get(i), length, i + 1, length <= trainedTo ? "train" : "test"));
        });
    }

    @Override
    public Grade grade(GeneratedQuery query, String answer) {
        return switch (task) {
            case ADDITION -> Sum.grade(query, answer);
            case REVERSAL -> Reversal.grade(query, answer);
        };
    }

    private GeneratedQuery query(WorkedProblem problem, int length, int number, String role) {
        String id = String.format(Locale.ROOT, "%s-%02d-%03d", name(), length, number);
        return problem.query(id, name()).splitRole(role).build();
    }

    /// Different problems of one length. Each length has a seed of its own, so that it does not depend on the others.
    private List<WorkedProblem> problems(long seed, int length, int count, int base, AnswerFormat format) {
        var random = new SplittableRandom(seed * (MAX_LENGTH + 1) + length);
        Set<WorkedProblem> drawn = new LinkedHashSet<>();
        while (drawn.size() < Math.min(count, task.count(length, base))) {
            drawn.add(task.draw(length, base, format, random));
        }
        return List.copyOf(drawn);
    }
}
