package dev.wellspring.run.score;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.curvature.Damping;
import dev.wellspring.influence.QueryBlock;
import dev.wellspring.model.LinearModule;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.ModuleSelection;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.documents.Sharding;
import dev.wellspring.tensor.DType;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScorePlanTest {
    private static final List<LinearModule> MODULES = List.of(
            new LinearModule("gate", 0, LinearModule.Part.MLP, 512, 1024, false, "input"),
            new LinearModule("up", 0, LinearModule.Part.MLP, 512, 1024, false, "input"),
            new LinearModule("down", 0, LinearModule.Part.MLP, 1024, 512, false, "down"));

    /// A rank that fits while documents are scored must also fit while the queries are preconditioned and
    /// compressed.
    @Test
    void aRankThatIsChosenLeavesMemoryForTheQueries() {
        Set<Integer> ranks = new LinkedHashSet<>();
        for (long beside = 64L << 20; beside < 400L << 20; beside += 2L << 20) {
            ScorePlan plan = plan(MemoryBudget.BASE + beside);
            try {
                ranks.add(plan.rank());
            } catch (RunRefusedException tooSmall) {
                continue;
            }
            assertThat(plan.queryPasses(plan.rank())).isNotEmpty();
        }
        assertThat(ranks).containsExactly(RankChoice.DEFAULT, QueryBlock.FULL);
    }

    private static ScorePlan plan(long memory) {
        var settings = new ScoreSettings(
                CurvatureStrategy.EKFAC,
                new Damping.Relative(0.1),
                new RankChoice.Automatic(),
                new ModuleSelection("mlp"),
                false,
                false,
                512,
                DType.FLOAT32,
                new MemoryBudget(memory),
                1000);
        return new ScorePlan(MODULES, 20, 600, 16, settings, new Sharding(512, 32, 1000, -1), 1 << 20);
    }
}
