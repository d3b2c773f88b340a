package dev.wellspring.queries.synthesis.prose;

import java.util.List;

/// Main clauses: a subject and what it does, is or says.
final class Clauses {
    private static final List<String> PURPOSES = List.of("in order to", "so as to", "just to", "to");

    private Clauses() {}

    /// Any clause.
    static void any(Draft draft) {
        switch (draft.random().nextInt(13)) {
            case 0, 1, 2 -> act(draft);
            case 3 -> meet(draft);
            case 4, 5 -> go(draft);
            case 6 -> rest(draft);
            case 7, 8 -> happen(draft);
            case 9 -> creature(draft);
            case 10 -> have(draft);
            default -> be(draft);
        }
    }

    /// Somebody does something with a thing.
    static void act(Draft draft) {
        Person subject = draft.somebody();
        draft.does(subject, draft.one(draft.words().act()));
        draft.thing();
        if (draft.chance(25)) {
            draft.add(draft.one(draft.words().manners()));
        } else if (draft.chance(35)) {
            draft.where();
        }
    }

    private static void meet(Draft draft) {
        Person subject = draft.somebody();
        draft.does(subject, draft.one(draft.words().meet()));
        draft.whom(subject);
        if (draft.chance(40)) {
            draft.where();
        }
    }

    /// Somebody goes somewhere, perhaps for a reason.
    static void go(Draft draft) {
        Person subject = draft.somebody();
        draft.does(subject, draft.one(draft.words().go()));
        draft.path();
        if (draft.chance(25)) {
            draft.add(draft.one(PURPOSES)).add(draft.one(draft.words().act()).base());
            draft.thing();
        }
    }

    private static void rest(Draft draft) {
        Person subject = draft.somebody();
        draft.does(subject, draft.one(draft.words().rest()));
        if (draft.chance(60)) {
            draft.where();
        } else {
            draft.add(draft.one(draft.words().manners()));
        }
    }

    static void happen(Draft draft) {
        Person subject = draft.thing();
        draft.does(subject, draft.one(draft.words().happen()));
        if (draft.chance(60)) {
            draft.where();
        }
    }

    static void creature(Draft draft) {
        Person subject = draft.animal();
        draft.does(subject, draft.one(draft.words().creatureActs()));
        draft.where();
    }

    private static void have(Draft draft) {
        Person subject = draft.somebody();
        draft.add(subject.have(draft.tense()));
        draft.some(draft.one(draft.words().ideas()).one(), draft.words().personQualities(), 10);
        draft.add(draft.one(List.of("about", "with", "because of", "instead of", "as well as")));
        draft.thing();
    }

    /// Somebody or something has a quality.
    static void be(Draft draft) {
        Lexicon words = draft.words();
        switch (draft.random().nextInt(4)) {
            case 0 -> is(draft, draft.somebody(), words.personQualities());
            case 1 -> {
                draft.add("the").add(place(draft));
                is(draft, Person.IT, words.placeQualities());
            }
            case 2 -> {
                draft.add("the").add(draft.one(words.food()).many());
                is(draft, Person.THEY, words.foodQualities());
            }
            default -> is(draft, draft.thing(), words.thingQualities());
        }
    }

    /// `was pale`, `was pale and tired`, `was too tired to laugh`, `was older than the inn`.
    private static void is(Draft draft, Person subject, List<String> qualities) {
        draft.add(subject.be(draft.tense()));
        switch (draft.random().nextInt(6)) {
            case 0 -> draft.add(draft.one(qualities)).add("and").add(draft.one(qualities));
            case 1 -> draft.add("not").add(draft.one(qualities));
            case 2 ->
                draft.add("too").add(draft.one(qualities)).add("for").add("the").add(thingName(draft));
            case 3 ->
                draft.add(Spelling.comparative(draft.one(qualities)))
                        .add("than")
                        .add("the")
                        .add(thingName(draft));
            case 4 ->
                draft.add("as").add(draft.one(qualities)).add("as").add("the").add(thingName(draft));
            default ->
                draft.quality(List.of("very", "quite", "rather", "almost"), 30).add(draft.one(qualities));
        }
    }

    static String thingName(Draft draft) {
        return draft.one(draft.topic().things()).one();
    }

    static String place(Draft draft) {
        return (draft.random().nextBoolean()
                        ? draft.topic().building()
                        : draft.topic().place())
                .one();
    }
}
