package dev.wellspring.queries.task.arithmetic;

import java.util.random.RandomGenerator;

/// Which of several phrases that mean the same a solution uses.
@FunctionalInterface
interface Wording {
    /// The first of each: what the queries' completions say.
    Wording USUAL = phrases -> phrases[0];

    /// One of them; the first is the usual one.
    String of(String... phrases);

    /// Drawn anew for every phrase.
    static Wording drawn(RandomGenerator random) {
        return phrases -> phrases[random.nextInt(phrases.length)];
    }
}
