package dev.wellspring.queries.synthesis;

import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.Parameter;
import dev.wellspring.queries.task.Parameters;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Several families in the proportions of a recipe, shuffled.
final class MixedCorpus implements DocumentFamily {
    private static final int MAX_WEIGHT = 1_000_000;

    private final List<DocumentFamily> members = DocumentFamilies.members();

    @Override
    public String name() {
        return "mixed";
    }

    @Override
    public FamilyDescription describe() {
        List<Parameter> parameters = new ArrayList<>();
        parameters.add(Parameter.of(
                "recipe",
                "facts:300,reasoning-answers:20,procedures:300,grid-cases:80,filler:299,canaries:1",
                "families and how many documents of each in a round"));
        for (DocumentFamily member : members) {
            for (Parameter own : member.describe().parameters()) {
                parameters.add(new Parameter(
                        member.name() + "." + own.name(), own.defaultValue(), own.meaning(), own.choices()));
            }
        }
        Map<String, Integer> counts = new LinkedHashMap<>();
        counts.put("of every role", 1000);
        return new FamilyDescription(
                "Several families shuffled together, in rounds that keep a recipe's proportions exactly.",
                "the retrieval-or-procedure contrast of Ruis et al. 2024, arXiv 2411.12580",
                parameters,
                counts);
    }

    /// Every family gets the seed itself: its documents answer the queries that are made from this seed.
    @Override
    public Documents documents(long seed, Parameters parameters) {
        List<Part> parts = new ArrayList<>();
        Set<String> named = new HashSet<>();
        int round = 0;
        for (String entry : parameters.text("recipe").split(",", -1)) {
            String[] pair = entry.strip().split(":", -1);
            DocumentFamily family = member(pair[0]);
            if (!named.add(pair[0])) {
                throw broken(pair[0] + " twice");
            }
            int weight = weight(entry, pair);
            parts.add(new Part(family.documents(seed, own(family, parameters)), round, weight));
            round += weight;
        }
        return new Mixture(seed, List.copyOf(parts), round);
    }

    private DocumentFamily member(String name) {
        return members.stream()
                .filter(member -> member.name().equals(name))
                .findFirst()
                .orElseThrow(() -> broken(name));
    }

    private static int weight(String entry, String[] pair) {
        if (pair.length != 2 || !pair[1].matches("[1-9][0-9]{0,6}") || Integer.parseInt(pair[1]) > MAX_WEIGHT) {
            throw broken(entry);
        }
        return Integer.parseInt(pair[1]);
    }

    private static CorpusException broken(String found) {
        return CorpusException.at(
                "parameter recipe",
                "FAMILY:DOCUMENTS,… with each family once and 1 to " + MAX_WEIGHT + " documents of it",
                "\"" + found + "\"",
                "write it like facts:3,filler:7; 'wellspring corpus list' names the families");
    }

    /// A member's parameters without its name in front.
    private static Parameters own(DocumentFamily family, Parameters all) {
        Map<String, String> own = new LinkedHashMap<>();
        for (Parameter parameter : family.describe().parameters()) {
            own.put(parameter.name(), all.text(family.name() + "." + parameter.name()));
        }
        return family.describe().parameters(own);
    }

    /// @param start of the part in a round
    private record Part(Documents documents, int start, int weight) {}

    private record Mixture(long seed, List<Part> parts, int round) implements Documents {
        @Override
        public long distinct() {
            long rounds = Long.MAX_VALUE / round;
            for (Part part : parts) {
                rounds = Math.min(rounds, part.documents.distinct() / part.weight);
            }
            return Math.max(1, rounds) * round;
        }

        @Override
        public LabelledDocument at(long index) {
            long place = Draws.repeated(seed, index, round);
            Part part = parts.getFirst();
            for (Part next : parts) {
                part = next.start <= place ? next : part;
            }
            return part.documents.at(index / round * part.weight + place - part.start);
        }
    }
}
