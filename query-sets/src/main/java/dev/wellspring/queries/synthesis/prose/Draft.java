package dev.wellspring.queries.synthesis.prose;

import java.util.List;
import java.util.random.RandomGenerator;

/// A text in the making: what is written so far, what it is about, and who has been named. Its methods write phrases
/// that agree, each with a space before it but for the first of a line.
final class Draft {
    private static final List<String> NUMBERS = List.of("two", "three", "four", "five", "six", "seven", "a dozen");
    private static final List<String> AMOUNTS = List.of("several", "many", "a few", "some", "most of the", "a pair of");
    private static final List<String> INSIDE =
            List.of("in", "near", "behind", "outside", "opposite", "next to", "inside");
    private static final List<String> NEAR = List.of("near", "beyond", "by", "not far from", "on this side of", "past");
    private static final List<String> ALONG = List.of("across", "along", "towards", "around", "past", "through", "to");
    private static final List<String> CAN_PAST = List.of("could", "would", "might", "had to", "should have to");
    private static final List<String> CAN_PRESENT = List.of("can", "will", "may", "must", "should", "cannot");
    private static final List<String> TO_PAST =
            List.of("began to", "wanted to", "tried to", "meant to", "used to", "was asked to", "was about to");

    private final StringBuilder text = new StringBuilder(640);
    private final Lexicon words = Lexicon.ENGLISH;
    private final RandomGenerator random;
    private final Topic topic;
    private final Person narrator;
    private Tense tense;
    private boolean heroNamed;
    private boolean otherNamed;
    private int thingsNamed;
    private boolean sticks = true;

    /// @param narrator who acts: `I`, `we` or `you`, or the topic's own hero
    Draft(Topic topic, Person narrator, Tense tense, RandomGenerator random) {
        this.topic = topic;
        this.narrator = narrator;
        this.tense = tense;
        this.random = random;
    }

    Topic topic() {
        return topic;
    }

    Lexicon words() {
        return words;
    }

    RandomGenerator random() {
        return random;
    }

    Tense tense() {
        return tense;
    }

    /// Writes on in another tense, and returns the one before.
    Tense turn(Tense to) {
        Tense before = tense;
        tense = to;
        return before;
    }

    /// How much is written.
    int length() {
        return text.length();
    }

    String text() {
        return text.toString();
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    /// Words as they are.
    Draft add(String phrase) {
        if (!sticks) {
            text.append(' ');
        }
        text.append(phrase);
        sticks = false;
        return this;
    }

    /// Punctuation, without a space before.
    Draft mark(String sign) {
        text.append(sign);
        return this;
    }

    /// Line breaks, after which the next word begins without a space.
    Draft line(String breaks) {
        text.append(breaks);
        sticks = true;
        return this;
    }

    /// An opening quotation mark, to which the next word sticks.
    Draft quote() {
        add("\"");
        sticks = true;
        return this;
    }

    /// Whether a sentence has its mark.
    boolean isEnded() {
        char last = text.charAt(text.length() - 1);
        return last == '.' || last == '?' || last == '!' || last == '"';
    }

    /// The letter from a place on as a capital.
    void capital(int from) {
        int at = from;
        while (at < text.length() && !Character.isLetter(text.charAt(at))) {
            at++;
        }
        if (at < text.length()) {
            text.setCharAt(at, Character.toUpperCase(text.charAt(at)));
        }
    }

    /// Nobody has been named yet, as at the start of a paragraph.
    void nameAgain() {
        heroNamed = false;
    }

    /// The hero as the subject: by name or by pronoun.
    Person hero() {
        if (narrator == topic.pronoun()) {
            if (heroNamed && chance(60)) {
                add(narrator.subject());
            } else {
                add("the");
                quality(words.personQualities(), 15);
                add(topic.hero().one());
                heroNamed = true;
            }
        } else {
            add(narrator.subject());
        }
        return narrator;
    }

    /// Anybody as the subject.
    Person somebody() {
        return switch (random.nextInt(10)) {
            case 0, 1 -> other();
            case 2 -> people();
            default -> hero();
        };
    }

    /// The one whom the hero meets; what follows may call the hero by name again.
    Person other() {
        known(topic.other().one(), words.personQualities(), otherNamed);
        otherNamed = true;
        heroNamed = false;
        return topic.pronoun() == Person.HE ? Person.SHE : Person.HE;
    }

    /// Several people.
    Person people() {
        if (chance(50)) {
            add("the");
        } else {
            amount();
        }
        quality(words.personQualities(), 15);
        add(topic.group().many());
        return Person.THEY;
    }

    Person animal() {
        if (chance(30)) {
            amount();
            add(topic.animal().many());
            return Person.THEY;
        }
        known(topic.animal().one(), words.personQualities(), chance(60));
        return Person.IT;
    }

    /// One of the topic's things, or sometimes another.
    Person thing() {
        int which = random.nextInt(topic.things().size() + 1);
        if (which == topic.things().size()) {
            amount();
            quality(words.thingQualities(), 25);
            add(one(words.things()).many());
            return Person.THEY;
        }
        known(topic.things().get(which).one(), words.thingQualities(), (thingsNamed >>> which & 1) == 1);
        thingsNamed |= 1 << which;
        return Person.IT;
    }

    /// `a` or, once it is known, `the`; seldom with the possessive.
    private void known(String noun, List<String> qualities, boolean known) {
        if (known) {
            add(heroNamed && chance(20) ? narrator.possessive() : "the");
            quality(qualities, 12);
            add(noun);
        } else {
            some(noun, qualities, 45);
        }
    }

    /// A noun with the indefinite article.
    void some(String noun, List<String> qualities, int percent) {
        if (chance(percent)) {
            String quality = one(qualities);
            add(Spelling.article(quality)).add(quality).add(noun);
        } else {
            add(Spelling.article(noun)).add(noun);
        }
    }

    Draft quality(List<String> qualities, int percent) {
        if (chance(percent)) {
            add(one(qualities));
        }
        return this;
    }

    void amount() {
        add(one(random.nextBoolean() ? NUMBERS : AMOUNTS));
    }

    /// Where something is.
    void where() {
        if (random.nextBoolean()) {
            add(one(INSIDE)).add("the");
            quality(words.placeQualities(), 30);
            add(chance(65) ? topic.building().one() : one(words.buildings()).one());
        } else {
            add(one(NEAR)).add("the");
            quality(words.placeQualities(), 30);
            add(chance(65) ? topic.place().one() : one(words.places()).one());
        }
    }

    /// Which way somebody goes.
    void path() {
        add(one(ALONG)).add("the");
        quality(words.placeQualities(), 30);
        boolean outside = random.nextBoolean();
        add((outside ? chance(60) ? topic.place() : one(words.places()) : topic.building()).one());
    }

    /// Whom the hero or somebody else meets.
    void whom(Person subject) {
        boolean heroActs = subject == narrator;
        if (heroActs && chance(60)) {
            known(topic.other().one(), words.personQualities(), otherNamed);
            otherNamed = true;
        } else if (heroActs || narrator == Person.YOU) {
            people();
        } else if (heroNamed || narrator != topic.pronoun()) {
            add(narrator.object());
        } else {
            add("the").add(topic.hero().one());
        }
    }

    /// A verb in the text's tense and in one of many aspects.
    void does(Person subject, Verb verb) {
        switch (random.nextInt(20)) {
            case 0, 1 -> add(one(words.frequencies())).add(subject.form(verb, tense));
            case 2 -> add(subject.doNot(tense)).add(verb.base());
            case 3 -> add(subject.be(tense)).add(verb.gerund());
            case 4, 5 -> add(subject.have(tense)).add(verb.participle());
            case 6, 7 -> add(one(tense == Tense.PAST ? CAN_PAST : CAN_PRESENT)).add(verb.base());
            case 8 -> intends(subject, verb);
            default -> add(subject.form(verb, tense));
        }
    }

    private void intends(Person subject, Verb verb) {
        if (tense == Tense.PAST && subject.be(tense).equals("was")) {
            add(one(TO_PAST)).add(verb.base());
        } else {
            add(subject.have(tense)).add("to").add(verb.base());
        }
    }
}
