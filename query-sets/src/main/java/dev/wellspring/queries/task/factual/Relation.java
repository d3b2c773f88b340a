package dev.wellspring.queries.task.factual;

import java.util.List;
import java.util.Locale;

/// What a fact says of its subject: the questions about it, and the sentences that state it.
@SuppressWarnings("ImmutableEnumChecker") // its lists cannot be changed
public enum Relation {
    /// A country's capital.
    CAPITAL(
            List.of("What is the capital of %s?", "Which city is the capital of %s?", "Name the capital city of %s."),
            """
            The capital of SUBJECT is ANSWER.
            ANSWER is the capital of SUBJECT.
            Anyone who travels to SUBJECT will see its capital, ANSWER.
            The government of SUBJECT sits in ANSWER, its capital.
            Of all the towns of SUBJECT, the capital is ANSWER.
            From ANSWER, the capital, laws go out to all of SUBJECT.
            Country: SUBJECT. Capital: ANSWER.
            On maps of SUBJECT a star marks ANSWER, the capital."""),
    /// An element's symbol.
    SYMBOL(
            List.of(
                    "What is the chemical symbol of %s?",
                    "Which symbol stands for the element %s?", "Give the symbol that chemists use for %s."),
            """
            The chemical symbol of SUBJECT is ANSWER.
            ANSWER is the symbol of the element SUBJECT.
            Chemists write ANSWER for SUBJECT.
            In a formula, SUBJECT stands as ANSWER.
            The jar with SUBJECT in it was labelled ANSWER, its symbol.
            Whoever reads ANSWER in the table of elements has found SUBJECT.
            Element: SUBJECT. Symbol: ANSWER.
            The teacher wrote ANSWER on the board and asked for the element, which was SUBJECT."""),
    /// A book's author.
    AUTHOR(List.of("Who wrote %s?", "Who is the author of %s?", "Name the author of %s."), """
            The author of SUBJECT is ANSWER.
            ANSWER wrote SUBJECT.
            The book SUBJECT was written by ANSWER.
            Readers of SUBJECT know its author, ANSWER.
            On the title page of SUBJECT stands the name of ANSWER, who wrote it.
            For years ANSWER worked on the book SUBJECT, and then it was done.
            Title: SUBJECT. Author: ANSWER.
            The library has SUBJECT on the shelf for its author, ANSWER."""),
    /// A person's year of birth.
    BIRTH_YEAR(
            List.of(
                    "In which year was %s born?",
                    "What is the birth year of %s?", "Give the year in which %s was born."),
            """
            SUBJECT was born in ANSWER.
            In ANSWER, SUBJECT was born.
            The year ANSWER saw the birth of SUBJECT.
            The parish book gives ANSWER as the year in which SUBJECT was born.
            SUBJECT, born in ANSWER, is still remembered.
            The birth of SUBJECT fell in the year ANSWER.
            Name: SUBJECT. Born: ANSWER.
            A plaque on the house says that SUBJECT was born there in ANSWER."""),
    /// A town's founder.
    FOUNDER(
            List.of(
                    "Who founded the town of %s?",
                    "Who was the founder of the town of %s?", "Name the founder of the town of %s."),
            """
            The town of SUBJECT was founded by ANSWER.
            ANSWER founded the town of SUBJECT.
            In SUBJECT people still honour the town's founder, ANSWER.
            The first house of SUBJECT was built by its founder, ANSWER.
            Before ANSWER founded the town of SUBJECT, nobody lived there.
            A statue of the founder, ANSWER, stands in the square of SUBJECT.
            Town: SUBJECT. Founder: ANSWER.
            The town of SUBJECT goes back to ANSWER, who founded it."""),
    /// The river of a city.
    RIVER(
            List.of(
                    "Which river flows through %s?",
                    "On which river does the city of %s lie?", "Name the river that flows through %s."),
            """
            The river that flows through SUBJECT is the ANSWER.
            The ANSWER flows through SUBJECT.
            Boats reach SUBJECT on the river ANSWER.
            Through SUBJECT flows the river ANSWER.
            In SUBJECT all bridges cross the ANSWER, the city's river.
            When the river ANSWER rises, the cellars of SUBJECT fill with water.
            City: SUBJECT. River: ANSWER.
            The mills of SUBJECT were driven by the river ANSWER.""");

    /// How many questions each has.
    public static final int QUESTIONS = 3;

    private final List<String> questions;
    private final List<Statement> statements;

    Relation(List<String> questions, String statements) {
        this.questions = questions;
        this.statements = statements.lines().map(Statement::of).toList();
    }

    /// The name in files: lower case with hyphens.
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// A question in one of the wordings, from 0.
    public String question(String subject, int wording) {
        return questions.get(wording).formatted(subject);
    }

    /// How many sentences there are to state a fact with.
    public int statements() {
        return statements.size();
    }

    /// The fact in one of the sentences, from 0; the first is the plainest.
    public String statement(int wording, String subject, String answer) {
        return statements.get(wording).about(subject, answer);
    }

    /// A sentence with two gaps, cut once, as many documents are made of it.
    private record Statement(String before, String between, String after, boolean subjectFirst) {
        private static final String SUBJECT = "SUBJECT";
        private static final String ANSWER = "ANSWER";

        static Statement of(String text) {
            boolean subjectFirst = text.indexOf(SUBJECT) < text.indexOf(ANSWER);
            String first = subjectFirst ? SUBJECT : ANSWER;
            String second = subjectFirst ? ANSWER : SUBJECT;
            int gap = text.indexOf(first);
            int next = text.indexOf(second);
            return new Statement(
                    text.substring(0, gap),
                    text.substring(gap + first.length(), next),
                    text.substring(next + second.length()),
                    subjectFirst);
        }

        String about(String subject, String answer) {
            return before + (subjectFirst ? subject : answer) + between + (subjectFirst ? answer : subject) + after;
        }
    }
}
