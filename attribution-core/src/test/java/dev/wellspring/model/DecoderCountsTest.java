package dev.wellspring.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.model.checkpoint.ConfigFile;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Operations and bytes that are counted from shapes, beside those that a backend is asked for.
class DecoderCountsTest {
    private static final int ROWS = 6;

    private static final String ONE_LAYER = """
            {"model_type": "llama", "vocab_size": 11, "hidden_size": 8, "num_hidden_layers": 1,
             "num_attention_heads": 2, "num_key_value_heads": 1, "intermediate_size": 5, "rms_norm_eps": 1e-5,
             "hidden_act": "silu", "tie_word_embeddings": true, "max_position_embeddings": 64}
            """;

    @TempDir
    Path folder;

    /// W_q 8·8, W_k and W_v 4·8, W_o 8·8, gate and up 5·8, down 8·5; each row sees (7 + 1)/2 = 4 of 7 on average.
    @Test
    void operationsOfOneLayerAreThoseCountedByHand() throws IOException {
        DecoderConfig config = config(ONE_LAYER);
        long maps = 64 + 32 + 32 + 64 + 3 * 40;
        long head = 2 * 8 * 11;
        long attention = 4 * 4 * 8;
        var mlp = DecoderOperations.perRow(config, 7, select(config, "mlp"), true);
        assertThat(mlp.forward()).isEqualTo(2 * maps + head + attention);
        assertThat(mlp.backward()).as("through the head and down").isEqualTo(head + 2 * 40);
        var all = DecoderOperations.perRow(config, 7, config.modules(), true);
        assertThat(all.forward()).isEqualTo(mlp.forward());
        assertThat(all.backward())
                .as("and through gate, up, attention and its output")
                .isEqualTo(head + 2 * (3 * 40 + 64) + 2 * attention);
        assertThat(DecoderOperations.perRow(config, 7, List.of(), true).backward())
                .isEqualTo(head);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void countsAreThoseOfABackend(String name, String text, DType type, String tracked) throws IOException {
        DecoderConfig config = config(text);
        Set<LinearModule> modules = select(config, tracked);
        var batch = PackedBatch.of(List.of(Sequence.document(new int[] {1, 2, 3, 4, 5, 6, 7})));
        long allRows = batch.rows();
        var operations = DecoderOperations.perRow(config, 0, modules, true);
        DecoderTraffic traffic =
                DecoderTraffic.of(config, type, ROWS, ROWS, modules, true, Decoder.HOST_LOGIT_BYTES, true);
        try (Checkpoint checkpoint =
                        Checkpoint.open(TinyCheckpoint.write(Files.createTempDirectory(folder, "m"), text, 3));
                var counted = new CountingAlgebra();
                Decoder decoder = Decoder.load(checkpoint, counted.algebra(), type, ROWS)) {
            counted.during(() -> decoder.losses(batch));
            assertThat(counted.operations()).isEqualTo(allRows * operations.forward());
            assertThat(counted.bytes() + allRows * (attention(config, type, 4, 4) + logits(config, type)))
                    .isEqualTo(allRows * traffic.forward() + traffic.weightsForward());
            counted.during(() -> decoder.gradients(batch, new double[ROWS], modules, (module, a, g, segments) -> {}));
            assertThat(counted.operations()).isEqualTo(allRows * operations.both());
            assertBothPasses(counted, decoder, modules, traffic);
            assertBelowHead(decoder, counted, batch, modules);
        }
    }

    /// The same where head gradients are there.
    private static void assertBelowHead(
            Decoder decoder, CountingAlgebra counted, PackedBatch batch, Set<LinearModule> modules) {
        DecoderConfig config = decoder.config();
        DType type = decoder.type();
        var operations = DecoderOperations.perRow(config, 0, modules, false);
        DecoderTraffic traffic =
                DecoderTraffic.of(config, type, ROWS, ROWS, modules, true, Decoder.HOST_LOGIT_BYTES, false);
        counted.during(
                () -> decoder.gradients(batch, null, modules, (module, a, g, segments) -> {}, new HeadGradients() {
                    @Override
                    public boolean take(Tensor gradients) {
                        return true;
                    }

                    @Override
                    public void keep(Tensor gradients) {
                        throw new AssertionError("they were there");
                    }
                }));
        assertThat(counted.operations()).isEqualTo(ROWS * operations.both());
        assertBothPasses(counted, decoder, modules, traffic);
    }

    private static void assertBothPasses(
            CountingAlgebra counted, Decoder decoder, Set<LinearModule> modules, DecoderTraffic traffic) {
        DecoderConfig config = decoder.config();
        DType type = decoder.type();
        long attentions = BackwardReach.of(config, modules).attentions(config);
        assertThat(counted.bytes()
                        + ROWS
                                * (attention(config, type, 4, 4)
                                        + attentions * attention(config, type, 12, 10) / config.layers()))
                .isEqualTo(ROWS * (traffic.forward() + traffic.backward())
                        + traffic.weightsForward()
                        + traffic.weightsBackward());
    }

    static Stream<Arguments> cases() {
        String cohere = TinyModel.COHERE_QUERY_KEY_NORM.config().replace("bias\": true", "bias\": false");
        List<List<String>> models = List.of(
                List.of("llama", TinyModel.LLAMA3_TIED.config()),
                List.of("phi3", TinyModel.PHI3.config()),
                List.of("gemma2", TinyModel.GEMMA2.config()),
                List.of("cohere", cohere));
        return models.stream()
                .flatMap(model -> Stream.of("mlp", "all", "last", "attention")
                        .flatMap(tracked -> Stream.of(DType.FLOAT32, DType.BFLOAT16)
                                .map(type -> Arguments.of(model.get(0), model.get(1), type, tracked))));
    }

    /// The rows of queries and scores that attention moves in all layers, which the counting backend does not see.
    private static long attention(DecoderConfig config, DType type, long rows, long scores) {
        return config.layers()
                * (rows * config.attention().queryWidth() * type.byteSize()
                        + scores * config.attention().heads() * ROWS * Float.BYTES);
    }

    /// Reading them for sampled labels, which losses alone do not.
    private static long logits(DecoderConfig config, DType type) {
        return (long) config.vocabulary() * DecoderMemory.precise(type).byteSize();
    }

    private static Set<LinearModule> select(DecoderConfig config, String tracked) {
        List<LinearModule> all = config.modules();
        return switch (tracked) {
            case "mlp" -> part(all, LinearModule.Part.MLP);
            case "attention" -> part(all, LinearModule.Part.ATTENTION);
            case "last" -> Set.of(all.getLast());
            default -> new LinkedHashSet<>(all);
        };
    }

    private static Set<LinearModule> part(List<LinearModule> modules, LinearModule.Part part) {
        return modules.stream()
                .filter(module -> module.part() == part)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private DecoderConfig config(String text) throws IOException {
        return DecoderConfig.read(ConfigFile.read(Files.writeString(folder.resolve("config.json"), text)));
    }
}
