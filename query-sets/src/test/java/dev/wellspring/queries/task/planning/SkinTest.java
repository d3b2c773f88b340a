package dev.wellspring.queries.task.planning;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.QueryFamily;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class SkinTest {
    private static final World BLOCKS = new Blocksworld(4);
    private static final World PACKAGES = new Logistics(2, 2, 2);

    @Test
    void thePapersPlanIsTheirsInTheDeceptiveWords() {
        Skin mystery = Skin.of(BLOCKS, SkinName.MYSTERY, 0);

        assertThat(Step.parse("(unstack b c) (put-down b) (pick-up c) (stack c b)").stream()
                        .map(mystery::say))
                .containsExactly(
                        "feast object b from object c",
                        "succumb object b",
                        "attack object c",
                        "overcome object c from object b");
        assertThat(mystery.description(false))
                .contains("To perform attack action, the following facts need to be true: province object, planet"
                        + " object, harmony.");
    }

    @Test
    void thePapersStatementIsTheirsInPlainWords() {
        Problem problem = new Problem(
                BLOCKS.domain(),
                List.of("a", "b", "c", "d"),
                Blocksworld.towers("a bc d"),
                List.of(Fact.of("on", "c", "b")));
        Exercise exercise = Exercise.plan(PlanningTask.GENERATION, World.Solved.of(problem));
        PlanningText text = new PlanningText(Skin.of(BLOCKS, SkinName.PLAIN, 0));

        assertThat(text.question(exercise) + text.answer(exercise)).isEqualTo("""
                [STATEMENT]
                As initial conditions I have that, the red block is clear, the blue block is clear, the yellow block is \
                clear, the hand is empty, the blue block is on top of the orange block, the red block is on the table, \
                the orange block is on the table and the yellow block is on the table.
                My goal is to have that the orange block is on top of the blue block.

                My plan is as follows:

                [PLAN]
                unstack the blue block from on top of the orange block
                put down the blue block
                pick up the orange block
                stack the orange block on top of the blue block
                [PLAN END]""");
    }

    @ParameterizedTest
    @MethodSource("familiesAndSkins")
    void renamingIsUndoneByRenamingBackAndIsTheCorpusOfTheOtherSkin(QueryFamily family, World world, SkinName name) {
        long seed = 7;
        List<GeneratedQuery> plain = generate(family, SkinName.PLAIN, seed);
        List<GeneratedQuery> other = generate(family, name, seed);
        Skin from = Skin.of(world, SkinName.PLAIN, 0);
        StringBuilder renamed = new StringBuilder();
        StringBuilder restored = new StringBuilder();
        for (int i = 0; i < plain.size(); i++) {
            Skin to = Skin.of(world, name, Long.parseLong(other.get(i).labels().getOrDefault("skin_seed", "")));
            renamed.append(from.rename(text(plain.get(i)), to));
            restored.append(to.rename(text(other.get(i)), from));
        }

        assertThat(digest(renamed.toString())).isEqualTo(digest(joined(other)));
        assertThat(digest(restored.toString())).isEqualTo(digest(joined(plain)));
        assertThat(digest(joined(other))).isNotEqualTo(digest(joined(plain)));
    }

    @ParameterizedTest
    @MethodSource("families")
    void mysteryAndRandomWordsCorrespondOneToOne(QueryFamily family) {
        List<String> mystery = words(generate(family, SkinName.MYSTERY, 3));
        List<String> random = words(generate(family, SkinName.RANDOM_PER_CORPUS, 3));
        Map<String, String> there = new HashMap<>();
        Map<String, String> back = new HashMap<>();

        assertThat(random).hasSameSizeAs(mystery);
        for (int i = 0; i < mystery.size(); i++) {
            there.putIfAbsent(mystery.get(i), random.get(i));
            back.putIfAbsent(random.get(i), mystery.get(i));
            assertThat(there).containsEntry(mystery.get(i), random.get(i));
            assertThat(back).containsEntry(random.get(i), mystery.get(i));
        }
    }

    @Test
    void everyProblemHasRandomWordsOfItsOwnOnlyIfAsked() {
        QueryFamily family = PlanningFamily.blocksworld();

        assertThat(seeds(generate(family, SkinName.RANDOM_PER_CORPUS, 3))).hasSize(1);
        assertThat(seeds(generate(family, SkinName.RANDOM_PER_INSTANCE, 3))).hasSize(50);
    }

    @Test
    void stepsAreReadInAnyCaseAndOnlyWhole() {
        Skin plain = Skin.of(BLOCKS, SkinName.PLAIN, 0);

        assertThat(plain.step("Pick up the Red block")).contains(Step.of("pick-up", "a"));
        assertThat(plain.step("pick up the red block now")).isEmpty();
        assertThat(plain.step("pick up the purple block")).isEmpty();
        assertThat(plain.step("the red block is clear")).isEmpty();
        assertThat(plain.fact("the red block is clear")).contains(Fact.of("clear", "a"));
    }

    @Test
    void vehiclesAreToldApartByTheirNames() {
        Skin plain = Skin.of(PACKAGES, SkinName.PLAIN, 0);

        assertThat(plain.step("load package_0 into airplane_0 at location_1_0"))
                .contains(Step.of("load-airplane", "package_0", "airplane_0", "location_1_0"));
        assertThat(plain.step("load package_0 into truck_1 at location_1_0"))
                .contains(Step.of("load-truck", "package_0", "truck_1", "location_1_0"));
    }

    private static Stream<QueryFamily> families() {
        return Stream.of(PlanningFamily.blocksworld(), PlanningFamily.logistics());
    }

    private static Stream<Arguments> familiesAndSkins() {
        return Stream.of(SkinName.MYSTERY, SkinName.RANDOM_PER_CORPUS, SkinName.RANDOM_PER_INSTANCE)
                .flatMap(name -> Stream.of(
                        Arguments.of(PlanningFamily.blocksworld(), BLOCKS, name),
                        Arguments.of(PlanningFamily.logistics(), PACKAGES, name)));
    }

    private static List<GeneratedQuery> generate(QueryFamily family, SkinName skin, long seed) {
        return family.generate(seed, family.describe().parameters(Map.of("skin", skin.text(), "count", "5")))
                .toList();
    }

    private static List<Long> seeds(List<GeneratedQuery> queries) {
        return queries.stream()
                .map(query -> Long.valueOf(query.labels().getOrDefault("skin_seed", "")))
                .distinct()
                .toList();
    }

    private static List<String> words(List<GeneratedQuery> queries) {
        return List.of(joined(queries).split("[\\s,.]+", -1));
    }

    private static String joined(List<GeneratedQuery> queries) {
        StringBuilder text = new StringBuilder();
        queries.forEach(query -> text.append(text(query)));
        return text.toString();
    }

    private static String text(GeneratedQuery query) {
        return query.prompt() + query.completion() + "\n\n";
    }

    private static String digest(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
