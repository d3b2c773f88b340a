package dev.wellspring.cli.report;

import dev.wellspring.cli.report.TextTable.Column;
import dev.wellspring.influence.Contraction;
import dev.wellspring.influence.ContractionCost;
import dev.wellspring.model.LinearModule;
import dev.wellspring.run.cost.Cost;
import dev.wellspring.run.plan.ModelPlan;
import dev.wellspring.run.score.ScoreCosts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Both ways of contracting documents with queries, for the modules of each shape together: the engine takes the one
/// that takes less time.
final class PlanContractions {
    /// One way for all modules of one shape.
    ///
    /// @param modules how many
    /// @param shape `outputs x inputs`
    /// @param contraction the way
    /// @param taken by how many of them
    /// @param cost of one document and the queries of one block
    record Line(int modules, String shape, String contraction, int taken, Cost cost) {}

    private PlanContractions() {}

    static List<Line> lines(ModelPlan plan) {
        var costs = new ScoreCosts(plan.score(), plan.config(), plan.rank());
        Map<String, Line> lines = new LinkedHashMap<>();
        for (Contraction contraction : Contraction.values()) {
            for (ContractionCost cost : costs.contractions(contraction)) {
                LinearModule module = cost.plan().module();
                String shape = module.outputs() + " x " + module.activationSize();
                String way = contraction.name().toLowerCase(Locale.ROOT);
                int taken = cost.plan().contraction() == contraction ? 1 : 0;
                lines.merge(
                        shape + way,
                        new Line(1, shape, way, taken, costs.ofDocument(cost)),
                        (one, other) -> new Line(
                                one.modules + other.modules,
                                shape,
                                way,
                                one.taken + other.taken,
                                one.cost.plus(other.cost)));
            }
        }
        return new ArrayList<>(lines.values());
    }

    static TextTable table(ModelPlan plan, PlanView.Work work) {
        var table = new TextTable(
                Column.number("modules"),
                Column.text("shape"),
                Column.text("contraction"),
                Column.text("taken"),
                Column.number("GFLOP"),
                Column.number("GB"),
                Column.number("floor, ms"),
                Column.number("as typed, ms"));
        for (Line line : lines(plan)) {
            table.add(
                    Integer.toString(line.modules),
                    line.shape,
                    line.contraction,
                    line.taken == 0 ? "" : line.taken == line.modules ? "yes" : "by " + line.taken,
                    PlanView.figure(line.cost.allOperations() / 1e9),
                    PlanView.figure(line.cost.bytes() / 1e9),
                    PlanView.figure(work.rates().floor(line.cost) * 1e3),
                    PlanView.figure(work.rates().floorAsTyped(line.cost) * 1e3));
        }
        return table;
    }
}
