package dev.wellspring.queries.synthesis;

import dev.wellspring.queries.QueryKind;
import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Parameter;
import dev.wellspring.queries.task.Parameters;
import dev.wellspring.queries.task.QueryFamily;
import dev.wellspring.queries.task.arithmetic.ReasoningFamily;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The answers to the published reasoning queries, planted: with them a finding that answers are not looked up means
/// that they could have been.
final class ReasoningAnswers implements DocumentFamily {
    private static final String SOLUTION = "solution";

    @Override
    public String name() {
        return "reasoning-answers";
    }

    @Override
    public FamilyDescription describe() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        List<Planted> planted = planted(ReasoningTasks.all(), ReasoningFamily.PUBLISHED);
        for (Role role : List.of(Role.ANSWER_FACT, Role.INTERMEDIATE_FACT)) {
            counts.put(role.label(), (int)
                    planted.stream().filter(one -> one.role == role).count());
        }
        return new FamilyDescription(
                "Every published reasoning query with its answer, or with a result on the way.",
                "Ruis et al. 2024, arXiv 2411.12580",
                List.of(
                        ReasoningTasks.parameter(),
                        Parameter.of(
                                "planted",
                                ReasoningFamily.PUBLISHED,
                                "of each task's published queries, the first so many, 1 to "
                                        + ReasoningFamily.PUBLISHED),
                        Parameter.choice(
                                "form",
                                "answer: the question and its answer. solution: the query's own prompt and completion",
                                "answer",
                                SOLUTION)),
                counts);
    }

    @Override
    public Documents documents(long seed, Parameters parameters) {
        int planted = parameters.integer("planted", 1, ReasoningFamily.PUBLISHED);
        return new Answers(
                seed,
                planted(ReasoningTasks.chosen(parameters), planted),
                parameters.text("form").equals(SOLUTION));
    }

    /// @param first how many of each task's queries
    private static List<Planted> planted(List<ReasoningFamily> tasks, int first) {
        List<Planted> planted = new ArrayList<>();
        for (QueryFamily family : tasks) {
            published(family).limit(first).forEach(query -> {
                planted.add(new Planted(query, Role.ANSWER_FACT, query.answers().getFirst()));
                query.intermediateAnswers()
                        .forEach(result -> planted.add(new Planted(query, Role.INTERMEDIATE_FACT, result)));
            });
        }
        return List.copyOf(planted);
    }

    private static Stream<GeneratedQuery> published(QueryFamily family) {
        return family.generate(0, family.describe().parameters(Map.of("generated", "0", "controls", "0")))
                .filter(query -> query.kind() == QueryKind.REASONING);
    }

    private record Planted(GeneratedQuery query, Role role, String result) {
        /// @param solved whether an answer comes with the way to it, word for word
        String text(boolean solved) {
            if (solved && role == Role.ANSWER_FACT) {
                return query.prompt() + query.completion();
            }
            String question = query.prompt().lines().findFirst().orElseThrow();
            return question + (role == Role.ANSWER_FACT ? " Answer: " : " A result on the way: ") + result;
        }
    }

    private record Answers(long seed, List<Planted> planted, boolean solved) implements Documents {
        @Override
        public long distinct() {
            return planted.size();
        }

        @Override
        public LabelledDocument at(long index) {
            Planted one = planted.get((int) Draws.repeated(seed, index, planted.size()));
            return LabelledDocument.of(
                            "reasoning-answers",
                            index,
                            one.query.family(),
                            one.role,
                            one.role.label(),
                            one.text(solved))
                    .withQuery(one.query.id())
                    .withCoordinates(one.query.coordinates())
                    .withAnswers(one.result);
        }
    }
}
