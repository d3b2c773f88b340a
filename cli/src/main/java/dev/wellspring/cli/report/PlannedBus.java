package dev.wellspring.cli.report;

import dev.wellspring.run.cost.StageCost;
import dev.wellspring.run.plan.ModelPlan;
import dev.wellspring.run.score.ScoreCosts;
import java.util.Locale;
import java.util.Optional;

/// What a query block that waits in the host's memory costs of a plan: it crosses the bus once a batch.
final class PlannedBus {
    private static final double GIGA = 1e9;
    private static final double MILLI = 1e-3;
    private static final double HOUR = 3600;

    private final ModelPlan plan;
    private final PlanView.Work work;

    PlannedBus(ModelPlan plan, PlanView.Work work) {
        this.plan = plan;
        this.work = work;
    }

    /// What the bus takes for a document of a stage at the least, in seconds; it works beside the device.
    double seconds(StageCost stage) {
        return stage.stage().equals(ScoreCosts.SCORES) ? plan.busBytesOfDocument() / work.hostBandwidth() : 0;
    }

    /// What a stage takes for a unit of its at the least, in seconds.
    private double floor(StageCost stage) {
        return Math.max(work.rates().floor(stage.total()), seconds(stage));
    }

    /// The stage that the bus holds up.
    private StageCost scores() {
        return plan.stages().stream()
                .filter(stage -> stage.stage().equals(ScoreCosts.SCORES))
                .findFirst()
                .orElseThrow();
    }

    /// How much that is, for people.
    ///
    /// @param resident the plan with query blocks on the device, if there is one
    String words(Optional<ModelPlan> resident) {
        double bytes = plan.memory().offloaded();
        StageCost scores = scores();
        String first = String.format(
                Locale.ROOT,
                "The query block waits in the host's memory: %s GB cross the bus for each batch, which takes at least"
                        + " %.3f s at %s GB/s, %s ms for each document beside %s ms on the device.",
                PlanView.figure(bytes / GIGA),
                bytes / work.hostBandwidth(),
                PlanView.figure(work.hostBandwidth() / GIGA),
                PlanView.figure(seconds(scores) / MILLI),
                PlanView.figure(work.rates().floor(scores.total()) / MILLI));
        return first + resident.map(this::instead).orElse("");
    }

    private String instead(ModelPlan other) {
        var bus = new PlannedBus(other, work);
        return String.format(
                Locale.ROOT,
                " With the queries in %d files of at most %d, each with a pass of its own over the documents, it waits"
                        + " nowhere: scores take at least %s hours instead of %s.",
                other.blocks().size(),
                other.blocks().getFirst(),
                PlanView.figure(bus.floor(bus.scores()) * work.documents() / HOUR),
                PlanView.figure(floor(scores()) * work.documents() / HOUR));
    }
}
