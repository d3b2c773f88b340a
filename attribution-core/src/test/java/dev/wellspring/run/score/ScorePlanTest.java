package dev.wellspring.run.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.curvature.Damping;
import dev.wellspring.influence.Placement;
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

    /// On a device a block waits in the host's memory where it does not fit, if that has as much to spare;
    /// only then is a run refused.
    @Test
    void aBlockThatDoesNotFitOnADeviceWaitsInTheHostsMemory() {
        long block = QueryBlock.byteSize(MODULES, 20, 32, DType.FLOAT32);
        Set<Placement> placements = new LinkedHashSet<>();
        long smallest = 0;
        for (long beside = 400L << 20; beside > 1L << 20; beside -= 1L << 18) {
            ScorePlan plan = onDevice(beside, block);
            try {
                plan.rank();
            } catch (RunRefusedException tooSmall) {
                assertThat(tooSmall)
                        .hasMessageStartingWith("device memory: expected at least")
                        .hasMessageContaining("whose block can wait in the host's memory");
                smallest = beside;
                break;
            }
            Placement placement = plan.placement(32);
            placements.add(placement);
            boolean waits = placement == Placement.OFFLOADED;
            assertThat(plan.busBytes(32)).isEqualTo(waits ? block : 0);
            assertThat(plan.backendBytes(32))
                    .isEqualTo(QueryBlock.backendBytes(MODULES, 20, 32, DType.FLOAT32, placement));
            assertThat(plan.activations() + plan.backendBytes(32) + plan.kernelBytes(32))
                    .isLessThanOrEqualTo(beside);
            assertThat(plan.queryPasses(32)).isNotEmpty();
            if (waits) {
                ScorePlan withoutRoom = onDevice(beside, block - 1);
                assertThat(withoutRoom.placement(32)).isEqualTo(Placement.RESIDENT);
                assertThatThrownBy(withoutRoom::rank)
                        .isInstanceOf(RunRefusedException.class)
                        .hasMessageStartingWith("host memory: expected at least")
                        .hasMessageContaining("lower --rank");
            }
        }
        assertThat(placements).containsExactly(Placement.RESIDENT, Placement.OFFLOADED);
        assertThat(smallest).isPositive();
    }

    /// @param host what may wait there, in bytes
    private static ScorePlan onDevice(long beside, long host) {
        var memory = MemoryBudget.ofDevice(MemoryBudget.DEVICE_RESERVE + beside, 0, MemoryBudget.BASE + host);
        return plan(settings(memory, new RankChoice.Rank(32)));
    }

    private static ScorePlan plan(long memory) {
        return plan(settings(memory, new RankChoice.Automatic()));
    }

    private static ScorePlan plan(ScoreSettings settings) {
        return new ScorePlan(MODULES, 20, 600, 16, settings, new Sharding(512, 32, 1000, -1), 1 << 20);
    }

    private static ScoreSettings settings(long memory, RankChoice rank) {
        return settings(new MemoryBudget(memory), rank);
    }

    private static ScoreSettings settings(MemoryBudget memory, RankChoice rank) {
        return new ScoreSettings(
                CurvatureStrategy.EKFAC,
                new Damping.Relative(0.1),
                rank,
                new ModuleSelection("mlp"),
                false,
                false,
                512,
                DType.FLOAT32,
                memory,
                1000);
    }
}
