package dev.wellspring.run.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.curvature.Damping;
import dev.wellspring.influence.Contraction;
import dev.wellspring.influence.ContractionCost;
import dev.wellspring.influence.QueryBlock;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.DecoderWeights;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.checkpoint.ConfigFile;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.ModuleSelection;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.cost.Cost;
import dev.wellspring.run.cost.PassCost;
import dev.wellspring.run.cost.Rates;
import dev.wellspring.run.cost.StageCost;
import dev.wellspring.run.fit.FitCosts;
import dev.wellspring.run.fit.FitSettings;
import dev.wellspring.run.fit.LabelChoice;
import dev.wellspring.run.score.RankChoice;
import dev.wellspring.run.score.ScoreCosts;
import dev.wellspring.run.score.ScorePlan.QueryLengths;
import dev.wellspring.run.score.ScoreSettings;
import dev.wellspring.tensor.DType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelPlanTest {
    private static final long MEBI = 1L << 20;
    private static final int ROWS = 31;
    private static final int RANK = 4;

    private static final DecoderConfig CONFIG = config("""
            {"model_type": "llama", "vocab_size": 1000, "hidden_size": 256, "num_hidden_layers": 6,
             "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 768, "rms_norm_eps": 1e-5,
             "hidden_act": "silu", "max_position_embeddings": 64}
            """);

    private static final long WEIGHTS = DecoderWeights.byteSize(CONFIG, DType.BFLOAT16);

    @Test
    void lessMemoryMeansMorePassesAndBlocksButNeverMoreThanThereIs() {
        int covariance = 1;
        int lambda = 1;
        int blocks = 1;
        int rows = 0;
        long least = 0;
        for (long beside = 2048 * MEBI; beside > MEBI; beside = beside * 9 / 10) {
            ModelPlan plan;
            try {
                plan = plan(beside, 2000);
            } catch (RunRefusedException tooSmall) {
                break;
            }
            least = beside;
            if (plan.fit().capacity().rows() != rows) { // a smaller batch leaves more for what is cut
                rows = plan.fit().capacity().rows();
                covariance = 1;
                lambda = 1;
                blocks = 1;
            }
            long bytes = plan.fit().settings().memory().bytes();
            assertThat(plan.memory().peaks().values())
                    .allSatisfy(peak -> assertThat(peak).isLessThanOrEqualTo(bytes));
            assertThat(plan.memory().items()).allSatisfy(item -> {
                assertThat(item.atOnce()).isLessThanOrEqualTo(item.whole());
                assertThat(item.cuts() == 1).isEqualTo(item.atOnce() == item.whole());
            });
            assertThat(plan.passes(FitCosts.COVARIANCE)).isGreaterThanOrEqualTo(covariance);
            assertThat(plan.passes(FitCosts.LAMBDA)).isGreaterThanOrEqualTo(lambda);
            assertThat(plan.blocks()).hasSizeGreaterThanOrEqualTo(blocks);
            assertThat(plan.blocks().stream().mapToInt(Integer::intValue).sum()).isEqualTo(2000);
            covariance = plan.passes(FitCosts.COVARIANCE);
            lambda = plan.passes(FitCosts.LAMBDA);
            blocks = plan.blocks().size();
        }
        assertThat(covariance).isGreaterThan(1);
        assertThat(lambda).isGreaterThan(1);
        assertThat(blocks).isGreaterThan(1);
        assertThat(least).isGreaterThan(MEBI);
    }

    @Test
    void weightsThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> MemoryBudget.ofDevice(WEIGHTS, WEIGHTS))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageStartingWith("device memory: expected at least")
                .hasMessageContaining("for the weights");
    }

    @Test
    void furtherPassesAreWhatAStageCostsBeyondTheFirst() {
        ModelPlan whole = plan(2048 * MEBI, 20);
        assertThat(whole.passes(FitCosts.COVARIANCE)).isEqualTo(1);
        StageCost once = stage(whole, FitCosts.COVARIANCE);
        assertThat(whole.furtherPasses(once).allOperations()).isCloseTo(0, within(1.0));
        assertThat(whole.furtherPasses(once).bytes()).isCloseTo(0, within(1.0));
        StageCost score = stage(whole, ScoreCosts.SCORES);
        assertThat(whole.furtherPasses(score).bytes()).isCloseTo(0, within(1.0));
    }

    /// Each module of p = in·out numbers, 4 for the product read, 4 more when it was written, and 16 bytes for
    /// the sum of squares, once for as many documents as a sixteenth of the device holds products of.
    @Test
    void squaresOfLambdaAreAddedWithOneReadOfTheSumForSeveralDocuments() {
        ModelPlan plan = plan(2048 * MEBI, 20);
        StageCost lambda = stage(plan, FitCosts.LAMBDA);
        double parameters = 6.0 * 3 * 256 * 768;
        long together = (MemoryBudget.DEVICE_RESERVE + WEIGHTS + 2048 * MEBI) / 16 / (256 * 768 * 4);
        assertThat(together).isBetween(2L, plan.fit().capacity().rows() / (long) ROWS);
        Cost squares = lambda.part(FitCosts.SQUARES);
        assertThat(squares.allOperations()).isZero();
        assertThat(squares.bytes()).isCloseTo(parameters * (4 + 16.0 / together), within(1.0));
        assertThat(lambda.part(FitCosts.GRADIENTS))
                .isEqualTo(new Cost(0, 2 * ROWS * parameters, 6 * 3 * ROWS * 1024.0 * 4 + parameters * 4));
        assertThat(lambda.part(FitCosts.ROTATIONS).wideOperations())
                .isEqualTo(6 * 2.0 * ROWS * (2.0 * 256 * 256 + 3.0 * 768 * 768));
    }

    /// Once for the input that gate and up share, and once for each of their outputs, the input and the output
    /// of down.
    @Test
    void sumsOfCovariancesAreReadAndWrittenOnceABatch() {
        ModelPlan plan = plan(4096 * MEBI, 20);
        int documents = PassCost.documents(plan.fit().capacity(), ROWS);
        assertThat(documents).isEqualTo(16_384 / ROWS);
        double triangles = 6 * (2 * 256 * 257 / 2.0 + 3 * 768 * 769 / 2.0);
        double rows = 6.0 * ROWS * (2 * 256 + 3 * 768) * 2;
        Cost sums = stage(plan, FitCosts.COVARIANCE).part(FitCosts.SUMS);
        assertThat(sums.operations()).isEqualTo(2 * ROWS * triangles);
        assertThat(sums.wideOperations()).isZero();
        assertThat(sums.bytes()).isCloseTo(rows + triangles * 8 / documents, within(1e-3));
    }

    @ParameterizedTest
    @ValueSource(ints = {QueryBlock.FULL, RANK})
    void contractionsCountTheOperationsThatDecideBetweenThem(int rank) {
        ModelPlan plan = plan(2048 * MEBI, 20);
        var costs = new ScoreCosts(plan.score(), CONFIG, rank);
        for (ContractionCost rows : costs.contractions(Contraction.ROWS)) {
            assertThat(rows.operations() + rows.wideOperations())
                    .isEqualTo(rows.plan().rowsOperations());
            assertThat(rows.operations()).as("norms").isPositive();
        }
        for (ContractionCost formed : costs.contractions(Contraction.FORMED)) {
            assertThat(formed.operations() + formed.wideOperations())
                    .isEqualTo(formed.plan().formedOperations());
        }
    }

    /// R·r·Q products are written and read on both sides, and R·Q scores; norms of short documents add Gram
    /// matrices.
    @Test
    void bytesOfRowsAreTheirFactorsProductsAndNorms() {
        ModelPlan plan = plan(2048 * MEBI, 20);
        ContractionCost cost = new ScoreCosts(plan.score(), CONFIG, RANK)
                .contractions(Contraction.ROWS)
                .getFirst();
        LinearModule module = cost.plan().module();
        long sides = module.activationSize() + (long) module.outputs();
        long rows = plan.score().capacity().rows();
        long documents = rows / ROWS;
        long length = rows / documents;
        long products = rows * sides * 2 + 20 * RANK * sides * 4 + 4 * rows * 20 * RANK * 4;
        long scores = 2 * rows * 20 * 8;
        long norms = documents * (length * sides * 2 + 4 * length * length * 4);
        assertThat(cost.bytes()).isEqualTo(products + scores + norms);
    }

    /// A block is planned as `score` plans a file of as many queries, with batches of its own size.
    @Test
    void blocksArePlannedAsFilesOfQueries() {
        ModelPlan whole = plan(2048 * MEBI, 20_000);
        assertThat(whole.blocks()).hasSizeGreaterThan(1);
        ModelPlan file = plan(2048 * MEBI, whole.blocks().getFirst());
        assertThat(file.blocks()).hasSize(1);
        assertThat(whole.score()).isEqualTo(file.score());
    }

    @Test
    void queriesInTwoBlocksTakeEveryDocumentThroughTheModelTwice() {
        ModelPlan whole = plan(2048 * MEBI, 20);
        var halves = new ModelPlan(
                CONFIG, whole.fit(), whole.score().ofQueries(10), whole.rank(), List.of(10, 10), whole.queries());
        StageCost once = stage(whole, ScoreCosts.SCORES);
        StageCost twice = stage(halves, ScoreCosts.SCORES);
        for (String part : List.of(PassCost.FORWARD, PassCost.BACKWARD)) {
            assertThat(twice.part(part)).isEqualTo(once.part(part).times(2));
        }
        assertThat(halves.furtherPasses(twice).allOperations())
                .isCloseTo(
                        once.part(PassCost.FORWARD).allOperations()
                                + once.part(PassCost.BACKWARD).allOperations(),
                        within(1.0));
    }

    /// The block crosses the bus once a batch, whatever the documents are.
    @Test
    void aBlockThatWaitsInTheHostsMemoryIsOneBlockAndCrossesTheBusOnceABatch() {
        long beside = 2048 * MEBI;
        while (!plan(beside, 2000, 4096 * MEBI).isOffloaded()) {
            beside = beside * 9 / 10;
        }
        ModelPlan waiting = plan(beside, 2000, 4096 * MEBI);
        ModelPlan cut = plan(beside, 2000, 0);
        assertThat(waiting.blocks()).containsExactly(2000);
        assertThat(cut.isOffloaded()).isFalse();
        assertThat(cut.blocks()).hasSizeGreaterThan(1);
        assertThat(cut.busBytesOfDocument()).isZero();
        long block = waiting.score().blockBytes(RANK);
        assertThat(waiting.memory().offloaded()).isEqualTo(block);
        assertThat(waiting.busBytesOfDocument())
                .isEqualTo((double) block / PassCost.documents(waiting.score().capacity(), ROWS));
        long bytes = waiting.score().settings().memory().bytes();
        assertThat(waiting.memory().peaks().values())
                .allSatisfy(peak -> assertThat(peak).isLessThanOrEqualTo(bytes));
    }

    @Test
    void theFloorIsTheLongerOfComputingAndMoving() {
        var rates = new Rates(100, 10, 1);
        var computing = new Cost(1000, 100, 5);
        assertThat(rates.floor(computing)).isEqualTo(11);
        assertThat(rates.floorAsTyped(computing)).isEqualTo(20);
        assertThat(rates.bound(computing)).isEqualTo(Rates.Bound.OPERATIONS);
        assertThat(rates.floor(new Cost(0, 100, 5))).isEqualTo(5);
        assertThat(rates.bound(new Cost(0, 100, 5))).isEqualTo(Rates.Bound.BYTES);
    }

    private static StageCost stage(ModelPlan plan, String name) {
        return plan.stages().stream()
                .filter(stage -> stage.stage().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /// @param beside what a device has beside weights and reserve, in bytes
    private static ModelPlan plan(long beside, int queries) {
        return plan(beside, queries, 0);
    }

    /// @param host what may wait in the host's memory, in bytes
    private static ModelPlan plan(long beside, int queries, long host) {
        var memory = MemoryBudget.ofDevice(
                MemoryBudget.DEVICE_RESERVE + WEIGHTS + beside, WEIGHTS, host + MemoryBudget.BASE);
        var modules = new ModuleSelection("mlp");
        var fit = new FitSettings(
                CurvatureStrategy.EKFAC, LabelChoice.SAMPLED, modules, 100, ROWS + 1, 0, DType.BFLOAT16, memory, 1000);
        var score = new ScoreSettings(
                CurvatureStrategy.EKFAC,
                new Damping.Relative(0.1),
                new RankChoice.Rank(RANK),
                modules,
                false,
                false,
                ROWS + 1,
                DType.BFLOAT16,
                memory,
                1000);
        return ModelPlan.of(CONFIG, fit, score, new QueryLengths(queries, queries * 20L, 20), ROWS);
    }

    private static DecoderConfig config(String text) {
        try {
            return DecoderConfig.read(ConfigFile.read(
                    Path.of("config.json"), new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))));
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
