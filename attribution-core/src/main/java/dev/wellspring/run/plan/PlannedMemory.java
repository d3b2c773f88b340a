package dev.wellspring.run.plan;

import dev.wellspring.influence.QueryBlock;
import dev.wellspring.model.DecoderWeights;
import dev.wellspring.model.LinearModule;
import dev.wellspring.run.fit.FitCosts;
import dev.wellspring.run.fit.FitPlan;
import dev.wellspring.run.score.ScoreCosts;
import dev.wellspring.run.score.ScorePlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/// What a [ModelPlan] needs memory for, item by item, and what each stage has in memory together.
public final class PlannedMemory {
    /// When something is always there.
    public static final String ALWAYS = "all";

    /// Items that are always there.
    public static final String WEIGHTS = "weights";

    public static final String RESERVE = "driver and libraries";

    private final ModelPlan plan;
    private final FitPlan fit;
    private final ScorePlan score;

    PlannedMemory(ModelPlan plan) {
        this.plan = plan;
        this.fit = plan.fit();
        this.score = plan.score();
    }

    /// Item by item, in the order of the stages.
    public List<MemoryItem> items() {
        long weights = DecoderWeights.byteSize(plan.config(), fit.settings().type());
        List<MemoryItem> items = new ArrayList<>();
        items.add(MemoryItem.uncut(WEIGHTS, ALWAYS, weights));
        items.add(MemoryItem.uncut(RESERVE, ALWAYS, fit.settings().memory().base() - weights));
        if (fit.activations() == score.activations()) {
            items.add(MemoryItem.uncut("activations of a batch", ALWAYS, fit.activations()));
        } else {
            items.add(MemoryItem.uncut("activations of a batch", "fit", fit.activations()));
            items.add(MemoryItem.uncut("activations of a batch", "score", score.activations()));
        }
        if (fit.settings().curvature().hasEigenbasis()) {
            items.add(MemoryItem.uncut("widened rows", "fit", fit.kept() - fit.activations()));
            items.add(cut("covariances", FitCosts.COVARIANCE, fit.covariancePasses(), fit::covarianceBytes));
            items.add(MemoryItem.uncut("eigendecompositions", FitCosts.EIGENBASIS, fit.eigenbasisBytes()));
        }
        if (fit.settings().curvature().hasLambda()) {
            items.add(cut("eigenvectors", FitCosts.LAMBDA, fit.lambdaPasses(), fit::basesBytes));
            items.add(cut("Λ and its products", FitCosts.LAMBDA, fit.lambdaPasses(), fit::lambdaSumsBytes));
        }
        items.add(cut(
                "query rows and one query's gradient",
                ScoreCosts.QUERIES,
                score.queryPasses(plan.rank()),
                group -> score.queryBytes(group, plan.rank())));
        items.add(queryBlock());
        items.add(MemoryItem.uncut("contractions", ScoreCosts.SCORES, score.kernelBytes(plan.rank())));
        return items;
    }

    /// One that waits in the host's memory comes module by module.
    private MemoryItem queryBlock() {
        int parts = plan.isOffloaded() ? score.modules().size() : 1;
        return new MemoryItem(
                "query block",
                ScoreCosts.QUERIES + ", " + ScoreCosts.SCORES,
                QueryBlock.byteSize(score.modules(), plan.queries(), plan.rank(), score.type()),
                score.backendBytes(plan.rank()),
                plan.blocks().size() * parts);
    }

    /// What waits in the host's memory, in bytes.
    public long offloaded() {
        return score.busBytes(plan.rank());
    }

    /// What each stage has in memory at its peak, in bytes.
    public Map<String, Long> peaks() {
        long base = fit.settings().memory().base();
        Map<String, Long> peaks = new LinkedHashMap<>();
        if (fit.settings().curvature().hasEigenbasis()) {
            long sums = largest(fit.covariancePasses(), fit::covarianceBytes);
            peaks.put(FitCosts.COVARIANCE, base + fit.kept() + sums);
            peaks.put(FitCosts.EIGENBASIS, base + fit.kept() + fit.eigenbasisBytes());
        }
        if (fit.settings().curvature().hasLambda()) {
            long sums = largest(fit.lambdaPasses(), group -> fit.basesBytes(group) + fit.lambdaSumsBytes(group));
            peaks.put(FitCosts.LAMBDA, base + fit.kept() + sums);
        }
        long scoring = base + score.activations() + score.backendBytes(plan.rank());
        long queries = largest(score.queryPasses(plan.rank()), group -> score.queryBytes(group, plan.rank()));
        peaks.put(ScoreCosts.QUERIES, scoring + queries);
        peaks.put(ScoreCosts.SCORES, scoring + score.kernelBytes(plan.rank()));
        return peaks;
    }

    private static MemoryItem cut(
            String item, String stage, List<List<LinearModule>> passes, ToLongFunction<List<LinearModule>> bytesOf) {
        List<LinearModule> all = passes.stream().flatMap(List::stream).toList();
        return new MemoryItem(item, stage, bytesOf.applyAsLong(all), largest(passes, bytesOf), passes.size());
    }

    private static long largest(List<List<LinearModule>> passes, ToLongFunction<List<LinearModule>> bytesOf) {
        return passes.stream().mapToLong(bytesOf).max().orElse(0);
    }
}
