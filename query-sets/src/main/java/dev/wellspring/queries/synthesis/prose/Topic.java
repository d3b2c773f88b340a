package dev.wellspring.queries.synthesis.prose;

import java.util.List;
import java.util.random.RandomGenerator;

/// Who and what a text keeps coming back to.
///
/// @param hero in the middle of it
/// @param pronoun the hero's, `he` or `she`
/// @param other whom the hero meets
/// @param group people who are there
/// @param things some that matter
record Topic(
        Noun hero,
        Person pronoun,
        Noun other,
        Noun group,
        Noun animal,
        List<Noun> things,
        Noun building,
        Noun place,
        Noun idea) {
    static Topic draw(RandomGenerator random) {
        Lexicon words = Lexicon.ENGLISH;
        int hero = random.nextInt(words.people().size());
        return new Topic(
                words.people().get(hero),
                words.pronoun(hero, random.nextBoolean()),
                one(words.people(), random),
                one(words.people(), random),
                one(words.animals(), random),
                List.of(
                        one(words.things(), random),
                        one(words.things(), random),
                        one(words.things(), random),
                        one(words.garments(), random),
                        one(random.nextBoolean() ? words.vehicles() : words.food(), random)),
                one(words.buildings(), random),
                one(words.places(), random),
                one(words.ideas(), random));
    }

    private static <T> T one(List<T> of, RandomGenerator random) {
        return of.get(random.nextInt(of.size()));
    }
}
