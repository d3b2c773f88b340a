package dev.wellspring.run.plan;

import dev.wellspring.influence.Placement;
import dev.wellspring.influence.QueryBlock;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.cost.Cost;
import dev.wellspring.run.cost.PassCost;
import dev.wellspring.run.cost.StageCost;
import dev.wellspring.run.fit.FitCosts;
import dev.wellspring.run.fit.FitPlan;
import dev.wellspring.run.fit.FitSettings;
import dev.wellspring.run.fit.LabelChoice;
import dev.wellspring.run.score.RankChoice;
import dev.wellspring.run.score.ScoreCosts;
import dev.wellspring.run.score.ScorePlan;
import dev.wellspring.run.score.ScorePlan.QueryLengths;
import dev.wellspring.run.score.ScoreSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What fitting and scoring with a model would take, by the plans that `fit` and `score` follow themselves.
///
/// A query block that does not fit waits in the host's memory. Where that has no room either, queries are
/// scored block after block, one pass over the documents for each. `score` does not cut them itself: its
/// queries are given in as many files.
///
/// @param config of the model
/// @param fit the plan of `fit`
/// @param score the plan of `score` for the largest block of queries
/// @param rank of query gradients, or [QueryBlock#FULL]
/// @param blocks the queries of each block
/// @param queries how many, in all blocks
public record ModelPlan(
        DecoderConfig config, FitPlan fit, ScorePlan score, int rank, List<Integer> blocks, int queries) {

    /// @param fit and score with the same memory
    /// @throws RunRefusedException when a stage does not fit, however it is cut
    public static ModelPlan of(
            DecoderConfig config, FitSettings fit, ScoreSettings score, QueryLengths queries, int documentRows) {
        ScorePlan all = ScorePlan.of(config, score, queries, documentRows);
        int rank = switch (score.rank()) {
            case RankChoice.Automatic() -> all.rank();
            case RankChoice.Full() -> QueryBlock.FULL;
            case RankChoice.Rank(int asked) -> asked;
        };
        List<Integer> blocks =
                evenly(queries.count(), ScorePlan.queriesTogether(config, score, queries, documentRows, rank));
        ScorePlan block = ScorePlan.of(config, score, queries.part(blocks.getFirst()), documentRows);
        return new ModelPlan(config, FitPlan.of(config, fit), block, rank, blocks, queries.count());
    }

    /// As few blocks as possible, the larger ones first.
    private static List<Integer> evenly(int queries, int together) {
        int count = Math.ceilDiv(queries, together);
        List<Integer> blocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            blocks.add(queries / count + (i < queries % count ? 1 : 0));
        }
        return List.copyOf(blocks);
    }

    /// The stages, in order, with all passes and blocks.
    public List<StageCost> stages() {
        List<StageCost> stages = new ArrayList<>(new FitCosts(fit, config, score.documentRows()).stages());
        List<ScoreCosts> costs = blocks.stream()
                .map(count -> new ScoreCosts(score.ofQueries(count), config, rank))
                .toList();
        stages.add(sum(costs.stream().map(ScoreCosts::queries).toList()));
        stages.add(sum(costs.stream().map(ScoreCosts::scores).toList()));
        return stages;
    }

    private static StageCost sum(List<StageCost> blocks) {
        Map<String, Cost> parts = new LinkedHashMap<>();
        blocks.forEach(block -> block.parts().forEach((part, cost) -> parts.merge(part, cost, Cost::plus)));
        StageCost first = blocks.getFirst();
        return new StageCost(first.stage(), first.unit(), parts);
    }

    /// What a stage's passes over the documents cost beyond one pass for all modules and queries, for a document.
    public Cost furtherPasses(StageCost stage) {
        boolean scores = stage.stage().equals(ScoreCosts.SCORES);
        PassCost once = PassCost.of(
                config,
                fit.settings().type(),
                score.documentRows(),
                scores ? score.capacity() : fit.capacity(),
                fit.modules(),
                !scores && fit.settings().labels() == LabelChoice.SAMPLED,
                fit.settings().memory().logitBytes(),
                scores || FitCosts.computesLogits(fit, stage.stage()));
        return stage.part(PassCost.FORWARD)
                .plus(stage.part(PassCost.BACKWARD))
                .plus(once.forward().plus(once.backward()).times(-1));
    }

    /// Whether the query block waits in the host's memory.
    public boolean isOffloaded() {
        return score.placement(rank) == Placement.OFFLOADED;
    }

    /// What crosses the bus between the device and its host for each document of `scores`, in bytes: the
    /// offloaded query block once a batch.
    public double busBytesOfDocument() {
        long blockBytes = blocks.stream()
                .mapToLong(count -> score.ofQueries(count).busBytes(rank))
                .sum();
        return (double) blockBytes / PassCost.documents(score.capacity(), score.documentRows());
    }

    /// How often a stage goes through the documents, or `queries` through the queries.
    public int passes(String stage) {
        return switch (stage) {
            case FitCosts.COVARIANCE -> fit.covariancePasses().size();
            case FitCosts.LAMBDA -> fit.lambdaPasses().size();
            case ScoreCosts.QUERIES -> blocks.size() * score.queryPasses(rank).size();
            case ScoreCosts.SCORES -> blocks.size();
            default -> 1;
        };
    }

    /// What memory is needed for.
    public PlannedMemory memory() {
        return new PlannedMemory(this);
    }
}
