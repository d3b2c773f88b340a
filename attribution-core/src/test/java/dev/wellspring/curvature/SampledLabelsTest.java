package dev.wellspring.curvature;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.Decoder;
import dev.wellspring.model.LinearModule;
import dev.wellspring.model.PackedBatch;
import dev.wellspring.model.Sequence;
import dev.wellspring.model.TinyCheckpoint;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Labels drawn from the model make Σ g gᵀ an unbiased estimate of the Fisher information.
@SuppressWarnings("NullAway.Init") // makeModel() runs before every test
class SampledLabelsTest {
    private static final int VOCABULARY = 7;
    private static final int SEEDS = 2000;
    private static final String CONFIG = """
            {"model_type": "llama", "vocab_size": 7, "hidden_size": 6, "num_hidden_layers": 1,
             "num_attention_heads": 3, "num_key_value_heads": 1, "intermediate_size": 5, "rms_norm_eps": 1e-5,
             "hidden_act": "silu", "mlp_bias": true, "max_position_embeddings": 16, "rope_theta": 100.0}
            """;
    private static final List<Sequence> DOCUMENTS = List.of(
            Sequence.document(new int[] {1, 4, 2, 6, 3}),
            Sequence.document(new int[] {5, 5, 0, 1}),
            Sequence.document(new int[] {3, 2, 2, 6, 0, 4}));

    private final LinearAlgebra algebra = new ReferenceLinearAlgebra();
    private Decoder decoder;

    @TempDir
    Path folder;

    @BeforeEach
    void makeModel() throws IOException {
        Path model = TinyCheckpoint.write(Files.createDirectory(folder.resolve("model")), CONFIG, 1);
        try (Checkpoint checkpoint = Checkpoint.open(model)) {
            decoder = Decoder.load(checkpoint, algebra, DType.FLOAT64, 500);
        }
    }

    @AfterEach
    void releaseMemory() {
        decoder.close();
    }

    /// Every entry of S of every module is estimated by the mean of 2000 seeds, with standard error s/√2000;
    /// with 200, rare labels still make the distribution of the means uneven. Of fewer than 200 entries, one
    /// beyond five standard errors has a chance below 2e-4, and their mean square is near 1. The documents' own
    /// labels, which give the empirical Fisher, are far outside.
    @Test
    void theMeanOverSeedsIsTheFisherInformation() {
        double[] exact = exactFisher();
        double[][] draws = new double[SEEDS][];
        for (int seed = 0; seed < SEEDS; seed++) {
            try (var covariances = fit(new LabelSampler(seed), 3)) {
                draws[seed] = gradientSums(covariances);
            }
        }
        assertThat(exact.length).isBetween(90, 200);
        double[] z = new double[exact.length];
        double[] own = new double[exact.length];
        try (var covariances = new CovarianceAccumulator(algebra, decoder.modules(), DType.FLOAT64)) {
            decoder.gradients(PackedBatch.of(DOCUMENTS), null, new LinkedHashSet<>(decoder.modules()), covariances);
            double[] empirical = gradientSums(covariances);
            for (int i = 0; i < exact.length; i++) {
                int entry = i;
                double[] values =
                        Arrays.stream(draws).mapToDouble(draw -> draw[entry]).toArray();
                double mean = Arrays.stream(values).average().orElseThrow();
                double variance = Arrays.stream(values)
                                .map(value -> (value - mean) * (value - mean))
                                .sum()
                        / (SEEDS - 1);
                double standardError = Math.sqrt(variance / SEEDS);
                z[i] = (mean - exact[i]) / standardError;
                own[i] = (empirical[i] - exact[i]) / standardError;
            }
        }
        assertThat(largest(z)).isLessThan(5);
        assertThat(Arrays.stream(z).map(value -> value * value).average().orElseThrow())
                .isBetween(0.3, 2.0);
        assertThat(largest(own)).isGreaterThan(20);
    }

    @Test
    void aSeedGivesTheSameBitsHoweverDocumentsAreBatched() throws IOException {
        Path together = folder.resolve("together.safetensors");
        Path apart = folder.resolve("apart.safetensors");
        Path other = folder.resolve("other.safetensors");
        try (var all = fit(new LabelSampler(11), 3);
                var pairs = fit(new LabelSampler(11), 2);
                var otherSeed = fit(new LabelSampler(12), 3)) {
            all.save(together);
            pairs.save(apart);
            otherSeed.save(other);
            for (LinearModule module : decoder.modules()) {
                assertThat(HostArrays.download(algebra, otherSeed.activationSum(module)))
                        .isEqualTo(HostArrays.download(algebra, all.activationSum(module)));
            }
        }
        assertThat(Files.mismatch(together, apart)).isEqualTo(-1);
        assertThat(Files.mismatch(together, other)).isNotEqualTo(-1);
    }

    private CovarianceAccumulator fit(LabelSampler sampler, int documentsAtOnce) {
        var covariances = new CovarianceAccumulator(algebra, decoder.modules(), DType.FLOAT64);
        for (int first = 0; first < DOCUMENTS.size(); first += documentsAtOnce) {
            int end = Math.min(DOCUMENTS.size(), first + documentsAtOnce);
            PackedBatch batch = PackedBatch.of(DOCUMENTS.subList(first, end));
            decoder.gradients(
                    batch,
                    sampler.uniforms(LongStream.range(first, end).toArray(), batch.offsets()),
                    new LinkedHashSet<>(decoder.modules()),
                    covariances);
        }
        return covariances;
    }

    /// Σ over rows t and labels v of p_t(v)·g gᵀ, where g comes from the loss of row t alone with label v: labels of
    /// different rows are independent, and the expected gradient of each is zero. With loss weight √p a row's
    /// gradient is √p·g.
    private double[] exactFisher() {
        PackedBatch documents = PackedBatch.of(DOCUMENTS);
        double[] probabilities = probabilities(documents);
        List<Sequence> copies = new ArrayList<>();
        for (Sequence document : DOCUMENTS) {
            for (int copy = 0; copy < document.rows() * VOCABULARY; copy++) {
                copies.add(document);
            }
        }
        PackedBatch batch = PackedBatch.of(copies);
        Arrays.fill(batch.weights(), 0);
        int sequence = 0;
        for (int row = 0; row < documents.rows(); row++) {
            for (int label = 0; label < VOCABULARY; label++) {
                int at = batch.offsets()[sequence++] + documents.positions()[row];
                batch.labels()[at] = label;
                batch.weights()[at] = Math.sqrt(probabilities[row * VOCABULARY + label]);
            }
        }
        try (var covariances = new CovarianceAccumulator(algebra, decoder.modules(), DType.FLOAT64)) {
            decoder.gradients(batch, null, new LinkedHashSet<>(decoder.modules()), covariances);
            return gradientSums(covariances);
        }
    }

    private double[] probabilities(PackedBatch batch) {
        try (Tensor logits = algebra.allocate(DType.FLOAT64, batch.rows(), VOCABULARY)) {
            decoder.logits(batch, 0, batch.rows(), logits);
            double[] p = HostArrays.download(algebra, logits);
            for (int row = 0; row < batch.rows(); row++) {
                double total = 0;
                for (int i = row * VOCABULARY; i < (row + 1) * VOCABULARY; i++) {
                    p[i] = Math.exp(p[i]);
                    total += p[i];
                }
                for (int i = row * VOCABULARY; i < (row + 1) * VOCABULARY; i++) {
                    p[i] /= total;
                }
            }
            return p;
        }
    }

    /// The lower triangles of Σ g gᵀ of all modules.
    private double[] gradientSums(CovarianceAccumulator covariances) {
        List<Double> entries = new ArrayList<>();
        for (LinearModule module : covariances.modules()) {
            double[] sum = HostArrays.download(algebra, covariances.gradientSum(module));
            for (int i = 0; i < module.outputs(); i++) {
                for (int j = 0; j <= i; j++) {
                    entries.add(sum[i * module.outputs() + j]);
                }
            }
        }
        return entries.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElse(0);
    }
}
