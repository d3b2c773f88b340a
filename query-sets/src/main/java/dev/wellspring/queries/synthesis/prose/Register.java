package dev.wellspring.queries.synthesis.prose;

import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/// Kinds of text, each with its own order, tense and person.
public enum Register {
    /// What happened to somebody.
    STORY {
        @Override
        void write(Draft draft, int sentences) {
            paragraphs(draft, sentences);
        }
    },
    /// What a place is like.
    DESCRIPTION {
        @Override
        Draft begin(Topic topic, RandomGenerator random) {
            return new Draft(topic, topic.pronoun(), Tense.PRESENT, random);
        }

        @Override
        void write(Draft draft, int sentences) {
            for (int sentence = 0; sentence < sentences; sentence++) {
                int start = draft.length();
                describe(draft, sentence);
                Sentences.end(draft, start);
            }
        }
    },
    /// From one person to another.
    LETTER {
        @Override
        Draft begin(Topic topic, RandomGenerator random) {
            return new Draft(topic, random.nextBoolean() ? Person.I : Person.WE, Tense.PAST, random);
        }

        @Override
        void write(Draft draft, int sentences) {
            draft.add("Dear").add(draft.topic().other().one()).mark(",").line("\n\n");
            paragraphs(draft, sentences);
            draft.line("\n\n")
                    .add(draft.one(List.of("Yours", "With love", "Your friend", "Until soon")))
                    .mark(",")
                    .line("\n");
            draft.add("the").add(draft.topic().hero().one());
        }
    },
    /// One day after another.
    DIARY {
        @Override
        Draft begin(Topic topic, RandomGenerator random) {
            return new Draft(topic, Person.I, Tense.PAST, random);
        }

        @Override
        void write(Draft draft, int sentences) {
            for (int sentence = 0; sentence < sentences; sentence++) {
                if (sentence % 3 == 0) {
                    draft.line(sentence == 0 ? "" : "\n").add(draft.one(DAYS)).mark(".");
                }
                Sentences.any(draft);
            }
        }
    },
    /// How a dish is made.
    RECIPE {
        @Override
        void write(Draft draft, int sentences) {
            Cookery.write(draft, sentences);
        }
    },
    /// Where to go and what to look at.
    TRAVEL_NOTE {
        @Override
        Draft begin(Topic topic, RandomGenerator random) {
            return new Draft(topic, Person.YOU, Tense.PRESENT, random);
        }

        @Override
        void write(Draft draft, int sentences) {
            int start = draft.length();
            draft.add("from the").add(draft.one(draft.words().places()).one()).add("you");
            draft.add(draft.one(draft.words().go()).base());
            draft.path();
            Sentences.end(draft, start);
            for (int sentence = 1; sentence < sentences; sentence++) {
                Sentences.any(draft);
            }
        }
    },
    /// Two people talking.
    DIALOGUE {
        @Override
        void write(Draft draft, int sentences) {
            for (int sentence = 0; sentence < sentences; sentence++) {
                if (sentence > 0) {
                    draft.line("\n");
                }
                if (draft.chance(50)) {
                    Speech.quoted(draft);
                } else {
                    Speech.line(draft);
                }
            }
        }
    },
    /// What was lost, or is for sale.
    NOTICE {
        @Override
        void write(Draft draft, int sentences) {
            Lexicon words = draft.words();
            draft.add(draft.one(List.of("For sale", "Lost", "Found", "Wanted", "To let", "Exchange")))
                    .mark(":");
            draft.some(Clauses.thingName(draft), words.thingQualities(), 80);
            draft.mark(",");
            draft.some(draft.one(words.vehicles()).one(), words.thingQualities(), 80);
            draft.add("and").amount();
            draft.add(draft.one(words.garments()).many()).mark(".");
            int start = draft.length();
            draft.add("ask the").add(draft.topic().hero().one());
            draft.where();
            Sentences.end(draft, start);
            for (int sentence = 2; sentence < sentences; sentence++) {
                Sentences.any(draft);
            }
        }
    };

    private static final List<String> DAYS = List.of(
            "Monday",
            "Tuesday",
            "Wednesday",
            "Thursday",
            "Friday",
            "Saturday",
            "Sunday",
            "Monday morning",
            "Late on Tuesday",
            "Sunday evening",
            "The first day",
            "The day after",
            "Midsummer",
            "New moon",
            "Market day",
            "The last day");
    private static final int PARAGRAPH = 4;

    /// The name in files: lower case with hyphens.
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// A text of so many sentences, besides what belongs to its form.
    public String text(int sentences, RandomGenerator random) {
        Draft draft = begin(Topic.draw(random), random);
        write(draft, sentences);
        return draft.text();
    }

    Draft begin(Topic topic, RandomGenerator random) {
        return new Draft(topic, topic.pronoun(), Tense.PAST, random);
    }

    abstract void write(Draft draft, int sentences);

    private static void paragraphs(Draft draft, int sentences) {
        for (int sentence = 0; sentence < sentences; sentence++) {
            if (sentence > 0 && sentence % PARAGRAPH == 0) {
                draft.line("\n\n");
                draft.nameAgain();
            }
            Sentences.any(draft);
        }
    }

    private static void describe(Draft draft, int sentence) {
        Lexicon words = draft.words();
        Topic topic = draft.topic();
        switch (sentence == 0 ? 0 : draft.random().nextInt(1, 7)) {
            case 0 -> {
                draft.add("the")
                        .quality(words.placeQualities(), 60)
                        .add(topic.building().one());
                draft.add(draft.one(List.of("stands", "lies", "has stood for a long time", "can be found")))
                        .add("near the");
                draft.quality(words.placeQualities(), 50).add(topic.place().one());
            }
            case 1 -> {
                draft.add("its roof is of").add(draft.one(words.matter())).add("and its walls are of");
                draft.add(draft.one(words.matter()));
            }
            case 2 -> {
                draft.add("around it grow")
                        .add(draft.one(words.plants()).many())
                        .mark(",");
                draft.add(draft.one(words.plants()).many()).add("and").quality(List.of("old", "tall", "wild"), 50);
                draft.add(draft.one(words.plants()).many());
            }
            case 3 -> {
                draft.add("inside there").add("are").amount();
                draft.add(draft.one(words.things()).many()).add("and");
                draft.some(draft.one(words.things()).one(), words.thingQualities(), 60);
            }
            default -> Clauses.any(draft);
        }
    }
}
