package dev.wellspring.queries.synthesis;

import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.task.FamilyDescription;
import dev.wellspring.queries.task.Parameter;
import dev.wellspring.queries.task.Parameters;
import dev.wellspring.queries.task.planning.Blocksworld;
import dev.wellspring.queries.task.planning.Logistics;
import dev.wellspring.queries.task.planning.PlanProblems;
import dev.wellspring.queries.task.planning.SkinName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Plans, plans carried out, plans verified and the rules of a domain, in the words of the planning queries.
final class PlanDocuments implements DocumentFamily {
    private static final int UNIVERSE = 5256;
    private static final int MAX_WEIGHT = 1000;

    @Override
    public String name() {
        return "plans";
    }

    @Override
    public FamilyDescription describe() {
        List<Parameter> parameters = new ArrayList<>(List.of(
                Parameter.choice("domain", "what is planned", "blocksworld", "logistics"),
                Parameter.choice(
                        "skin",
                        "the words",
                        Arrays.stream(SkinName.values()).map(SkinName::text).toArray(String[]::new)),
                Parameter.of("blocks", 4, "blocks of the closed world, 3 to 5; for blocksworld")));
        Logistics.parameters()
                .forEach(size -> parameters.add(
                        Parameter.of(size.name(), size.defaultValue(), size.meaning() + "; for logistics")));
        parameters.add(Parameter.choice(
                "description", "whether documents about a problem begin with the domain's rules", "false", "true"));
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (PlanKind kind : PlanKind.values()) {
            parameters.add(Parameter.of(
                    kind.parameter(), kind.weight(), "of every round of documents: " + kind.meaning() + ", 0 or more"));
            counts.merge(kind.role().label(), UNIVERSE / PlanKind.PLAN.weight() * kind.weight(), Integer::sum);
        }
        return new FamilyDescription(
                "Plans, their execution step by step, their verification and the domain's rules, told like the queries:"
                        + " for every problem of a closed world of blocks, or for random deliveries.",
                "Valmeekam et al., 2206.10498; all pairs of states",
                parameters,
                counts);
    }

    /// Of a closed world the last step of every path is held; a delivery is solved when its document is made.
    @Override
    public Documents documents(long seed, Parameters parameters) {
        SkinName skin = SkinName.of(parameters.text("skin"));
        PlanProblems problems = switch (parameters.text("domain")) {
            case "blocksworld" ->
                PlanProblems.universe(new Blocksworld(parameters.integer("blocks", 3, 5)), skin, seed);
            default -> PlanProblems.deliveries(Logistics.of(parameters), skin, seed);
        };
        List<PlanKind> round = new ArrayList<>();
        for (PlanKind kind : PlanKind.values()) {
            int weight = parameters.integer(kind.parameter(), 0, MAX_WEIGHT);
            for (int i = 0; i < weight; i++) {
                round.add(kind);
            }
        }
        if (round.isEmpty()) {
            throw CorpusException.at(
                    "parameters plans, traces, verifications and descriptions",
                    "one above 0",
                    "0 of each",
                    "say how many of each kind a round of documents has");
        }
        return new ToldPlans(seed, problems, round, parameters.flag("description"));
    }
}
