package dev.wellspring.run.score;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.curvature.Damping;
import dev.wellspring.influence.QueryBlock;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.checkpoint.ConfigFile;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.ModuleSelection;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.documents.Sharding;
import dev.wellspring.tensor.DType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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

    /// Where a block fits only beside smaller batches, batches are smaller, rather than the run refused.
    @Test
    void batchesGiveWayToTheQueryBlock() throws IOException {
        DecoderConfig config = DecoderConfig.read(ConfigFile.read(
                Path.of("config.json"), new ByteArrayInputStream("""
                {"model_type": "llama", "vocab_size": 100, "hidden_size": 256, "num_hidden_layers": 4,
                 "num_attention_heads": 4, "intermediate_size": 512, "rms_norm_eps": 1e-5, "hidden_act": "silu",
                 "max_position_embeddings": 64}
                """.getBytes(StandardCharsets.UTF_8))));
        Set<Integer> rows = new LinkedHashSet<>();
        for (long beside = 256L << 20; beside > 164L << 20; beside -= 4L << 20) {
            ScoreSettings settings = settings(MemoryBudget.BASE + beside, new RankChoice.Rank(32));
            ScorePlan plan = ScorePlan.of(config, settings, new ScorePlan.QueryLengths(60, 1200, 20), 60);
            assertThat(plan.rank()).isEqualTo(32);
            assertThat(plan.queryPasses(32)).isNotEmpty();
            rows.add(plan.sharding().batchRows());
            assertThat(settings.memory()
                            .batchRows(511, count -> settings.memory().workingBytes(config, DType.FLOAT32, count, 511)))
                    .isGreaterThanOrEqualTo(plan.sharding().batchRows());
        }
        assertThat(rows).hasSizeGreaterThan(1);
    }

    private static ScorePlan plan(long memory) {
        return new ScorePlan(
                MODULES,
                20,
                600,
                16,
                settings(memory, new RankChoice.Automatic()),
                new Sharding(512, 32, 1000, -1),
                1 << 20);
    }

    private static ScoreSettings settings(long memory, RankChoice rank) {
        return new ScoreSettings(
                CurvatureStrategy.EKFAC,
                new Damping.Relative(0.1),
                rank,
                new ModuleSelection("mlp"),
                false,
                false,
                512,
                DType.FLOAT32,
                new MemoryBudget(memory),
                1000);
    }
}
