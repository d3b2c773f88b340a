package dev.wellspring.queries.synthesis;

import dev.wellspring.queries.synthesis.prose.Prose;
import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.Parameter;
import dev.wellspring.queries.task.Parameters;
import dev.wellspring.queries.task.factual.Fact;
import dev.wellspring.queries.task.factual.FactTable;
import dev.wellspring.queries.task.factual.Relation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// The facts that the queries of `factual` ask for, each in 1, 2, 4, … or 64 documents that word it differently.
final class FactSheets implements DocumentFamily {
    /// How many documents the facts of one group take, of which each is repeated twice as often as the one before.
    private static final int GROUP = (1 << Fact.LEVELS) - 1;

    /// Keeps the prose around the facts apart from that of other families.
    private static final long STREAM = 0xFAC75;

    @Override
    public String name() {
        return "facts";
    }

    @Override
    public FamilyDescription describe() {
        List<Parameter> parameters = new ArrayList<>(FactTable.parameters("invented"));
        parameters.add(Parameter.of("prose", 2, "sentences of prose around the fact, at most, 0 to 20"));
        parameters.add(Parameter.of(
                "question-every",
                0,
                "of a fact's documents, every so manieth asks and answers as queries do; 0 for none"));
        return new FamilyDescription(
                "The facts that the queries of factual ask for under the same seed, a seventh of them each in 1, 2, 4,"
                        + " 8, 16, 32 and 64 documents with varied wording.",
                "Ruis et al. 2024, arXiv 2411.12580; repetition as a controlled variable",
                parameters,
                Map.of(Role.ANSWER_FACT.label(), (int) count(70)));
    }

    @Override
    public Documents documents(long seed, Parameters parameters) {
        return new Sheets(
                seed,
                FactTable.chosen(seed, parameters),
                parameters.integer("prose", 0, 20),
                parameters.integer("question-every", 0, 1 << Fact.LEVELS));
    }

    /// How many documents a number of facts takes.
    static long count(int facts) {
        return (long) (facts / Fact.LEVELS) * GROUP + (1 << (facts % Fact.LEVELS)) - 1;
    }

    private record Sheets(long seed, FactTable table, int prose, int questionEvery) implements Documents {
        @Override
        public long distinct() {
            return count(table.size());
        }

        @Override
        public LabelledDocument at(long index) {
            long place = Draws.repeated(seed, index, distinct());
            int inGroup = (int) (place % GROUP) + 1;
            int level = 31 - Integer.numberOfLeadingZeros(inGroup);
            int copy = inGroup - (1 << level);
            Fact fact = table.fact((int) (place / GROUP) * Fact.LEVELS + level);
            return (questionEvery > 0 && copy % questionEvery == 0)
                    ? asked(index, fact, copy)
                    : stated(index, fact, copy);
        }

        private LabelledDocument stated(long index, Fact fact, int copy) {
            int statements = fact.relation().statements();
            int wording = (copy + copy / statements + fact.number()) % statements;
            String answer = fact.answers().get(copy / 2 % fact.answers().size());
            String sentence = fact.relation().statement(wording, fact.subject(), answer);
            String text = among(sentence, Draws.at(seed ^ STREAM, index));
            return document(index, fact, copy, fact.relation().text() + "-" + wording, text, answer);
        }

        /// The question in one of its wordings and the plain answer, as a query has them.
        private LabelledDocument asked(long index, Fact fact, int copy) {
            int wording = (copy / questionEvery + fact.number()) % Relation.QUESTIONS;
            String text = fact.relation().question(fact.subject(), wording) + "\n\n" + fact.statement();
            String template = fact.relation().text() + "-question-" + wording;
            return document(index, fact, copy, template, text, fact.answers().getFirst());
        }

        private static LabelledDocument document(
                long index, Fact fact, int copy, String template, String text, String answer) {
            Map<String, Integer> coordinates = new LinkedHashMap<>();
            coordinates.put("fact", fact.number());
            coordinates.put("copy", copy);
            coordinates.put("repetition", fact.repetition());
            return LabelledDocument.of("facts", index, "factual", Role.ANSWER_FACT, template, text)
                    .withQuery(fact.query())
                    .withCoordinates(coordinates)
                    .withAnswers(answer);
        }

        private String among(String sentence, RandomGenerator random) {
            int before = random.nextInt(prose + 1);
            int after = random.nextInt(prose - before + 1);
            return (before == 0 ? "" : Prose.paragraph(before, random) + " ")
                    + sentence
                    + (after == 0 ? "" : " " + Prose.paragraph(after, random));
        }
    }
}
