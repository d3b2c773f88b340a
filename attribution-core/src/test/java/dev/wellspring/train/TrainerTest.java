package dev.wellspring.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.golden.GoldenCase;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.Decoder;
import dev.wellspring.model.DecoderWeights;
import dev.wellspring.model.Numbers;
import dev.wellspring.model.PackedBatch;
import dev.wellspring.model.Sequence;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrainerTest {
    private static final List<Sequence> BATCH = List.of(
            Sequence.document(new int[] {3, 7, 1, 18, 4, 4, 11, 9, 2, 16}),
            Sequence.query(new int[] {5, 1, 8}, new int[] {13, 6, 2, 10}),
            Sequence.document(new int[] {17, 12}),
            Sequence.document(new int[] {9, 30, 2}),
            Sequence.query(new int[] {4, 4, 5}, new int[] {1, 3}));
    private static final int PREDICTIONS = 9 + 4 + 1 + 2 + 2;

    private final LinearAlgebra algebra = new ReferenceLinearAlgebra();
    private Checkpoint checkpoint;
    private DecoderWeights weights;

    @BeforeEach
    void load() throws IOException {
        checkpoint = Checkpoint.open(GoldenCase.load("qwen2").model());
        weights = DecoderWeights.load(checkpoint, algebra, DType.FLOAT64);
    }

    @AfterEach
    void close() {
        weights.close();
        checkpoint.close();
        algebra.close();
    }

    @Test
    void aStepIsTheOneThatPlainArithmeticTakes() {
        double[][] before = values(weights);
        double loss;
        double[][] gradients;
        try (var decoder = new Decoder(algebra, weights, DType.FLOAT64, 64);
                DecoderWeights sums = DecoderWeights.allocate(algebra, weights.config(), DType.FLOAT64)) {
            loss = Arrays.stream(decoder.parameterGradients(PackedBatch.of(BATCH), sums))
                            .sum()
                    / PREDICTIONS;
            gradients = values(sums);
        }
        double norm = 0;
        for (double[] gradient : gradients) {
            norm += Arrays.stream(gradient)
                    .map(g -> g * g / PREDICTIONS / PREDICTIONS)
                    .sum();
        }
        Trainer.Step step;
        try (Trainer trainer = trainer(1, new Optimizer.Sgd(0, 0), 0, 64)) {
            step = trainer.step(BATCH, 0.25, 0);
        }
        assertThat(step.loss()).isCloseTo(loss, within(1e-12));
        assertThat(step.tokens()).isEqualTo(PREDICTIONS);
        assertThat(step.gradientNorm()).isCloseTo(Math.sqrt(norm), within(1e-12));
        double[][] after = values(weights);
        for (int i = 0; i < after.length; i++) {
            for (int j = 0; j < after[i].length; j++) {
                assertThat(after[i][j]).isCloseTo(before[i][j] - 0.25 * gradients[i][j] / PREDICTIONS, within(1e-13));
            }
        }
    }

    @Test
    void gradientsAreClippedToTheNorm() {
        double[][] before = values(weights);
        try (Trainer trainer = trainer(1, new Optimizer.Sgd(0, 0), 1e-3, 64)) {
            assertThat(trainer.step(BATCH, 0.5, 0).gradientNorm()).isGreaterThan(1e-3);
        }
        double[][] after = values(weights);
        double moved = 0;
        for (int i = 0; i < after.length; i++) {
            for (int j = 0; j < after[i].length; j++) {
                moved += (after[i][j] - before[i][j]) * (after[i][j] - before[i][j]);
            }
        }
        assertThat(Math.sqrt(moved)).isCloseTo(0.5e-3, within(1e-12));
    }

    /// Also when a piece does not fit into one pass.
    @Test
    void piecesAddUpToTheWholeBatch() {
        train(1, 64);
        double[][] whole = values(weights);
        weights.close();
        weights = DecoderWeights.load(checkpoint, algebra, DType.FLOAT64);
        train(3, 9);
        double[][] pieces = values(weights);
        for (int i = 0; i < whole.length; i++) {
            Numbers.assertClose("tensor " + i, pieces[i], whole[i], 1e-9);
        }
    }

    private void train(int lanes, int maxRows) {
        try (Trainer trainer = trainer(lanes, Optimizer.AdamW.withDecay(0.1), 1, maxRows)) {
            for (int step = 0; step < 3; step++) {
                trainer.step(BATCH, 0.01, step);
            }
        }
    }

    @Test
    void decayIsForMatricesAndTablesOnly() {
        List<Tensor> decaying = weights.parts().stream()
                .filter(DecoderWeights.Part::decays)
                .map(DecoderWeights.Part::values)
                .toList();
        long decayed = decaying.stream().mapToLong(Tensor::elementCount).sum();
        long maps = weights.tensors().stream()
                .filter(weight ->
                        !weight.name().endsWith("bias") && !weight.name().contains("norm"))
                .mapToLong(weight -> weight.tensor().elementCount())
                .sum();
        assertThat(decayed).isEqualTo(maps);
        long all = weights.parts().stream()
                .mapToLong(part -> part.values().elementCount())
                .sum();
        assertThat(all)
                .isEqualTo(weights.tensors().stream()
                        .mapToLong(weight -> weight.tensor().elementCount())
                        .sum());
    }

    @Test
    void whatIsReadAgainAndAgainIsLearned() {
        try (Trainer trainer = trainer(2, Optimizer.AdamW.withDecay(0), 1, 64)) {
            double first = trainer.step(BATCH, 0.01, 0).loss();
            double last = first;
            for (int step = 1; step < 60; step++) {
                last = trainer.step(BATCH, 0.01, step).loss();
            }
            assertThat(first).isGreaterThan(3);
            assertThat(last).isLessThan(0.3);
        }
        try (var decoder = new Decoder(algebra, weights, DType.FLOAT64, 64)) {
            List<Evaluation.Outcome> outcomes = new Evaluation(decoder).of(BATCH);
            assertThat(outcomes.get(1).exact()).isTrue();
            assertThat(outcomes.get(1).tokens()).isEqualTo(4);
            double[] losses = decoder.losses(PackedBatch.of(List.of(BATCH.get(1))));
            assertThat(outcomes.get(1).loss()).isCloseTo(Arrays.stream(losses).sum(), within(1e-12));
        }
    }

    private Trainer trainer(int lanes, Optimizer optimizer, double clip, int maxRows) {
        return new Trainer(
                algebra,
                Collections.nCopies(lanes, algebra),
                RowParallel.serial(),
                weights,
                optimizer,
                clip,
                DType.FLOAT64,
                maxRows);
    }

    private double[][] values(DecoderWeights tensors) {
        return tensors.tensors().stream()
                .map(weight -> Numbers.of(algebra, weight.tensor()))
                .toArray(double[][]::new);
    }
}
