package dev.wellspring.queries.synthesis.prose;

import java.util.List;

/// What people say, in quotation marks.
final class Speech {
    private static final List<String> MODALS =
            List.of("should", "must not", "could", "will", "ought to", "would rather");
    private static final Verb ASK = Verb.of("ask");
    private static final Verb SAY = Verb.of("say/said/said");

    private Speech() {}

    /// `"The bread is still warm," said the baker.`
    static void quoted(Draft draft) {
        draft.quote();
        int start = draft.length();
        String mark = spoken(draft);
        draft.capital(start);
        draft.mark(mark).mark("\"");
        boolean plain = draft.tense() == Tense.PAST && draft.chance(50);
        Verb tag =
                mark.equals("?") ? ASK : plain ? SAY : draft.one(draft.words().tell());
        if (draft.random().nextBoolean()) {
            draft.add(Person.IT.form(tag, draft.tense()))
                    .add("the")
                    .add(draft.topic().other().one());
        } else {
            Person speaker = draft.hero();
            draft.add(speaker.form(tag, draft.tense()));
        }
        if (draft.chance(20)) {
            draft.add(draft.one(draft.words().manners()));
        }
        draft.mark(".");
    }

    /// A line of a dialogue without a tag.
    static void line(Draft draft) {
        draft.quote();
        int start = draft.length();
        String mark = spoken(draft);
        draft.capital(start);
        draft.mark(mark.equals(",") ? "." : mark).mark("\"");
    }

    /// Says something in the present; returns the mark it ends in.
    private static String spoken(Draft draft) {
        Lexicon words = draft.words();
        Tense before = draft.turn(Tense.PRESENT);
        String mark = ",";
        switch (draft.random().nextInt(8)) {
            case 0 -> {
                draft.add("I have").quality(List.of("never", "already", "always", "just"), 50);
                draft.add(draft.one(words.act()).participle());
                draft.thing();
            }
            case 1 -> {
                draft.add("where").add("is").add("the").add(Clauses.thingName(draft));
                mark = "?";
            }
            case 2 -> {
                draft.add("do you").add(draft.one(words.act()).base());
                draft.thing();
                mark = "?";
            }
            case 3 -> {
                draft.add(draft.random().nextBoolean() ? "we" : "you").add(draft.one(MODALS));
                draft.add(draft.one(words.act()).base());
                draft.thing();
            }
            case 4 -> {
                draft.add(draft.one(words.act()).base());
                draft.thing();
                mark = "!";
            }
            case 5 -> {
                draft.add("what").some(draft.one(words.ideas()).one(), words.personQualities(), 70);
                mark = "!";
            }
            case 6 -> {
                draft.add("I am").add(draft.one(words.personQualities())).add("and you are");
                draft.add(draft.one(words.personQualities()));
            }
            default -> Clauses.be(draft);
        }
        draft.turn(before);
        return mark;
    }
}
