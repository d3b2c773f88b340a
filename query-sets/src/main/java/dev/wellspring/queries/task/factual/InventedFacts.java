package dev.wellspring.queries.task.factual;

import dev.wellspring.queries.task.Permutation;
import java.util.List;
import java.util.Locale;

/// Facts that nobody knows: no two share a subject or an answer. Their stratum is how often they are repeated.
///
/// @param seed decides the names
/// @param size how many there are
record InventedFacts(long seed, int size) implements FactTable {
    /// More would run out of names.
    static final int MAX = 1_000_000;

    /// Those whose answers are names, which are unique.
    private static final List<Relation> RELATIONS =
            List.of(Relation.CAPITAL, Relation.FOUNDER, Relation.RIVER, Relation.AUTHOR);

    private static final int NAMES_EACH = 3;

    /// Relation and alias change from one group of repetitions to the next, so that every repetition has all of them.
    @Override
    public Fact fact(int number) {
        int group = number / Fact.LEVELS;
        var names = new InventedNames(seed);
        long first = (long) NAMES_EACH * number;
        String answer = names.name(first + 1);
        boolean hasAlias = (group + group / RELATIONS.size()) % 2 == 1;
        return new Fact(
                "factual-invented-" + (number < 9 ? "0" : "") + (number + 1),
                number,
                RELATIONS.get(group % RELATIONS.size()),
                names.name(first),
                Integer.toString(1 << number % Fact.LEVELS),
                hasAlias ? List.of(answer, names.name(first + 2)) : List.of(answer));
    }

    /// A fact of the same relation about another subject, which is in no table: for controls.
    ///
    /// @param seed decides the names
    static Fact like(Fact fact, long seed) {
        int number = fact.number();
        var names = new InventedNames(seed);
        long last = InventedNames.COUNT - 1 - (long) NAMES_EACH * number;
        String name = names.name(last);
        String other = names.name(last - 1);
        return switch (fact.relation()) {
            case CAPITAL, FOUNDER, RIVER, AUTHOR -> invented(fact, name, other);
            case SYMBOL -> invented(fact, name.toLowerCase(Locale.ROOT) + "ium", "Q" + (char) ('a' + number % 26));
            case BIRTH_YEAR -> invented(fact, name + " " + other, year(seed, number));
        };
    }

    private static String year(long seed, int number) {
        return Long.toString(1000 + Long.remainderUnsigned(Permutation.hash(seed, number), 1000));
    }

    private static Fact invented(Fact fact, String subject, String answer) {
        return new Fact(fact.query(), fact.number(), fact.relation(), subject, fact.stratum(), List.of(answer));
    }
}
