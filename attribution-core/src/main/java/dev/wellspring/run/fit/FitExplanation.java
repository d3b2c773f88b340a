package dev.wellspring.run.fit;

import static dev.wellspring.run.Explanation.bytes;
import static dev.wellspring.run.Explanation.count;
import static dev.wellspring.run.Explanation.line;
import static dev.wellspring.run.Explanation.operations;

import dev.wellspring.model.DecoderConfig;
import dev.wellspring.run.cost.Cost;
import dev.wellspring.run.cost.StageCost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What fitting is going to do, from shapes alone: batches, passes, memory, and operations for one row of a document
/// and for all covariances.
final class FitExplanation {
    private final FitPlan plan;
    private final DecoderConfig config;
    private final FitCosts costs;
    private final int documentRows;

    /// @param documentRows how many rows a document has, about
    FitExplanation(FitPlan plan, DecoderConfig config, int documentRows) {
        this.plan = plan;
        this.config = config;
        this.costs = new FitCosts(plan, config, documentRows);
        this.documentRows = documentRows;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(line(
                "batches",
                count(plan.capacity().rows()) + " rows, at most "
                        + count(plan.capacity().documents()) + " documents; a document has about "
                        + count(documentRows) + " rows"));
        lines.add(line("memory: activations", bytes(plan.activations())));
        if (plan.keepsHeadGradients()) {
            long row = (long) config.hidden() * plan.settings().type().byteSize();
            lines.add(line(
                    "disk: head gradients",
                    bytes(1_000_000 * row) + " for a million rows, until the last pass over the documents"));
        }
        costs.stages().forEach(stage -> lines.add(line(stage.stage(), text(stage))));
        return lines;
    }

    private String text(StageCost stage) {
        return switch (stage.unit()) {
            case STAGE ->
                count(costs.covariances()) + " covariances, "
                        + operations(stage.total().allOperations()) + " in all";
            case DOCUMENT -> passes(stage.stage()) + "; a row " + row(stage.total()) + ": " + parts(stage);
        };
    }

    private String passes(String stage) {
        if (stage.equals(FitCosts.LAMBDA)) {
            return "passes: " + count(plan.lambdaPasses().size());
        }
        long sums = plan.covariancePasses().stream()
                .mapToLong(plan::covarianceBytes)
                .max()
                .orElse(0);
        return "passes: " + count(plan.covariancePasses().size()) + ", " + bytes(sums);
    }

    /// Those that multiply, `forward 1.0 MFLOP, backward …`.
    private String parts(StageCost stage) {
        return stage.parts().entrySet().stream()
                .filter(part -> part.getValue().allOperations() > 0)
                .map(this::part)
                .collect(Collectors.joining(", "));
    }

    private String part(Map.Entry<String, Cost> part) {
        return part.getKey() + " " + row(part.getValue());
    }

    private String row(Cost document) {
        return operations(document.allOperations() / documentRows);
    }
}
