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
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class SkinTest {
    private static final World BLOCKS = new Blocksworld(4);
    private static final World PACKAGES = Logistics.of(2, 2, 2, 1);

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
                .contains("To perform Attack action, the following facts need to be true: Province object, Planet"
                        + " object, Harmony.");
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
            renamed.append(new Renaming(from, to).of(text(plain.get(i))));
            restored.append(new Renaming(to, from).of(text(other.get(i))));
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

    @ParameterizedTest
    @MethodSource("worldsAndSkins")
    void everySymbolAndObjectHasOneNameOfItsOwn(World world, SkinName name) {
        Skin skin = Skin.of(world, name, 11);

        assertThat(skin.objects()).hasSize(world.universe().size());
        assertThat(skin.objects().values()).doesNotHaveDuplicates();
        assertThat(skin.phrases().stream().map(phrase -> phrase.words() + " " + phrase.slots() + phrase.kinds()))
                .doesNotHaveDuplicates();
    }

    /// No word for a symbol is part of another's or of an object's name; random ones share no three characters.
    @ParameterizedTest
    @MethodSource("worldsAndSkins")
    void namesShareNoPieces(World world, SkinName name) {
        if (name == SkinName.PLAIN) {
            return;
        }
        for (long seed = 0; seed < 50; seed++) {
            Skin skin = Skin.of(world, name, seed);
            List<String> words = skin.phrases().stream()
                    .map(phrase -> String.join("", phrase.words())
                            .replace(" from ", "")
                            .strip())
                    .toList();
            for (String word : words) {
                assertThat(words).filteredOn(other -> other.contains(word)).containsExactly(word);
                assertThat(skin.objects().values())
                        .noneMatch(object -> object.contains(word) || word.contains("object"));
            }
            if (name != SkinName.MYSTERY) {
                assertThat(words.stream()
                                .flatMap(word -> IntStream.range(0, 14)
                                        .mapToObj(i -> word.substring(i, i + 3))
                                        .distinct()))
                        .doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void everyProblemHasRandomWordsOfItsOwnOnlyIfAsked() {
        QueryFamily family = PlanningFamily.blocksworld();

        assertThat(seeds(generate(family, SkinName.RANDOM_PER_CORPUS, 3))).hasSize(1);
        assertThat(seeds(generate(family, SkinName.RANDOM_PER_INSTANCE, 3))).hasSize(20);
    }

    @Test
    void stepsAreReadInAnyCaseAndOnlyWhole() {
        SkinReader reader = Skin.of(BLOCKS, SkinName.PLAIN, 0).reader();

        assertThat(reader.step("Pick up the Red block")).contains(Step.of("pick-up", "a"));
        assertThat(reader.step("pick up the red block now")).isEmpty();
        assertThat(reader.step("pick up the purple block")).isEmpty();
        assertThat(reader.step("the red block is clear")).isEmpty();
        assertThat(reader.fact("the red block is clear")).contains(Fact.of("clear", "a"));
    }

    @Test
    void vehiclesAreToldApartByTheirNames() {
        SkinReader reader = Skin.of(PACKAGES, SkinName.PLAIN, 0).reader();

        assertThat(reader.step("load package_0 into airplane_0 at location_1_0"))
                .contains(Step.of("load-airplane", "package_0", "airplane_0", "location_1_0"));
        assertThat(reader.step("load package_0 into truck_1 at location_1_0"))
                .contains(Step.of("load-truck", "package_0", "truck_1", "location_1_0"));
    }

    private static Stream<Arguments> worldsAndSkins() {
        return Stream.of(SkinName.values())
                .flatMap(name -> Stream.of(Arguments.of(BLOCKS, name), Arguments.of(PACKAGES, name)));
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
        return family.generate(seed, family.describe().parameters(Map.of("skin", skin.text(), "count", "2")))
                .toList();
    }

    private static List<Long> seeds(List<GeneratedQuery> queries) {
        return queries.stream()
                .map(query -> Long.valueOf(query.labels().getOrDefault("skin_seed", "")))
                .distinct()
                .toList();
    }

    private static List<String> words(List<GeneratedQuery> queries) {
        return List.of(joined(queries).toLowerCase(Locale.ROOT).split("[\\s,.]+", -1));
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
