package dev.wellspring.queries.synthesis.prose;

import java.util.List;

/// Whole sentences of many shapes.
final class Sentences {
    private static final List<String> WHEN =
            List.of("when", "while", "before", "after", "until", "as soon as", "whenever");
    private static final List<String> WHY = List.of("because", "although", "so that", "even though", "unless", "as if");
    private static final List<String> AND = List.of(", and", ", but", ", so", "; then", ", yet", ", or", "; meanwhile");
    private static final List<String> ASK = List.of("who", "why", "where", "when", "how", "how often");
    private static final List<String> SURFACES = List.of(
            "on the shelf",
            "on the table",
            "in the corner",
            "in the cart",
            "under the stairs",
            "beside the stove",
            "in the box",
            "on the window sill",
            "at the bottom of the chest");

    private Sentences() {}

    /// One sentence, with its full stop.
    static void any(Draft draft) {
        int start = draft.length();
        switch (draft.random().nextInt(22)) {
            case 0, 1 -> joined(draft, draft.one(WHEN));
            case 2 -> joined(draft, draft.one(WHY));
            case 3, 4, 5 -> compound(draft);
            case 6, 7, 8 -> timed(draft);
            case 9 -> relative(draft);
            case 10 -> list(draft);
            case 11 -> Speech.quoted(draft);
            case 12 -> question(draft);
            case 13 -> known(draft);
            case 14 -> participle(draft);
            case 15 -> passive(draft);
            case 16 -> weather(draft);
            case 17 -> conditional(draft);
            default -> Clauses.any(draft);
        }
        end(draft, start);
    }

    /// Makes a sentence of what stands from a place on.
    static void end(Draft draft, int start) {
        draft.capital(start);
        if (!draft.isEnded()) {
            draft.mark(".");
        }
    }

    /// A subordinate clause before or after the main one.
    private static void joined(Draft draft, String link) {
        if (draft.random().nextBoolean()) {
            draft.add(link);
            Clauses.any(draft);
            draft.mark(",");
            Clauses.any(draft);
        } else {
            Clauses.any(draft);
            draft.add(link);
            Clauses.any(draft);
        }
    }

    private static void compound(Draft draft) {
        Clauses.any(draft);
        draft.mark(draft.one(AND));
        Clauses.any(draft);
    }

    private static void timed(Draft draft) {
        boolean past = draft.tense() == Tense.PAST && draft.random().nextBoolean();
        draft.add(draft.one(past ? draft.words().pastTimes() : draft.words().times()))
                .mark(",");
        Clauses.any(draft);
    }

    /// `The brother, who had mended the clock, walked to the mill.`
    private static void relative(Draft draft) {
        Lexicon words = draft.words();
        draft.add("the").add(draft.topic().other().one()).mark(", who");
        draft.does(Person.IT, draft.one(words.act()));
        draft.thing();
        draft.mark(",");
        draft.does(Person.IT, draft.one(words.go()));
        draft.path();
    }

    /// `On the shelf lay a candle, two spoons and a broken clock.`
    private static void list(Draft draft) {
        Lexicon words = draft.words();
        draft.add(draft.one(SURFACES));
        draft.add(draft.tense() == Tense.PAST ? draft.one(List.of("lay", "was", "stood")) : "there is");
        draft.some(Clauses.thingName(draft), words.thingQualities(), 40);
        for (int more = draft.random().nextInt(3); more >= 0; more--) {
            draft.mark(",");
            if (draft.random().nextBoolean()) {
                draft.amount();
                draft.add(draft.one(draft.random().nextBoolean() ? words.food() : words.garments())
                        .many());
            } else {
                draft.some(draft.one(words.things()).one(), words.thingQualities(), 30);
            }
        }
        draft.add("and").add("some").add(draft.one(words.matter()));
    }

    private static void question(Draft draft) {
        Lexicon words = draft.words();
        String word = draft.one(ASK);
        draft.add(word);
        if (word.equals("who")) {
            draft.does(Person.IT, draft.one(words.act()));
            draft.thing();
        } else {
            draft.add(draft.tense() == Tense.PAST ? "did" : "do")
                    .add("the")
                    .add(draft.topic().group().many());
            draft.add(draft.one(words.act()).base());
            draft.thing();
        }
        draft.mark("?");
    }

    /// `She knew that the bridge was narrow.`
    private static void known(Draft draft) {
        Person subject = draft.somebody();
        draft.does(subject, draft.one(draft.words().know()));
        draft.add("that");
        Clauses.any(draft);
    }

    /// `Mending the net, the sailor laughed.`
    private static void participle(Draft draft) {
        draft.add(draft.one(draft.words().act()).gerund());
        draft.thing();
        draft.mark(",");
        draft.nameAgain();
        Person subject = draft.hero();
        draft.does(subject, draft.one(draft.words().rest()));
        draft.where();
    }

    /// `The letter was hidden by the tailor.`
    private static void passive(Draft draft) {
        Person subject = draft.thing();
        draft.add(draft.random().nextBoolean() ? subject.be(draft.tense()) : subject.have(draft.tense()) + " been");
        draft.add(draft.one(draft.words().act()).participle());
        if (draft.random().nextBoolean()) {
            draft.add("by the").add(draft.topic().other().one());
        } else {
            draft.where();
        }
    }

    private static void weather(Draft draft) {
        if (draft.tense() == Tense.PRESENT) {
            Clauses.creature(draft);
            return;
        }
        draft.add(draft.one(draft.words().weather())).mark(draft.one(AND));
        Clauses.any(draft);
    }

    private static void conditional(Draft draft) {
        Tense before = draft.turn(Tense.PRESENT);
        draft.add("if");
        Clauses.happen(draft);
        draft.mark(", the").add(draft.topic().group().many()).add("will");
        draft.add(draft.one(draft.words().act()).base());
        draft.thing();
        draft.turn(before);
    }
}
