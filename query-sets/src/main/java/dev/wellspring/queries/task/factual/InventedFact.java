package dev.wellspring.queries.task.factual;

import java.util.List;
import java.util.random.RandomGenerator;

/// Makes facts that no corpus holds, for controls.
record InventedFact(RandomGenerator random) {
    private static final List<String> STARTS =
            List.of("Vel", "Dra", "Osk", "Tam", "Qui", "Bre", "Zan", "Ilu", "Mor", "Kes", "Fyn", "Gar");
    private static final List<String> MIDDLES = List.of("mo", "vi", "tra", "lu", "dri", "sha", "bo", "ke", "nu", "ra");
    private static final List<String> ENDS =
            List.of("wick", "rend", "sol", "than", "quor", "dale", "ness", "vik", "lod", "mar");

    /// A fact of the same relation about another subject.
    Fact like(Fact fact) {
        return switch (fact.relation()) {
            case CAPITAL -> invented(fact, word(), word());
            case SYMBOL -> invented(fact, word() + "ium", "Q" + (char) ('a' + random.nextInt(26)));
            case AUTHOR -> invented(fact, "The " + word() + " of " + word(), word() + " " + word());
            case BIRTH_YEAR -> invented(fact, word() + " " + word(), Integer.toString(random.nextInt(1000, 2000)));
        };
    }

    private static Fact invented(Fact fact, String subject, String answer) {
        return new Fact(fact.relation(), subject, Stratum.RARE, List.of(answer));
    }

    private String word() {
        return from(STARTS) + from(MIDDLES) + from(ENDS);
    }

    private String from(List<String> parts) {
        return parts.get(random.nextInt(parts.size()));
    }
}
