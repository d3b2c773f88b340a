package dev.wellspring.model;

import static dev.wellspring.model.Numbers.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.golden.GoldenCase;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// The decoder against numbers from PyTorch, on whichever backend, in whichever type.
public abstract class DecoderGoldenContract {
    /// The cases.
    public static final List<String> CASES = GoldenCase.NAMES;

    /// The expected losses, and only they, were rounded to float32 by their producer.
    private static final double LOSS_ROUNDING = 0x1p-24;

    /// The backend under test; each test closes its own.
    protected abstract LinearAlgebra backend();

    /// What the model is computed in.
    protected abstract DType type();

    /// Relative to the largest expected entry.
    protected abstract double tolerance();

    @ParameterizedTest
    @FieldSource("CASES")
    void logitsAreThoseOfTheReference(String name) throws IOException {
        GoldenCase golden = GoldenCase.load(name);
        try (LinearAlgebra algebra = backend();
                Checkpoint checkpoint = Checkpoint.open(golden.model());
                Decoder decoder = Decoder.load(checkpoint, algebra, type(), 64)) {
            PackedBatch batch = PackedBatch.of(List.of(first(golden.documents())));
            int vocabulary = decoder.config().vocabulary();
            try (Tensor out = algebra.allocate(type(), batch.rows(), vocabulary)) {
                decoder.logits(batch, 0, batch.rows(), out);
                assertClose("logits", Numbers.of(algebra, out), golden.values("logits/d000"), tolerance());
            }
        }
    }

    @ParameterizedTest
    @FieldSource("CASES")
    void lossesAreThoseOfTheReference(String name) throws IOException {
        GoldenCase golden = GoldenCase.load(name);
        PackedBatch documents = PackedBatch.of(List.copyOf(golden.documents().values()));
        PackedBatch queries = PackedBatch.of(List.copyOf(golden.queries().values()));
        try (LinearAlgebra algebra = backend();
                Checkpoint checkpoint = Checkpoint.open(golden.model());
                Decoder decoder = Decoder.load(checkpoint, algebra, type(), documents.rows())) {
            double tolerance = tolerance() + LOSS_ROUNDING;
            assertClose(
                    "documents",
                    sums(decoder.losses(documents), documents),
                    golden.values("loss/documents"),
                    tolerance);
            assertClose("queries", sums(decoder.losses(queries), queries), golden.values("loss/queries"), tolerance);
        }
    }

    @ParameterizedTest
    @FieldSource("CASES")
    void gradientsAreThoseOfTheReference(String name) throws IOException {
        GoldenCase golden = GoldenCase.load(name);
        try (LinearAlgebra algebra = backend();
                Checkpoint checkpoint = Checkpoint.open(golden.model());
                Decoder decoder = Decoder.load(checkpoint, algebra, type(), 64)) {
            assertThat(decoder.modules().stream().map(LinearModule::name)).isEqualTo(golden.modules("all"));
            for (var entry : Map.of("d000", first(golden.documents()), "q00", first(golden.queries()))
                    .entrySet()) {
                gradients(algebra, decoder, entry.getValue())
                        .forEach((module, gradient) -> assertClose(
                                entry.getKey() + " " + module,
                                gradient,
                                golden.values("gradient/" + entry.getKey() + "/" + module),
                                tolerance()));
            }
        }
    }

    @ParameterizedTest
    @FieldSource("CASES")
    void sumsOverAllRowsAreThoseOfTheReference(String name) throws IOException {
        GoldenCase golden = GoldenCase.load(name);
        PackedBatch documents = PackedBatch.of(List.copyOf(golden.documents().values()));
        try (LinearAlgebra algebra = backend();
                Checkpoint checkpoint = Checkpoint.open(golden.model());
                Decoder decoder = Decoder.load(checkpoint, algebra, type(), documents.rows())) {
            List<String> seen = new ArrayList<>();
            decoder.gradients(documents, null, Set.copyOf(decoder.modules()), (module, a, g, segments) -> {
                assertThat(new double[] {a.size(0)}).isEqualTo(golden.values("module/" + module.name() + "/rows"));
                assertSum(algebra, a, "module/" + module.name() + "/activation_sum", golden);
                assertSum(algebra, g, "module/" + module.name() + "/gradient_sum", golden);
                seen.add(module.name());
            });
            assertThat(seen).containsExactlyInAnyOrderElementsOf(golden.modules("all"));
        }
    }

    private void assertSum(LinearAlgebra algebra, Tensor rows, String key, GoldenCase golden) {
        try (Tensor sum = algebra.allocate(DType.FLOAT64, rows.size(1), rows.size(1))) {
            algebra.rankUpdate(1, rows, 0, sum);
            assertClose(key, Numbers.of(algebra, sum), golden.values(key), tolerance());
        }
    }

    private static Map<String, double[]> gradients(LinearAlgebra algebra, Decoder decoder, Sequence sequence) {
        Map<String, double[]> gradients = new LinkedHashMap<>();
        PackedBatch batch = PackedBatch.of(List.of(sequence));
        decoder.gradients(batch, null, Set.copyOf(decoder.modules()), (module, a, g, segments) -> {
            try (var work = new Workspace(algebra)) {
                Tensor gradient = work.allocate(DType.FLOAT64, module.outputs(), module.activationSize());
                algebra.gemm(1, g.transposed(), a, 0, gradient);
                gradients.put(module.name(), Numbers.of(algebra, gradient));
            }
        });
        return gradients;
    }

    private static Sequence first(Map<String, Sequence> sequences) {
        return sequences.values().iterator().next();
    }

    private static double[] sums(double[] rowLosses, PackedBatch batch) {
        double[] sums = new double[batch.documents()];
        for (int document = 0; document < sums.length; document++) {
            for (int row = batch.offsets()[document]; row < batch.offsets()[document + 1]; row++) {
                sums[document] += rowLosses[row];
            }
        }
        return sums;
    }
}
