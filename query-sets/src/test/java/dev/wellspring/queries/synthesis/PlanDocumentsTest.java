package dev.wellspring.queries.synthesis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.task.GeneratedQuery;
import dev.wellspring.queries.task.QueryFamily;
import dev.wellspring.queries.task.planning.Blocksworld;
import dev.wellspring.queries.task.planning.BlocksworldUniverse;
import dev.wellspring.queries.task.planning.Fact;
import dev.wellspring.queries.task.planning.Logistics;
import dev.wellspring.queries.task.planning.PlanVerdict;
import dev.wellspring.queries.task.planning.PlanningFamily;
import dev.wellspring.queries.task.planning.Problem;
import dev.wellspring.queries.task.planning.Renaming;
import dev.wellspring.queries.task.planning.Skin;
import dev.wellspring.queries.task.planning.SkinName;
import dev.wellspring.queries.task.planning.SkinReader;
import dev.wellspring.queries.task.planning.State;
import dev.wellspring.queries.task.planning.World;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlanDocumentsTest {
    private static final Map<String, String> THREE = Map.of("blocks", "3");
    private static final Map<String, String> PACKAGES =
            Map.of("domain", "logistics", "cities", "2", "locations", "1-2", "packages", "1-3");

    private static ToldPlans documents(long seed, Map<String, String> parameters) {
        PlanDocuments family = new PlanDocuments();
        return (ToldPlans) family.documents(seed, family.describe().parameters(parameters));
    }

    private static Map<String, String> with(Map<String, String> parameters, String... more) {
        Map<String, String> all = new HashMap<>(parameters);
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return all;
    }

    private static List<LabelledDocument> all(Documents documents, long count) {
        return LongStream.range(0, count).mapToObj(documents::at).toList();
    }

    private static List<LabelledDocument> only(String kind, List<LabelledDocument> documents) {
        return documents.stream()
                .filter(document -> document.template().equals(kind))
                .toList();
    }

    @Test
    void everyRoundHoldsAsManyOfEachKindAsAsked() {
        ToldPlans documents =
                documents(1, with(THREE, "plans", "3", "traces", "2", "verifications", "4", "descriptions", "1"));
        for (int round = 0; round < 10; round++) {
            Map<String, Long> kinds = LongStream.range(10L * round, 10L * round + 10)
                    .mapToObj(documents::at)
                    .collect(Collectors.groupingBy(LabelledDocument::template, Collectors.counting()));
            assertThat(kinds).isEqualTo(Map.of("plan", 3L, "trace", 2L, "verification", 4L, "description", 1L));
        }
    }

    @Test
    void kindsHaveTheirRoles() {
        for (LabelledDocument document : all(documents(1, THREE), 100)) {
            Role role = Map.of(
                            "plan", Role.CASE,
                            "trace", Role.RULE_TRACE,
                            "verification", Role.CASE,
                            "description", Role.RULE_TEXT)
                    .get(document.template());
            assertThat(document.role()).isEqualTo(role);
            assertThat(document.query() == null).isEqualTo(document.template().equals("description"));
        }
    }

    @Test
    void onlyPlansAreTheWholeClosedWorldOnce() {
        Map<String, String> onlyPlans = Map.of("traces", "0", "verifications", "0", "descriptions", "0");
        ToldPlans documents = documents(1, onlyPlans);

        assertThat(documents.distinct()).isEqualTo(5256);
        assertThat(all(documents, 5256).stream().map(LabelledDocument::query)).doesNotHaveDuplicates();
        assertThat(documents(1, with(onlyPlans, "blocks", "3")).distinct()).isEqualTo(156);
        assertThat(documents(1, with(onlyPlans, "blocks", "5")).distinct()).isEqualTo(250_500);
    }

    @Test
    void theDefaultsTellEveryPlanOnce() {
        ToldPlans documents = documents(0, Map.of());

        assertThat(documents.distinct())
                .isEqualTo(new PlanDocuments().describe().count());
        assertThat(only("plan", all(documents, documents.distinct())).stream().map(LabelledDocument::query))
                .hasSize(5256)
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("skins")
    void aPlanIsTheQueryWithItsCompletion(SkinName skin) {
        QueryFamily family = new BlocksworldUniverse();
        Map<String, GeneratedQuery> queries = family.generate(
                        5, family.describe().parameters(Map.of("blocks", "3", "skin", skin.text())))
                .collect(Collectors.toMap(GeneratedQuery::id, Function.identity()));
        for (LabelledDocument document : only("plan", all(documents(5, with(THREE, "skin", skin.text())), 286))) {
            GeneratedQuery query = Objects.requireNonNull(queries.get(document.query()));
            assertThat(document.text()).isEqualTo(query.prompt() + query.completion());
            assertThat(document.coordinates()).isEqualTo(query.coordinates());
            assertThat(document.answers()).isEqualTo(query.answers());
            assertThat(document.skin()).isEqualTo(skin.text());
        }
    }

    @ParameterizedTest
    @MethodSource("skins")
    void aDeliveryIsWhatTheQueryAsks(SkinName skin) {
        QueryFamily family = PlanningFamily.logistics();
        Map<String, String> sizes = Map.of(
                "task", "t1", "count", "12", "cities", "2", "locations", "1-2", "packages", "1-3", "skin", skin.text());
        Map<String, GeneratedQuery> queries = family.generate(
                        5, family.describe().parameters(sizes))
                .collect(Collectors.toMap(GeneratedQuery::id, Function.identity()));
        List<LabelledDocument> documents = only("plan", all(documents(5, with(PACKAGES, "skin", skin.text())), 22));

        assertThat(documents).hasSize(12);
        for (LabelledDocument document : documents) {
            GeneratedQuery query = Objects.requireNonNull(queries.get(document.query()));
            assertThat(query.prompt() + query.completion()).endsWith("\n" + document.text());
        }
    }

    @ParameterizedTest
    @MethodSource("corpora")
    void verificationsSayTheTruth(Map<String, String> parameters, World world) {
        SkinReader reader = Skin.of(world, SkinName.PLAIN, 0).reader();
        List<LabelledDocument> verifications = only("verification", all(documents(2, parameters), 400));
        for (LabelledDocument document : verifications) {
            String text = document.text();
            State start = new State(Stream.concat(
                            reader.facts(between(text, "I have that, ", ".\n")).stream(), kinds(world, reader, text))
                    .toList());
            Problem problem = new Problem(
                    world.domain(), List.of(), start, reader.facts(between(text, "My goal is to have that ", ". \n")));
            PlanVerdict verdict = PlanVerdict.of(problem, reader.steps(between(text, "[PLAN]", "[PLAN END]")));

            assertThat(document.coordinates()).containsEntry("valid", verdict.valid() ? 1 : 0);
            assertThat(text.endsWith("\nThe above plan is valid.")).isEqualTo(verdict.valid());
            if (verdict.executable()) {
                assertThat(document.coordinates()).doesNotContainKey("failing_step");
            } else {
                assertThat(document.coordinates()).containsEntry("failing_step", verdict.executedSteps() + 1);
                assertThat(text).contains("at step " + (verdict.executedSteps() + 1) + " has ");
            }
            assertThat(text).endsWith(document.answers().getFirst());
        }
        assertThat(verifications.stream()
                        .map(document -> document.coordinates().containsKey("failing_step")
                                ? "not executable"
                                : "valid " + document.coordinates().get("valid")))
                .contains("not executable", "valid 0", "valid 1");
    }

    private static Stream<Fact> kinds(World world, SkinReader reader, String text) {
        return world
                .domain()
                .kindsOf(reader.facts(text).stream()
                        .flatMap(fact -> fact.arguments().stream())
                        .distinct()
                        .toList())
                .stream();
    }

    @ParameterizedTest
    @MethodSource("corpora")
    void tracesTellEveryStateOnTheWay(Map<String, String> parameters, World world) {
        SkinReader reader = Skin.of(world, SkinName.PLAIN, 0).reader();
        for (LabelledDocument document : only("trace", all(documents(2, parameters), 200))) {
            State state = new State(reader.facts(between(document.text(), "I have that, ", "\n")));
            String[] steps = document.text().split("Current State: ", -1);
            for (int i = 1; i < steps.length; i++) {
                assertThat(new State(reader.facts(between(steps[i], "", "\n")))).isEqualTo(state);
                state = world.domain()
                        .action(reader.steps(between(steps[i], "Action: ", "\n"))
                                .getFirst())
                        .apply(state);
                assertThat(new State(reader.facts(between(steps[i], "Resulting State: ", "\n"))))
                        .isEqualTo(state);
            }
            assertThat(document.coordinates()).containsEntry("optimal_length", steps.length - 1);
            assertThat(new State(reader.facts(document.answers().getFirst()))).isEqualTo(state);
        }
    }

    private static String between(String text, String from, String to) {
        int start = text.indexOf(from) + from.length();
        return text.substring(start, text.indexOf(to, start));
    }

    /// The whole corpus of every kind: renamed from the plain skin it is the corpus of another, and renamed back it is
    /// the plain one again, byte for byte.
    @ParameterizedTest
    @MethodSource("corporaAndSkins")
    void aSkinIsAPureRenaming(Map<String, String> parameters, World world, SkinName name) {
        Map<String, String> described = with(parameters, "description", "true");
        ToldPlans plain = documents(9, described);
        ToldPlans other = documents(9, with(described, "skin", name.text()));
        long count = Math.min(plain.distinct(), 300);
        Skin plainSkin = Skin.of(world, SkinName.PLAIN, 0);
        StringBuilder there = new StringBuilder();
        StringBuilder back = new StringBuilder();
        for (long i = 0; i < count; i++) {
            there.append(told(plain.at(i), new Renaming(plainSkin, other.skin(i))));
            back.append(told(other.at(i), new Renaming(other.skin(i), plainSkin)));
        }
        Renaming same = new Renaming(plainSkin, plainSkin);
        String plainly = digest(
                all(plain, count).stream().map(document -> told(document, same)).collect(Collectors.joining()));

        assertThat(digest(back.toString())).isEqualTo(plainly);
        assertThat(digest(there.toString()))
                .isEqualTo(digest(
                        all(other, count).stream().map(PlanDocumentsTest::told).collect(Collectors.joining())));
        assertThat(plainly)
                .isEqualTo(digest(
                        all(plain, count).stream().map(PlanDocumentsTest::told).collect(Collectors.joining())));
    }

    private static String told(LabelledDocument document) {
        return told(document, document.text(), document.answers());
    }

    private static String told(LabelledDocument document, Renaming renaming) {
        return told(
                document,
                renaming.of(document.text()),
                document.answers().stream().map(renaming::of).toList());
    }

    /// Everything but the skin's name.
    private static String told(LabelledDocument document, String text, List<String> answers) {
        return String.join(
                "\n",
                document.id(),
                text,
                document.task(),
                document.role().label(),
                document.template(),
                String.valueOf(document.format()),
                String.valueOf(document.query()),
                document.coordinates().toString(),
                answers.toString(),
                "");
    }

    private static String digest(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void randomWordsAreAnewForEveryProblemOnlyIfAsked() {
        ToldPlans corpus = documents(1, with(THREE, "skin", "random-per-corpus"));
        ToldPlans instance = documents(1, with(THREE, "skin", "random-per-instance"));

        assertThat(LongStream.range(0, 50)
                        .map(i -> corpus.skin(i).seed())
                        .distinct()
                        .count())
                .isEqualTo(1);
        assertThat(LongStream.range(0, 50)
                        .map(i -> instance.skin(i).seed())
                        .distinct()
                        .count())
                .isGreaterThan(30);
    }

    @ParameterizedTest
    @MethodSource("corpora")
    void manyThreadsInAnyOrderMakeTheSameDocuments(Map<String, String> parameters, World world) {
        ToldPlans documents = documents(3, parameters);
        List<LabelledDocument> inOrder = all(documents(3, parameters), 200);
        List<LabelledDocument> together =
                LongStream.range(0, 200).parallel().mapToObj(documents::at).toList();

        assertThat(together).isEqualTo(inOrder);
    }

    @Test
    void aDocumentMayBeginWithTheRules() {
        for (LabelledDocument document : all(documents(1, with(THREE, "description", "true")), 50)) {
            assertThat(document.text()).startsWith("I am playing with a set of blocks");
        }
    }

    @Test
    void noDocumentsAtAllAreRefused() {
        assertThatThrownBy(() ->
                        documents(1, Map.of("plans", "0", "traces", "0", "verifications", "0", "descriptions", "0")))
                .isInstanceOf(CorpusException.class)
                .hasMessageContaining("plans, traces, verifications and descriptions: expected one above 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plans", "traces", "verifications", "descriptions"})
    void eachKindCanBeHadAlone(String kind) {
        Map<String, String> parameters = new HashMap<>(THREE);
        for (String other : Set.of("plans", "traces", "verifications", "descriptions")) {
            parameters.put(other, other.equals(kind) ? "1" : "0");
        }
        ToldPlans documents = documents(1, parameters);

        assertThat(all(documents, 20).stream().map(LabelledDocument::template).distinct())
                .containsExactly(kind.substring(0, kind.length() - 1));
        assertThat(documents.distinct()).isEqualTo(kind.equals("descriptions") ? 1 : 156);
    }

    private static Stream<SkinName> skins() {
        return Stream.of(SkinName.values());
    }

    private static Stream<Arguments> corpora() {
        return Stream.of(Arguments.of(THREE, new Blocksworld(3)), Arguments.of(PACKAGES, Logistics.of(2, 2, 3, 1)));
    }

    private static Stream<Arguments> corporaAndSkins() {
        return corpora().flatMap(corpus -> skins().map(skin -> Arguments.of(corpus.get()[0], corpus.get()[1], skin)));
    }
}
