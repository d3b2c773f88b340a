package dev.wellspring.model;

import static dev.wellspring.model.Numbers.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.wellspring.curvature.HostArrays;
import dev.wellspring.golden.GoldenCase;
import dev.wellspring.linalg.AttentionMemory;
import dev.wellspring.linalg.AttentionShape;
import dev.wellspring.linalg.ComposedAttention;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecoderTest {
    static final List<String> GOLDEN = GoldenCase.NAMES;

    private static final List<Sequence> SEQUENCES = List.of(
            Sequence.document(new int[] {3, 7, 0, 18, 4, 4, 11, 9, 2, 16}),
            Sequence.query(new int[] {5, 1, 8}, new int[] {13, 6, 2, 10}),
            Sequence.document(new int[] {17, 12}));

    @TempDir
    Path folder;

    private final LinearAlgebra algebra = new ReferenceLinearAlgebra();

    @ParameterizedTest
    @EnumSource(TinyModel.class)
    void lossesAreThoseOfPlainLoops(TinyModel model) throws IOException {
        try (Checkpoint checkpoint = checkpoint(model);
                Decoder decoder = decoder(checkpoint)) {
            var plain = new PlainForward(checkpoint);
            PackedBatch batch = PackedBatch.of(SEQUENCES);
            double[] losses = decoder.losses(batch);
            for (int s = 0; s < SEQUENCES.size(); s++) {
                Sequence sequence = SEQUENCES.get(s);
                double[] expected = plain.losses(sequence.tokens());
                Arrays.fill(expected, 0, sequence.lossStart(), 0);
                double[] actual = Arrays.copyOfRange(losses, batch.offsets()[s], batch.offsets()[s + 1]);
                assertClose(model + " " + s, actual, expected, 1e-12);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "mistral", "qwen2", "pythia", "cohere"})
    void thePlainLoopsThemselvesAgreeWithTheGoldenLogits(String name) throws IOException {
        GoldenCase golden = GoldenCase.load(name);
        int[] tokens = golden.documents().values().iterator().next().tokens();
        try (Checkpoint checkpoint = Checkpoint.open(golden.model())) {
            double[][] logits = new PlainForward(checkpoint).logits(Arrays.copyOf(tokens, tokens.length - 1));
            double[] flat =
                    Arrays.stream(logits).flatMapToDouble(Arrays::stream).toArray();
            assertClose(name, flat, golden.values("logits/d000"), 1e-9);
        }
    }

    /// (loss(W + h) − loss(W − h)) / 2h, for the corners, the bias column and some entries between of every
    /// module.
    @ParameterizedTest
    @EnumSource(TinyModel.class)
    void gradientsAreTheSlopesOfTheLoss(TinyModel model) throws IOException {
        double h = 1e-5;
        PackedBatch batch = PackedBatch.of(SEQUENCES);
        try (Checkpoint checkpoint = checkpoint(model);
                Decoder decoder = decoder(checkpoint)) {
            Map<LinearModule, double[]> gradients = gradients(decoder, batch, Set.copyOf(decoder.modules()));
            var random = new Random(7);
            for (LinearModule module : decoder.modules()) {
                Tensor weights = decoder.weights().matrix(module);
                double[] values = Numbers.of(algebra, weights);
                double[] gradient = Objects.requireNonNull(gradients.get(module));
                double largest = Arrays.stream(gradient).map(Math::abs).max().orElseThrow();
                assertThat(largest).as(module.name()).isPositive();
                int last = values.length - 1;
                for (int entry : new int[] {0, module.inputs(), last, random.nextInt(last), random.nextInt(last)}) {
                    double slope = (loss(decoder, batch, weights, values, entry, h)
                                    - loss(decoder, batch, weights, values, entry, -h))
                            / (2 * h);
                    assertThat(Math.abs(slope - gradient[entry]) / largest)
                            .as(module.name() + " " + entry)
                            .isLessThan(1e-6);
                }
                Numbers.set(algebra, values, weights);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TinyModel.class)
    void aModuleTrackedAloneHasTheGradientItHasAmongAll(TinyModel model) throws IOException {
        PackedBatch batch = PackedBatch.of(SEQUENCES);
        try (Checkpoint checkpoint = checkpoint(model);
                Decoder decoder = decoder(checkpoint)) {
            Map<LinearModule, double[]> all = gradients(decoder, batch, Set.copyOf(decoder.modules()));
            assertThat(all.keySet()).containsExactlyInAnyOrderElementsOf(decoder.modules());
            for (LinearModule module : decoder.modules()) {
                Map<LinearModule, double[]> alone = gradients(decoder, batch, Set.of(module));
                assertThat(alone).containsOnlyKeys(module);
                assertThat(alone.get(module)).as(module.name()).isEqualTo(all.get(module));
            }
        }
    }

    @ParameterizedTest
    @FieldSource("GOLDEN")
    void aDocumentsResultIsTheSameBitForBitInAnyBatch(String name) throws IOException {
        GoldenCase golden = GoldenCase.load(name);
        List<Sequence> documents = List.copyOf(golden.documents().values()).subList(0, 4);
        PackedBatch together = PackedBatch.of(documents.reversed());
        try (Checkpoint checkpoint = Checkpoint.open(golden.model());
                Decoder decoder = Decoder.load(checkpoint, algebra, DType.FLOAT64, together.rows())) {
            assertBatchingChangesNothing(decoder, documents.reversed());
        }
    }

    @ParameterizedTest
    @EnumSource(TinyModel.class)
    void cuttingTheHeadIntoChunksChangesNothing(TinyModel model) throws IOException {
        PackedBatch batch = PackedBatch.of(SEQUENCES);
        long threeRows = 3L * 19 * Double.BYTES;
        try (Checkpoint checkpoint = checkpoint(model);
                var counted = new CountingAlgebra();
                DecoderWeights weights = DecoderWeights.load(checkpoint, counted.algebra(), DType.FLOAT64);
                var whole = new Decoder(counted.algebra(), weights, DType.FLOAT64, 32);
                var cut = new Decoder(counted.algebra(), weights, false, DType.FLOAT64, 32, threeRows)) {
            assertThat(counted.during(() -> whole.losses(batch))).containsEntry("crossEntropy", 1);
            assertThat(counted.during(() -> cut.losses(batch)))
                    .containsEntry("crossEntropy", Math.ceilDiv(batch.rows(), 3));
            assertThat(cut.losses(batch)).isEqualTo(whole.losses(batch));
            Set<LinearModule> all = Set.copyOf(whole.modules());
            Map<LinearModule, double[]> expected = gradients(whole, batch, all);
            gradients(cut, batch, all)
                    .forEach((module, gradient) -> assertThat(gradient).isEqualTo(expected.get(module)));
        }
    }

    /// Bit for bit, whatever was tracked when they were kept, and without logits.
    @ParameterizedTest
    @EnumSource(TinyModel.class)
    void headGradientsOfAnEarlierPassGiveTheSameGradients(TinyModel model) throws IOException {
        try (Checkpoint checkpoint = checkpoint(model);
                var counted = new CountingAlgebra();
                Decoder decoder = Decoder.load(checkpoint, counted.algebra(), DType.FLOAT32, 32)) {
            PackedBatch batch = PackedBatch.of(SEQUENCES);
            Set<LinearModule> all = Set.copyOf(decoder.modules());
            double[] uniforms = new Random(11).doubles(batch.rows()).toArray();
            Map<String, double[]> expected = new LinkedHashMap<>();
            decoder.gradients(batch, uniforms, all, record(counted.algebra(), expected));
            List<double[]> kept = new ArrayList<>();
            var head = new HeadGradients() {
                @Override
                public boolean take(Tensor gradients) {
                    kept.forEach(values -> HostArrays.upload(counted.algebra(), values, gradients));
                    return !kept.isEmpty();
                }

                @Override
                public void keep(Tensor gradients) {
                    kept.add(HostArrays.download(counted.algebra(), gradients));
                }
            };
            Set<LinearModule> last = Set.of(decoder.modules().getLast());
            decoder.gradients(batch, uniforms, last, (module, a, g, segments) -> {}, head);
            assertThat(kept).hasSize(1);
            decoder.losses(PackedBatch.of(List.of(SEQUENCES.getLast()))); // what the head left behind is another's now
            Map<String, double[]> actual = new LinkedHashMap<>();
            Map<String, Integer> calls = counted.during(
                    () -> decoder.gradients(batch, uniforms, all, record(counted.algebra(), actual), head));
            assertThat(calls).doesNotContainKeys("crossEntropy", "sampleLabels");
            assertThat(kept).hasSize(1);
            assertThat(actual).containsOnlyKeys(expected.keySet());
            expected.forEach(
                    (name, values) -> assertThat(actual.get(name)).as(name).containsExactly(values));
        }
    }

    private static GradientTap record(LinearAlgebra algebra, Map<String, double[]> gradients) {
        return (module, a, g, segments) -> gradients.put(module.name(), HostArrays.download(algebra, g));
    }

    @Test
    void drawnLabelsActLikeLabelsOfTheBatch() throws IOException {
        try (Checkpoint checkpoint = checkpoint(TinyModel.GEMMA2);
                Decoder decoder = decoder(checkpoint)) {
            Sequence sequence = SEQUENCES.getFirst();
            double[] uniforms = new Random(11).doubles(sequence.rows()).toArray();
            double[][] logits = new PlainForward(checkpoint).logits(Arrays.copyOf(sequence.tokens(), sequence.rows()));
            PackedBatch own = PackedBatch.of(List.of(sequence));
            int[] drawn = new int[sequence.rows()];
            for (int row = 0; row < drawn.length; row++) {
                drawn[row] = draw(logits[row], uniforms[row]);
            }
            assertThat(drawn).isNotEqualTo(own.labels());
            var relabelled = new PackedBatch(own.tokens(), drawn, own.weights(), own.positions(), own.offsets());
            Set<LinearModule> all = Set.copyOf(decoder.modules());
            Map<LinearModule, double[]> sampled = new LinkedHashMap<>();
            double[] losses = decoder.gradients(
                    own, uniforms, all, (module, a, g, segments) -> sampled.put(module, product(module, a, g)));
            assertThat(losses).isEqualTo(decoder.losses(relabelled));
            gradients(decoder, relabelled, all)
                    .forEach((module, gradient) ->
                            assertThat(sampled.get(module)).isEqualTo(gradient));
        }
    }

    @Test
    void onlyWhatTheTrackedModulesNeedIsComputed() throws IOException {
        try (Checkpoint checkpoint = checkpoint(TinyModel.LLAMA3_TIED);
                var counted = new CountingAlgebra();
                Decoder decoder = Decoder.load(checkpoint, counted.algebra(), DType.FLOAT64, 32)) {
            PackedBatch batch = PackedBatch.of(SEQUENCES);
            List<LinearModule> modules = decoder.modules();
            Map<String, Integer> top = counted.during(
                    () -> decoder.gradients(batch, null, Set.of(modules.getLast()), (module, a, g, segments) -> {}));
            assertThat(top).doesNotContainKeys("attentionBackward", "gatedBackward");
            Map<String, Integer> lowestMlp = counted.during(
                    () -> decoder.gradients(batch, null, Set.of(modules.get(4)), (module, a, g, segments) -> {}));
            assertThat(lowestMlp).containsEntry("attentionBackward", 1).containsEntry("gatedBackward", 2);
            Map<String, Integer> none =
                    counted.during(() -> decoder.gradients(batch, null, Set.of(), (module, a, g, segments) -> {}));
            assertThat(none).doesNotContainKeys("normBackward");
        }
    }

    @ParameterizedTest
    @EnumSource(TinyModel.class)
    void memoryIsAllocatedOnceAndAsAnnounced(TinyModel model) throws IOException {
        try (Checkpoint checkpoint = checkpoint(model);
                var counted = new CountingAlgebra();
                DecoderWeights weights = DecoderWeights.load(checkpoint, counted.algebra(), DType.FLOAT32)) {
            long announced = DecoderWeights.byteSize(weights.config(), DType.FLOAT32);
            // A backend may round each tensor up to its alignment.
            assertThat(weights.byteSize())
                    .isBetween(announced, announced + 64L * weights.tensors().size());
            long before = counted.allocatedBytes();
            try (var decoder = new Decoder(counted.algebra(), weights, DType.FLOAT32, 32)) {
                assertThat(counted.allocatedBytes() - before)
                        .isEqualTo(
                                Decoder.activationBytes(weights.config(), DType.FLOAT32, 32, Decoder.HOST_LOGIT_BYTES));
                Map<String, Integer> calls = counted.during(() -> decoder.gradients(
                        PackedBatch.of(SEQUENCES), null, Set.copyOf(decoder.modules()), (module, a, g, s) -> {}));
                assertThat(calls).doesNotContainKey("allocate");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"FLOAT32, 0", "BFLOAT16, 20"})
    void attentionTakesWhatIsAnnouncedForTheLongestSequence(DType type, long widenedHeads) {
        AttentionShape shape = new AttentionShape(0.5, 0, 2);
        int[] offsets = {0, 3, 12, 14};
        try (var counted = new CountingAlgebra();
                var attention = new ComposedAttention(counted.algebra(), DType.FLOAT32, RowParallel.serial());
                Workspace work = new Workspace(counted.algebra())) {
            var segments = new Segments(offsets, work.allocate(DType.INT32, offsets.length));
            Tensor q = work.allocate(type, 14, 4, 6);
            Tensor k = work.allocate(type, 14, 2, 6);
            Tensor dq = work.allocate(type, 14, 4, 6);
            Tensor dk = work.allocate(type, 14, 2, 6);
            Tensor dv = work.allocate(type, 14, 2, 6);
            long before = counted.allocatedBytes();
            attention.backward(q, k, k, segments, shape, q, dq, dk, dv);
            assertThat(counted.allocatedBytes() - before - attentionBytes(3, type))
                    .isEqualTo(attentionBytes(9, type))
                    .isEqualTo(4 * (3 * 2 * 9 * 9 + widenedHeads * 9 * 6));
        }
    }

    private static long attentionBytes(long longest, DType type) {
        return ComposedAttention.byteSize(new AttentionMemory.Sizes(14, longest, 4, 2, 6, type));
    }

    @Test
    void parametersAreCountedByKind() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(GoldenCase.load("gpt2").model());
                Decoder decoder = decoder(checkpoint)) {
            long linear = decoder.modules().stream()
                    .mapToLong(LinearModule::parameters)
                    .sum();
            assertThat(decoder.weights().parameters())
                    .containsOnly(
                            Map.entry(DecoderWeights.Kind.EMBEDDING, 384L * 32),
                            Map.entry(DecoderWeights.Kind.POSITION, 128L * 32),
                            Map.entry(DecoderWeights.Kind.NORM, 5L * 2 * 32),
                            Map.entry(DecoderWeights.Kind.LINEAR, linear));
            assertThat(decoder.parameters()).isEqualTo(linear + 384 * 32 + 128 * 32 + 320);
        }
    }

    @Test
    void modulesThatReadTheSameRowsShareAnInputGroup() throws IOException {
        try (Checkpoint biased =
                        Checkpoint.open(TinyCheckpoint.write(folder, TinyModel.COHERE_QUERY_KEY_NORM.config(), 1));
                Decoder decoder = decoder(biased)) {
            assertThat(decoder.modules().stream().limit(7).map(LinearModule::inputGroup))
                    .containsExactly(
                            "model.layers.0.attention.input",
                            "model.layers.0.attention.input",
                            "model.layers.0.attention.input",
                            "model.layers.0.self_attn.o_proj",
                            "model.layers.0.mlp.input",
                            "model.layers.0.mlp.input",
                            "model.layers.0.mlp.down_proj");
        }
        try (Checkpoint plain = Checkpoint.open(GoldenCase.load("cohere").model());
                Decoder decoder = decoder(plain)) {
            assertThat(decoder.modules().stream()
                            .limit(7)
                            .map(LinearModule::inputGroup)
                            .distinct())
                    .containsExactly(
                            "model.layers.0.input", "model.layers.0.self_attn.o_proj", "model.layers.0.mlp.down_proj");
        }
    }

    @Test
    void batchesThatTheModelCannotReadAreRefused() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(GoldenCase.load("gpt2").model());
                Decoder decoder = Decoder.load(checkpoint, algebra, DType.FLOAT64, 140)) {
            assertRefused(decoder, Sequence.document(new int[] {1, 384, 2}), "token in row 1", "0 to 383", "384");
            assertRefused(decoder, Sequence.document(new int[] {1, 2, -1}), "label in row 1", "got -1");
            assertRefused(decoder, Sequence.document(new int[130]), "at most 128 rows", "got 129");
            assertRefused(decoder, Sequence.document(new int[142]), "rows: expected at most 140, got 141");
            var foreign = new LinearModule("other", 0, LinearModule.Part.MLP, 1, 1, false, "other");
            PackedBatch batch = PackedBatch.of(List.of(Sequence.document(new int[] {1, 2})));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> decoder.gradients(batch, null, Set.of(foreign), (module, a, g, s) -> {}))
                    .withMessageContaining("other");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> decoder.gradients(batch, new double[2], Set.of(), (module, a, g, s) -> {}))
                    .withMessageContaining("uniforms: expected one for each of 1 rows, got 2");
        }
    }

    @ParameterizedTest
    @FieldSource("GOLDEN")
    void bfloat16LossesStayNear(String name) throws IOException {
        GoldenCase golden = GoldenCase.load(name);
        PackedBatch batch = PackedBatch.of(List.copyOf(golden.documents().values()));
        try (Checkpoint checkpoint = Checkpoint.open(golden.model());
                Decoder decoder = Decoder.load(checkpoint, algebra, DType.BFLOAT16, batch.rows())) {
            double expected = Arrays.stream(golden.values("loss/documents")).sum();
            assertThat(Arrays.stream(decoder.losses(batch)).sum() / expected).isBetween(0.98, 1.02);
        }
    }

    private Checkpoint checkpoint(TinyModel model) throws IOException {
        return Checkpoint.open(TinyCheckpoint.write(folder, model.config(), 42));
    }

    private Decoder decoder(Checkpoint checkpoint) {
        return Decoder.load(checkpoint, algebra, DType.FLOAT64, 32);
    }

    private void assertBatchingChangesNothing(Decoder decoder, List<Sequence> documents) {
        Set<LinearModule> all = Set.copyOf(decoder.modules());
        PackedBatch together = PackedBatch.of(documents);
        Map<String, double[]> packed = new LinkedHashMap<>();
        double[] losses = decoder.gradients(together, null, all, (module, a, g, segments) -> {
            for (int d = 0; d < segments.count(); d++) {
                Tensor rowsOfA = a.rows(segments.start(d), segments.end(d));
                Tensor rowsOfG = g.rows(segments.start(d), segments.end(d));
                packed.put(module.name() + d, product(module, rowsOfA, rowsOfG));
            }
        });
        for (int d = 0; d < documents.size(); d++) {
            PackedBatch alone = PackedBatch.of(List.of(documents.get(d)));
            assertThat(Arrays.copyOfRange(losses, together.offsets()[d], together.offsets()[d + 1]))
                    .isEqualTo(decoder.losses(alone));
            int document = d;
            gradients(decoder, alone, all)
                    .forEach((module, gradient) ->
                            assertThat(packed.get(module.name() + document)).isEqualTo(gradient));
        }
    }

    private void assertRefused(Decoder decoder, Sequence sequence, String... parts) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> decoder.losses(PackedBatch.of(List.of(sequence))))
                .satisfies(e -> assertThat(e).hasMessageContainingAll(parts).hasMessageNotContaining("\n"));
    }

    private double loss(Decoder decoder, PackedBatch batch, Tensor weights, double[] values, int entry, double h) {
        double[] moved = values.clone();
        moved[entry] += h;
        Numbers.set(algebra, moved, weights);
        return Arrays.stream(decoder.losses(batch)).sum();
    }

    private Map<LinearModule, double[]> gradients(Decoder decoder, PackedBatch batch, Set<LinearModule> tracked) {
        Map<LinearModule, double[]> gradients = new LinkedHashMap<>();
        decoder.gradients(
                batch, null, tracked, (module, a, g, segments) -> gradients.put(module, product(module, a, g)));
        return gradients;
    }

    private double[] product(LinearModule module, Tensor a, Tensor g) {
        try (var work = new Workspace(algebra)) {
            Tensor gradient = work.allocate(DType.FLOAT64, module.outputs(), module.activationSize());
            algebra.gemm(1, g.transposed(), a, 0, gradient);
            return Numbers.of(algebra, gradient);
        }
    }

    private static int draw(double[] logits, double uniform) {
        double total = Arrays.stream(logits).map(Math::exp).sum();
        double cumulated = 0;
        for (int v = 0; v < logits.length; v++) {
            cumulated += Math.exp(logits[v]) / total;
            if (cumulated > uniform) {
                return v;
            }
        }
        return logits.length - 1;
    }
}
