package dev.wellspring.queries.task.factual;

import static dev.wellspring.queries.task.factual.Relation.AUTHOR;
import static dev.wellspring.queries.task.factual.Relation.BIRTH_YEAR;
import static dev.wellspring.queries.task.factual.Relation.CAPITAL;
import static dev.wellspring.queries.task.factual.Relation.SYMBOL;
import static dev.wellspring.queries.task.factual.Stratum.FREQUENT;
import static dev.wellspring.queries.task.factual.Stratum.MEDIUM;
import static dev.wellspring.queries.task.factual.Stratum.RARE;

import java.util.List;

/// The facts that are asked about: ten of each relation, from much to little written about.
public final class FactTable {
    /// The facts in the order of the queries.
    public static final List<Fact> FACTS = List.of(
            fact(CAPITAL, "Belgium", FREQUENT, "Brussels", "Bruxelles", "Brussel"),
            fact(SYMBOL, "iron", FREQUENT, "Fe"),
            fact(AUTHOR, "Hamlet", FREQUENT, "William Shakespeare", "Shakespeare"),
            fact(BIRTH_YEAR, "Charles Darwin", FREQUENT, "1809"),
            fact(CAPITAL, "Japan", FREQUENT, "Tokyo"),
            fact(SYMBOL, "gold", FREQUENT, "Au"),
            fact(AUTHOR, "Pride and Prejudice", FREQUENT, "Jane Austen", "Austen"),
            fact(BIRTH_YEAR, "Albert Einstein", FREQUENT, "1879"),
            fact(CAPITAL, "Australia", FREQUENT, "Canberra"),
            fact(SYMBOL, "sodium", FREQUENT, "Na"),
            fact(AUTHOR, "Moby-Dick", FREQUENT, "Herman Melville", "Melville"),
            fact(BIRTH_YEAR, "Marie Curie", FREQUENT, "1867"),
            fact(CAPITAL, "Kenya", MEDIUM, "Nairobi"),
            fact(SYMBOL, "tin", MEDIUM, "Sn"),
            fact(AUTHOR, "Middlemarch", MEDIUM, "George Eliot", "Mary Ann Evans", "Eliot"),
            fact(BIRTH_YEAR, "Ada Lovelace", MEDIUM, "1815"),
            fact(CAPITAL, "Uruguay", MEDIUM, "Montevideo"),
            fact(SYMBOL, "lead", MEDIUM, "Pb"),
            fact(AUTHOR, "The Trial", MEDIUM, "Franz Kafka", "Kafka"),
            fact(BIRTH_YEAR, "Emmy Noether", MEDIUM, "1882"),
            fact(CAPITAL, "Mongolia", MEDIUM, "Ulaanbaatar", "Ulan Bator"),
            fact(SYMBOL, "mercury", MEDIUM, "Hg"),
            fact(AUTHOR, "Solaris", MEDIUM, "Stanisław Lem", "Stanislaw Lem", "Lem"),
            fact(BIRTH_YEAR, "Alan Turing", MEDIUM, "1912"),
            fact(CAPITAL, "Burkina Faso", RARE, "Ouagadougou"),
            fact(SYMBOL, "antimony", RARE, "Sb"),
            fact(AUTHOR, "The Good Soldier Švejk", RARE, "Jaroslav Hašek", "Hašek"),
            fact(BIRTH_YEAR, "Maria Sibylla Merian", RARE, "1647"),
            fact(CAPITAL, "Vanuatu", RARE, "Port Vila"),
            fact(SYMBOL, "ytterbium", RARE, "Yb"),
            fact(AUTHOR, "Oblomov", RARE, "Ivan Goncharov", "Goncharov"),
            fact(BIRTH_YEAR, "Sofya Kovalevskaya", RARE, "1850"),
            fact(CAPITAL, "Tuvalu", RARE, "Funafuti"),
            fact(SYMBOL, "praseodymium", RARE, "Pr"),
            fact(AUTHOR, "The Tartar Steppe", RARE, "Dino Buzzati", "Buzzati"),
            fact(BIRTH_YEAR, "Srinivasa Ramanujan", RARE, "1887"),
            fact(CAPITAL, "Kyrgyzstan", RARE, "Bishkek"),
            fact(SYMBOL, "dysprosium", RARE, "Dy"),
            fact(AUTHOR, "Independent People", RARE, "Halldór Laxness", "Laxness"),
            fact(BIRTH_YEAR, "Mary Anning", RARE, "1799"));

    private FactTable() {}

    private static Fact fact(Relation relation, String subject, Stratum stratum, String... answers) {
        return new Fact(relation, subject, stratum, List.of(answers));
    }
}
