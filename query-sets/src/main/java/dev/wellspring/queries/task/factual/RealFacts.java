package dev.wellspring.queries.task.factual;

import static dev.wellspring.queries.task.factual.Relation.AUTHOR;
import static dev.wellspring.queries.task.factual.Relation.BIRTH_YEAR;
import static dev.wellspring.queries.task.factual.Relation.CAPITAL;
import static dev.wellspring.queries.task.factual.Relation.SYMBOL;
import static dev.wellspring.queries.task.factual.Stratum.FREQUENT;
import static dev.wellspring.queries.task.factual.Stratum.MEDIUM;
import static dev.wellspring.queries.task.factual.Stratum.RARE;

import java.util.List;

/// Facts of the world: ten of each relation, from much to little written about.
///
/// @param size how many from the first on
record RealFacts(int size) implements FactTable {
    /// The facts in the order of the queries.
    static final List<Known> ALL = List.of(
            known(CAPITAL, "Belgium", FREQUENT, "Brussels", "Bruxelles", "Brussel"),
            known(SYMBOL, "iron", FREQUENT, "Fe"),
            known(AUTHOR, "Hamlet", FREQUENT, "William Shakespeare", "Shakespeare"),
            known(BIRTH_YEAR, "Charles Darwin", FREQUENT, "1809"),
            known(CAPITAL, "Japan", FREQUENT, "Tokyo"),
            known(SYMBOL, "gold", FREQUENT, "Au"),
            known(AUTHOR, "Pride and Prejudice", FREQUENT, "Jane Austen", "Austen"),
            known(BIRTH_YEAR, "Albert Einstein", FREQUENT, "1879"),
            known(CAPITAL, "Australia", FREQUENT, "Canberra"),
            known(SYMBOL, "sodium", FREQUENT, "Na"),
            known(AUTHOR, "Moby-Dick", FREQUENT, "Herman Melville", "Melville"),
            known(BIRTH_YEAR, "Marie Curie", FREQUENT, "1867"),
            known(CAPITAL, "Kenya", MEDIUM, "Nairobi"),
            known(SYMBOL, "tin", MEDIUM, "Sn"),
            known(AUTHOR, "Middlemarch", MEDIUM, "George Eliot", "Mary Ann Evans", "Eliot"),
            known(BIRTH_YEAR, "Ada Lovelace", MEDIUM, "1815"),
            known(CAPITAL, "Uruguay", MEDIUM, "Montevideo"),
            known(SYMBOL, "lead", MEDIUM, "Pb"),
            known(AUTHOR, "The Trial", MEDIUM, "Franz Kafka", "Kafka"),
            known(BIRTH_YEAR, "Emmy Noether", MEDIUM, "1882"),
            known(CAPITAL, "Mongolia", MEDIUM, "Ulaanbaatar", "Ulan Bator"),
            known(SYMBOL, "mercury", MEDIUM, "Hg"),
            known(AUTHOR, "Solaris", MEDIUM, "Stanisław Lem", "Stanislaw Lem", "Lem"),
            known(BIRTH_YEAR, "Alan Turing", MEDIUM, "1912"),
            known(CAPITAL, "Burkina Faso", RARE, "Ouagadougou"),
            known(SYMBOL, "antimony", RARE, "Sb"),
            known(AUTHOR, "The Good Soldier Švejk", RARE, "Jaroslav Hašek", "Hašek"),
            known(BIRTH_YEAR, "Maria Sibylla Merian", RARE, "1647"),
            known(CAPITAL, "Vanuatu", RARE, "Port Vila"),
            known(SYMBOL, "ytterbium", RARE, "Yb"),
            known(AUTHOR, "Oblomov", RARE, "Ivan Goncharov", "Goncharov"),
            known(BIRTH_YEAR, "Sofya Kovalevskaya", RARE, "1850"),
            known(CAPITAL, "Tuvalu", RARE, "Funafuti"),
            known(SYMBOL, "praseodymium", RARE, "Pr"),
            known(AUTHOR, "The Tartar Steppe", RARE, "Dino Buzzati", "Buzzati"),
            known(BIRTH_YEAR, "Srinivasa Ramanujan", RARE, "1887"),
            known(CAPITAL, "Kyrgyzstan", RARE, "Bishkek"),
            known(SYMBOL, "dysprosium", RARE, "Dy"),
            known(AUTHOR, "Independent People", RARE, "Halldór Laxness", "Laxness"),
            known(BIRTH_YEAR, "Mary Anning", RARE, "1799"));

    /// A fact without its place in the table.
    record Known(Relation relation, String subject, Stratum stratum, List<String> answers) {}

    /// There are no more than [#ALL].
    RealFacts {
        size = Math.min(size, ALL.size());
    }

    @Override
    public Fact fact(int number) {
        Known known = ALL.get(number);
        return new Fact(
                "factual-" + (number < 9 ? "0" : "") + (number + 1),
                number,
                known.relation,
                known.subject,
                known.stratum.text(),
                known.answers);
    }

    private static Known known(Relation relation, String subject, Stratum stratum, String... answers) {
        return new Known(relation, subject, stratum, List.of(answers));
    }
}
