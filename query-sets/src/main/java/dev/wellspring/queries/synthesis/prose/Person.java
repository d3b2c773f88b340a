package dev.wellspring.queries.synthesis.prose;

/// Who acts, as far as grammar asks: the pronouns, and the forms of `be`, `have` and `do`.
enum Person {
    I("I", "me", "my", "am", "was"),
    YOU("you", "you", "your", "are", "were"),
    HE("he", "him", "his", "is", "was"),
    SHE("she", "her", "her", "is", "was"),
    IT("it", "it", "its", "is", "was"),
    WE("we", "us", "our", "are", "were"),
    THEY("they", "them", "their", "are", "were");

    private final String subject;
    private final String object;
    private final String possessive;
    private final String present;
    private final String past;

    Person(String subject, String object, String possessive, String present, String past) {
        this.subject = subject;
        this.object = object;
        this.possessive = possessive;
        this.present = present;
        this.past = past;
    }

    String subject() {
        return subject;
    }

    String object() {
        return object;
    }

    String possessive() {
        return possessive;
    }

    String be(Tense tense) {
        return tense == Tense.PAST ? past : present;
    }

    String have(Tense tense) {
        return tense == Tense.PAST ? "had" : isThird() ? "has" : "have";
    }

    String doNot(Tense tense) {
        return tense == Tense.PAST ? "did not" : isThird() ? "does not" : "do not";
    }

    String form(Verb verb, Tense tense) {
        return tense == Tense.PAST ? verb.past() : isThird() ? verb.third() : verb.base();
    }

    private boolean isThird() {
        return this == HE || this == SHE || this == IT;
    }
}
