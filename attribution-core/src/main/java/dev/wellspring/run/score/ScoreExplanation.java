package dev.wellspring.run.score;

import static dev.wellspring.run.Explanation.bytes;
import static dev.wellspring.run.Explanation.count;
import static dev.wellspring.run.Explanation.line;
import static dev.wellspring.run.Explanation.operations;

import dev.wellspring.influence.ContractionPlan;
import dev.wellspring.influence.QueryBlock;
import dev.wellspring.influence.ScoreKernel;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.LinearModule;
import dev.wellspring.run.cost.Cost;
import dev.wellspring.run.cost.PassCost;
import dev.wellspring.run.cost.Rates;
import dev.wellspring.run.cost.StageCost;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What scoring is going to do, from shapes alone: batches, memory, the contraction of each module, and
/// operations for one row of a document.
final class ScoreExplanation {
    private final DecoderConfig config;
    private final ScorePlan plan;
    private final int rank;

    ScoreExplanation(DecoderConfig config, ScorePlan plan, int rank) {
        this.config = config;
        this.plan = plan;
        this.rank = rank;
    }

    List<String> lines() {
        List<ContractionPlan> contractions = ScoreKernel.plans(
                plan.modules(), plan.queries(), rank, plan.type(), plan.capacity(), plan.options(), plan.scratch());
        List<String> lines = new ArrayList<>();
        lines.add(line(
                "batches",
                count(plan.capacity().rows()) + " rows, at most "
                        + count(plan.capacity().documents()) + " documents; a document has about "
                        + count(plan.documentRows()) + " rows"));
        lines.add(line(
                "queries",
                count(plan.queries()) + " with " + count(plan.queryRows()) + " rows, "
                        + (rank == QueryBlock.FULL ? "kept in full" : "compressed to rank " + rank) + ", passes: "
                        + count(plan.queryPasses(rank).size())));
        memory(lines);
        double rows = plan.capacity().rows();
        lines.add(line("a row", row(new ScoreCosts(plan, config, rank).scores())));
        alike(contractions).forEach((shape, modules) -> lines.add(contraction(shape, modules, rows)));
        return lines;
    }

    private String row(StageCost scores) {
        return ofRow(scores.total()) + ": forward " + ofRow(scores.part(PassCost.FORWARD)) + ", backward "
                + ofRow(scores.part(PassCost.BACKWARD)) + ", contractions "
                + ofRow(scores.part(ScoreCosts.CONTRACTIONS));
    }

    private String ofRow(Cost document) {
        return operations(document.allOperations() / plan.documentRows());
    }

    private void memory(List<String> lines) {
        lines.add(line("memory: activations", bytes(plan.activations())));
        switch (plan.placement(rank)) {
            case RESIDENT -> lines.add(line("memory: query block", bytes(plan.blockBytes(rank))));
            case OFFLOADED -> {
                lines.add(line("memory: query block", bytes(plan.backendBytes(rank)) + ", two modules in turn"));
                lines.add(line("host: query block", bytes(plan.blockBytes(rank)) + ", " + bus(plan.busBytes(rank))));
            }
        }
        lines.add(line("memory: contractions", bytes(plan.kernelBytes(rank))));
    }

    private static String bus(long bytes) {
        return String.format(
                Locale.ROOT,
                "%.2f GB over the bus a batch: at least %.3f s at %.0f GB/s, which is arithmetic for PCIe 5 x16",
                bytes / 1e9,
                bytes / Rates.HOST_BANDWIDTH,
                Rates.HOST_BANDWIDTH / 1e9);
    }

    /// Modules of one shape and one contraction, told together.
    private static Map<String, List<ContractionPlan>> alike(List<ContractionPlan> contractions) {
        Map<String, List<ContractionPlan>> groups = new LinkedHashMap<>();
        for (ContractionPlan contraction : contractions) {
            LinearModule module = contraction.module();
            String shape = module.outputs() + " x " + module.activationSize() + " " + contraction.contraction();
            groups.computeIfAbsent(shape, _ -> new ArrayList<>()).add(contraction);
        }
        return groups;
    }

    private static String contraction(String shape, List<ContractionPlan> modules, double rows) {
        ContractionPlan first = modules.getFirst();
        return line(
                modules.size() + " of " + shape.toLowerCase(Locale.ROOT),
                "by rows " + operations(first.rowsOperations() / rows) + " a row, formed "
                        + operations(first.formedOperations() / rows) + "; such as "
                        + first.module().name());
    }
}
