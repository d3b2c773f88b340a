package dev.wellspring.queries.task.planning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Grade;
import dev.wellspring.queries.task.Grade.Verdict;
import dev.wellspring.queries.task.QueryFamily;
import dev.wellspring.queries.task.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class PlanningFamilyTest {
    private static final Set<String> NOT_PLANS = Set.of("t3", "t7");

    @ParameterizedTest
    @MethodSource("familiesSkinsAndSeeds")
    void everyCompletionIsRightAndEveryPlanOptimal(QueryFamily family, SkinName skin, long seed) {
        List<GeneratedQuery> queries = generate(family, skin, seed, 3);

        assertThat(queries).hasSize(30);
        for (GeneratedQuery query : queries) {
            Grade grade = family.grade(query, query.completion());
            assertThat(grade.verdict()).as("%s: %s", query.id(), grade.reason()).isEqualTo(Verdict.RIGHT);
            if (!NOT_PLANS.contains(query.labels().get("task"))) {
                assertThat(grade.details()).as(query.id()).containsEntry("optimal", "true");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("familiesSkinsAndSeeds")
    void everyPlanWithoutOneOfItsStepsIsWrong(QueryFamily family, SkinName skin, long seed) {
        for (GeneratedQuery query : plans(generate(family, skin, seed, 3))) {
            List<String> steps = query.intermediateAnswers();
            for (int left = 0; left < steps.size() && steps.size() > 1; left++) {
                List<String> shorter = new ArrayList<>(steps);
                shorter.remove(left);
                Grade grade = family.grade(query, String.join("\n", shorter));
                assertThat(grade.verdict())
                        .as("%s without step %s", query.id(), left)
                        .isEqualTo(Verdict.WRONG);
                assertThat(grade.details()).containsEntry("optimal", "false");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("familiesSkinsAndSeeds")
    void aPlanInWordsOfAnotherSkinIsUnreadable(QueryFamily family, SkinName skin, long seed) {
        SkinName other = skin == SkinName.PLAIN ? SkinName.MYSTERY : SkinName.PLAIN;
        List<GeneratedQuery> asked = plans(generate(family, skin, seed, 1));
        List<GeneratedQuery> answered = plans(generate(family, other, seed, 1));

        for (int i = 0; i < asked.size(); i++) {
            assertThat(family.grade(asked.get(i), answered.get(i).completion()).verdict())
                    .isEqualTo(Verdict.UNREADABLE);
        }
    }

    @ParameterizedTest
    @MethodSource("familiesSkinsAndSeeds")
    void aStateWithOneFactMoreOrLessIsWrong(QueryFamily family, SkinName skin, long seed) {
        for (GeneratedQuery query : generate(family, skin, seed, 5)) {
            if (!"t7".equals(query.labels().get("task"))) {
                continue;
            }
            String state = query.completion();
            String less = state.substring(state.indexOf(", ") + 2);
            String before = query.prompt().substring(query.prompt().lastIndexOf("I have that, ") + 13);
            assertThat(family.grade(query, less).verdict()).isEqualTo(Verdict.WRONG);
            assertThat(family.grade(query, before.substring(0, before.indexOf('.')))
                            .verdict())
                    .isEqualTo(Verdict.WRONG);
        }
    }

    @ParameterizedTest
    @MethodSource("familiesSkinsAndSeeds")
    void theSpansAreTheStepsAndSamplesRepeat(QueryFamily family, SkinName skin, long seed) {
        List<GeneratedQuery> queries = generate(family, skin, seed, 2);

        for (GeneratedQuery query : plans(queries)) {
            List<String> spans = new ArrayList<>();
            for (Span span : query.targetSpans()) {
                spans.add(query.completion().substring(span.start(), span.end()));
            }
            assertThat(spans).isEqualTo(query.intermediateAnswers());
        }
        assertThat(generate(family, skin, seed, 2)).isEqualTo(queries);
        assertThat(generate(family, skin, seed + 1, 2)).isNotEqualTo(queries);
    }

    @ParameterizedTest
    @MethodSource("families")
    void shortestPlansOfTheLoopAreThoseOfTheSearch(QueryFamily family) {
        World world = family.name().equals("blocksworld") ? new Blocksworld(4) : new Logistics(2, 2, 2);
        for (int rounds = 2; rounds <= 4; rounds++) {
            World.Solved solved = world.loop(rounds, new SplittableRandom(rounds));

            assertThat(solved.plan()).hasSameSizeAs(solved.problem().shortestPlan());
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void countsAreAsDescribed(QueryFamily family) {
        assertThat(family.generate(1, family.describe().parameters(Map.of())))
                .hasSize(family.describe().count());
    }

    @ParameterizedTest
    @MethodSource("families")
    void whatTheAnswerReusesStandsInThePrompt(QueryFamily family) {
        for (GeneratedQuery query : generate(family, SkinName.PLAIN, 5, 10)) {
            String task = query.labels().getOrDefault("task", "");
            if (Set.of("t4", "t8-1", "t8-2", "t8-3").contains(task)) {
                assertThat(query.prompt()).contains(query.answers().getFirst());
            }
        }
    }

    @Test
    void aLongerPlanIsRightForGenerationAndWrongForLeastCost() {
        for (GeneratedQuery query : generate(PlanningFamily.blocksworld(), SkinName.PLAIN, 11, 20)) {
            String task = query.labels().getOrDefault("task", "");
            if (!Set.of("t1", "t2").contains(task)) {
                continue;
            }
            String clear = query.labels().getOrDefault("start", "").contains("(ontable a)")
                            && query.labels().getOrDefault("start", "").contains("(clear a)")
                    ? "pick up the red block\nput down the red block\n"
                    : "";
            Grade grade = PlanningFamily.blocksworld().grade(query, clear + query.completion());
            boolean padded = !clear.isEmpty();
            assertThat(grade.verdict()).isEqualTo(padded && task.equals("t2") ? Verdict.WRONG : Verdict.RIGHT);
            assertThat(grade.details()).containsEntry("optimal", String.valueOf(!padded));
        }
    }

    @Test
    void plansAreReadFromListsWithNumbersAndCapitalsUpToTheirEnd() {
        QueryFamily family = PlanningFamily.blocksworld();
        GeneratedQuery query = plans(generate(family, SkinName.PLAIN, 3, 1)).getFirst();
        StringBuilder answer = new StringBuilder("\n");
        for (int i = 0; i < query.intermediateAnswers().size(); i++) {
            String step = query.intermediateAnswers().get(i);
            answer.append(i + 1).append(". ").append(step.substring(0, 1).toUpperCase(Locale.ROOT));
            answer.append(step.substring(1)).append(".\n");
        }

        assertThat(family.grade(query, answer + "[PLAN END]\nand so on").verdict())
                .isEqualTo(Verdict.RIGHT);
        assertThat(family.grade(query, "").verdict()).isEqualTo(Verdict.UNREADABLE);
        assertThat(family.grade(query, "I do not know").reason()).contains("I do not know");
    }

    @Test
    void verificationIsJudgedInDepth() {
        QueryFamily family = PlanningFamily.blocksworld();
        for (GeneratedQuery query : generate(family, SkinName.PLAIN, 9, 20)) {
            if (!"t3".equals(query.labels().get("task"))) {
                continue;
            }
            boolean valid = query.completion().contains("is valid");
            String opposite = valid ? "The above plan is invalid." : "The above plan is valid.";
            Grade bare = family.grade(query, valid ? "valid" : "The plan is invalid.");
            assertThat(family.grade(query, opposite).details()).containsEntry("verdict", "false");
            assertThat(bare.details()).containsEntry("verdict", "true");
            assertThat(bare.verdict()).isEqualTo(valid ? Verdict.RIGHT : Verdict.WRONG);
            assertThat(family.grade(query, "who knows").verdict()).isEqualTo(Verdict.UNREADABLE);
            if (query.completion().contains("at step ")) {
                String wrongStep = query.completion().replaceAll("at step \\d+", "at step 99");
                assertThat(family.grade(query, wrongStep).details())
                        .containsEntry("type", "true")
                        .containsEntry("explanation", "false");
            }
        }
    }

    private static List<GeneratedQuery> plans(List<GeneratedQuery> queries) {
        return queries.stream()
                .filter(query -> !NOT_PLANS.contains(query.labels().get("task")))
                .toList();
    }

    private static List<GeneratedQuery> generate(QueryFamily family, SkinName skin, long seed, int count) {
        return family.generate(
                        seed, family.describe().parameters(Map.of("skin", skin.text(), "count", String.valueOf(count))))
                .toList();
    }

    private static Stream<QueryFamily> families() {
        return Stream.of(PlanningFamily.blocksworld(), PlanningFamily.logistics());
    }

    private static Stream<Arguments> familiesSkinsAndSeeds() {
        return families()
                .flatMap(family -> Stream.of(SkinName.values())
                        .flatMap(skin -> Stream.of(1L, 42L).map(seed -> Arguments.of(family, skin, seed))));
    }
}
