package dev.wellspring.queries.task.planning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.Grade;
import dev.wellspring.queries.task.Grade.Verdict;
import dev.wellspring.queries.task.QueryFamily;
import dev.wellspring.queries.task.Span;
import java.util.LinkedHashMap;
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
        List<GeneratedQuery> queries = generate(family, skin, seed, 2);

        assertThat(queries).hasSize(20);
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
    void everyWrongAnswerIsWrongInEverySkin(QueryFamily family, SkinName skin, long seed) {
        for (GeneratedQuery query : generate(family, skin, seed, 1)) {
            for (String answer : new WrongAnswers(world(family), query).all()) {
                Grade grade = family.grade(query, answer);
                assertThat(grade.verdict())
                        .as("%s: %s: %s", query.id(), answer, grade.reason())
                        .isEqualTo(Verdict.WRONG);
                assertThat(grade.details().getOrDefault("optimal", "false")).isEqualTo("false");
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
    void theSpansAreTheAnswerAndEachOfItsSteps(QueryFamily family, SkinName skin, long seed) {
        for (GeneratedQuery query : generate(family, skin, seed, 2)) {
            Map<String, String> spans = new LinkedHashMap<>();
            for (Span span : query.targetSpans()) {
                spans.put(span.name(), query.completion().substring(span.start(), span.end()));
            }
            Map<String, String> expected = new LinkedHashMap<>();
            expected.put("answer", query.answers().getFirst());
            for (int i = 0; i < query.intermediateAnswers().size(); i++) {
                expected.put("step-" + (i + 1), query.intermediateAnswers().get(i));
            }
            assertThat(spans).as(query.id()).containsExactlyEntriesOf(expected);
            List<String> lines = query.completion().lines().toList();
            assertThat(lines).as(query.id()).containsAll(query.intermediateAnswers());
            boolean isPlan = !NOT_PLANS.contains(query.labels().get("task"));
            assertThat(query.intermediateAnswers()).hasSize(isPlan ? lines.indexOf("[PLAN END]") - 1 : 0);
        }
    }

    @ParameterizedTest
    @MethodSource("familiesSkinsAndSeeds")
    void samplesRepeatAndDependOnTheSeed(QueryFamily family, SkinName skin, long seed) {
        List<GeneratedQuery> queries = generate(family, skin, seed, 1);

        assertThat(generate(family, skin, seed, 1)).isEqualTo(queries);
        assertThat(generate(family, skin, seed + 1, 1)).isNotEqualTo(queries);
    }

    /// The start is what the last statement of the prompt tells, or what a surprise made of it; the goal likewise.
    @ParameterizedTest
    @MethodSource("familiesSkinsAndSeeds")
    void everyQueryNamesItsPairOfStates(QueryFamily family, SkinName name, long seed) {
        for (GeneratedQuery query : generate(family, name, seed, 2)) {
            Map<String, String> labels = query.labels();
            Skin skin = Skin.of(world(family), name, Long.parseLong(labels.getOrDefault("skin_seed", "")));
            State start = State.parse(labels.getOrDefault("start", ""));
            List<Fact> goal = Fact.parse(labels.getOrDefault("goal", ""));
            String statement = query.prompt().substring(query.prompt().lastIndexOf("[STATEMENT]"));

            assertThat(start.facts()).as(query.id()).isNotEmpty();
            assertThat(goal).as(query.id()).isNotEmpty();
            if (!"t6".equals(labels.get("task"))) {
                assertThat(statement).as(query.id()).contains("I have that, " + skin.list(start.facts()) + ".");
            }
            if (!"t7".equals(labels.get("task"))) {
                assertThat(statement).as(query.id()).contains("My goal is to have that " + skin.list(goal) + ".");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void everyLoopIsAShortestPlan(QueryFamily family) {
        World world = world(family);
        for (int rounds = 2; rounds <= (family.name().equals("blocksworld") ? 4 : world.maxRounds()); rounds++) {
            World.Solved solved = world.loop(rounds, new SplittableRandom(rounds));

            assertThat(PlanVerdict.of(solved.problem(), solved.plan()).valid()).isTrue();
            assertThat(solved.plan()).hasSameSizeAs(solved.problem().shortestPlan());
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void aLoopIsAskedToGoOnForMoreRoundsThanShown(QueryFamily family) {
        for (GeneratedQuery query : generate(family, SkinName.PLAIN, 4, "t5", 20)) {
            String[] plans = (query.prompt() + query.completion()).split("\\[PLAN]\n", -1);
            assertThat(plans).hasSize(3);
            assertThat(plans[2].lines().count())
                    .as(query.id())
                    .isGreaterThan(plans[1].lines()
                            .filter(line -> !line.isBlank())
                            .takeWhile(line -> !line.startsWith("[STATEMENT]"))
                            .count());
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void aReusedPlanIsHowTheExamplesPlanBegins(QueryFamily family) {
        for (GeneratedQuery query : generate(family, SkinName.PLAIN, 6, "t4", 20)) {
            String example = query.prompt().substring(query.prompt().indexOf("[PLAN]\n") + 7);
            assertThat(example).startsWith(query.answers().getFirst() + "\n");
            assertThat(example).doesNotStartWith(query.answers().getFirst() + "\n[PLAN END]");
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void shuffledGoalsAreTheSameInAnotherOrder(QueryFamily family) {
        for (GeneratedQuery query : generate(family, SkinName.PLAIN, 8, "t8-1", 20)) {
            List<Fact> goal = Fact.parse(query.labels().getOrDefault("goal", ""));
            assertThat(goal)
                    .hasSizeGreaterThan(1)
                    .isNotEqualTo(goal.stream().sorted().toList());
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
        for (GeneratedQuery query : generate(family, SkinName.PLAIN, 9, "t3", 20)) {
            boolean valid = query.completion().contains("is valid");
            assertThat(query.coordinates()).containsEntry("valid", valid ? 1 : 0);
            assertThat(query.coordinates().containsKey("failing_step"))
                    .isEqualTo(query.completion().contains("at step "));
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

    private static World world(QueryFamily family) {
        return family.name().equals("blocksworld") ? new Blocksworld(4) : Logistics.of(3, 3, 7, 3);
    }

    private static List<GeneratedQuery> plans(List<GeneratedQuery> queries) {
        return queries.stream()
                .filter(query -> !NOT_PLANS.contains(query.labels().get("task")))
                .toList();
    }

    private static List<GeneratedQuery> generate(QueryFamily family, SkinName skin, long seed, int count) {
        return generate(family, skin, seed, "all", count);
    }

    private static List<GeneratedQuery> generate(QueryFamily family, SkinName skin, long seed, String task, int count) {
        Map<String, String> parameters = Map.of("skin", skin.text(), "task", task, "count", String.valueOf(count));
        return family.generate(seed, family.describe().parameters(parameters)).toList();
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
