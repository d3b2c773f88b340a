package dev.wellspring.run.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.checkpoint.ConfigFile;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.ModuleSelection;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.tensor.DType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Plans for GPT-2 124M, whose covariances take 1.8 GiB and whose activations take 0.9 at 2,048 rows.
class FitPlanTest {
    private static final String GPT2 = """
            {"architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "vocab_size": 50257, "n_positions": 1024,
             "n_embd": 768, "n_layer": 12, "n_head": 12, "activation_function": "gelu_new",
             "layer_norm_epsilon": 1e-5, "tie_word_embeddings": true}
            """;

    @Test
    void enoughMemoryGivesTheLargestBatchAndOnePass() throws IOException {
        FitPlan plan = plan(3500);
        assertThat(plan.sharding().batchRows()).isEqualTo(2048);
        assertThat(plan.covariancePasses()).hasSize(1);
        assertThat(plan.lambdaPasses()).hasSize(1);
    }

    @Test
    void aSmallerBatchIsBetterThanASecondPass() throws IOException {
        FitPlan plan = plan(3200);
        assertThat(plan.sharding().batchRows()).isEqualTo(1024);
        assertThat(plan.covariancePasses()).hasSize(1);
        assertThat(plan.lambdaPasses()).hasSize(1);
    }

    @Test
    void whereNoBatchSavesAPassTheLargestOfThemIsTaken() throws IOException {
        FitPlan plan = plan(2600);
        assertThat(plan.sharding().batchRows()).isEqualTo(1024);
        assertThat(plan.covariancePasses()).hasSize(2);
        assertThat(plan.lambdaPasses()).hasSize(1);
    }

    /// Just too little for one pass of 512 rows; 256 would do, but products of so few rows are slow.
    @Test
    void batchesAreNoSmallerThanProductsLike() throws IOException {
        long least = 2600;
        while (plan(least, 128).covariancePasses().size() > 1) {
            least += 4;
        }
        assertThat(plan(least, 128).sharding().batchRows()).isEqualTo(512);
        FitPlan plan = plan(least - 4, 128);
        assertThat(plan.sharding().batchRows()).isGreaterThanOrEqualTo(512);
        assertThat(plan.covariancePasses()).hasSize(2);
    }

    @Test
    void whatHoldsNotEvenOneModuleIsRefused() {
        assertThatThrownBy(() -> plan(900))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("--memory: expected at least");
    }

    private static FitPlan plan(long mebibytes) throws IOException {
        return plan(mebibytes, 512);
    }

    private static FitPlan plan(long mebibytes, int maxTokens) throws IOException {
        var config = DecoderConfig.read(ConfigFile.read(
                Path.of("config.json"), new ByteArrayInputStream(GPT2.getBytes(StandardCharsets.UTF_8))));
        return FitPlan.of(
                config,
                new FitSettings(
                        CurvatureStrategy.EKFAC,
                        LabelChoice.OWN,
                        new ModuleSelection("mlp"),
                        -1,
                        maxTokens,
                        0,
                        DType.FLOAT32,
                        new MemoryBudget(mebibytes << 20),
                        1 << 20));
    }
}
