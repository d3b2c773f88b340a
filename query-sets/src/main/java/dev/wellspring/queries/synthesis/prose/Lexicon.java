package dev.wellspring.queries.synthesis.prose;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// The words of `words.txt`, by what they can do in a sentence.
///
/// @param people the last of them men, and then women
record Lexicon(
        List<Noun> people,
        int men,
        int women,
        List<Noun> animals,
        List<Noun> things,
        List<Noun> buildings,
        List<Noun> places,
        List<Noun> food,
        List<Noun> plants,
        List<Noun> garments,
        List<Noun> vehicles,
        List<Noun> ideas,
        List<String> ingredients,
        List<String> matter,
        List<String> personQualities,
        List<String> thingQualities,
        List<String> placeQualities,
        List<String> foodQualities,
        List<Verb> act,
        List<Verb> meet,
        List<Verb> go,
        List<Verb> rest,
        List<Verb> happen,
        List<Verb> creatureActs,
        List<Verb> tell,
        List<Verb> know,
        List<Verb> prepare,
        List<String> manners,
        List<String> frequencies,
        List<String> times,
        List<String> pastTimes,
        List<String> weather) {
    /// The only one there is.
    static final Lexicon ENGLISH = read("words.txt");

    private static Lexicon read(String resource) {
        var sections = new HashMap<String, String>();
        String name = "";
        for (String line : text(resource).lines().toList()) {
            if (line.startsWith("[")) {
                name = line.substring(1, line.length() - 1);
            } else if (!line.startsWith("#")) {
                sections.merge(name, line, (before, more) -> before + "\n" + more);
            }
        }
        return new Lexicon(
                people(sections),
                nouns(sections, "men").size(),
                nouns(sections, "women").size(),
                nouns(sections, "animals"),
                nouns(sections, "things"),
                nouns(sections, "buildings"),
                nouns(sections, "places"),
                nouns(sections, "food"),
                nouns(sections, "plants"),
                nouns(sections, "garments"),
                nouns(sections, "vehicles"),
                nouns(sections, "ideas"),
                plain(sections, "ingredients"),
                plain(sections, "matter"),
                plain(sections, "person_qualities"),
                plain(sections, "thing_qualities"),
                plain(sections, "place_qualities"),
                plain(sections, "food_qualities"),
                verbs(sections, "act"),
                verbs(sections, "meet"),
                verbs(sections, "go"),
                verbs(sections, "rest"),
                verbs(sections, "happen"),
                verbs(sections, "creature_acts"),
                verbs(sections, "tell"),
                verbs(sections, "know"),
                verbs(sections, "prepare"),
                plain(sections, "manners"),
                plain(sections, "frequencies"),
                phrases(sections, "times"),
                phrases(sections, "past_times"),
                phrases(sections, "weather"));
    }

    /// `he` or `she` for one of the people, by its place in the list; a coin decides where the word does not.
    Person pronoun(int person, boolean coin) {
        int fromEnd = people.size() - person;
        if (fromEnd <= women) {
            return Person.SHE;
        }
        return fromEnd <= women + men || coin ? Person.HE : Person.SHE;
    }

    private static String text(String resource) {
        try (InputStream in = Objects.requireNonNull(Lexicon.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(resource + ": " + failure.getMessage(), failure);
        }
    }

    private static List<Noun> people(Map<String, String> sections) {
        return Stream.of("people", "men", "women")
                .flatMap(section -> nouns(sections, section).stream())
                .toList();
    }

    private static List<Noun> nouns(Map<String, String> sections, String name) {
        return entries(sections, name).map(Noun::of).toList();
    }

    private static List<Verb> verbs(Map<String, String> sections, String name) {
        return entries(sections, name).map(Verb::of).toList();
    }

    private static List<String> plain(Map<String, String> sections, String name) {
        return entries(sections, name).map(entry -> entry.replace('_', ' ')).toList();
    }

    private static Stream<String> entries(Map<String, String> sections, String name) {
        return Arrays.stream(section(sections, name).split("\\s+"));
    }

    private static List<String> phrases(Map<String, String> sections, String name) {
        return List.of(section(sections, name).split("[|\\n]"));
    }

    private static String section(Map<String, String> sections, String name) {
        return Objects.requireNonNull(sections.get(name), name).strip();
    }
}
