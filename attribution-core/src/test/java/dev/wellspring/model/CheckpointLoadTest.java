package dev.wellspring.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.golden.GoldenCase;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.model.checkpoint.CheckpointException;
import dev.wellspring.model.checkpoint.SafetensorsFile;
import dev.wellspring.model.checkpoint.SafetensorsWriter;
import dev.wellspring.model.checkpoint.SafetensorsWriter.Slot;
import dev.wellspring.model.checkpoint.StoredTensor;
import dev.wellspring.model.checkpoint.StoredType;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Checkpoints as they are found in the wild, good and bad.
class CheckpointLoadTest {
    private static final PackedBatch BATCH = PackedBatch.of(List.of(Sequence.document(new int[] {1, 5, 9, 300, 2})));

    @TempDir
    Path folder;

    private final LinearAlgebra algebra = new ReferenceLinearAlgebra();

    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16"})
    void narrowTypesAreReadAsTheNumbersTheyHold(StoredType type) throws IOException {
        copy("llama");
        rewrite(tensor -> narrowed(tensor, type));
        double[] narrow = losses();
        rewrite(CheckpointLoadTest::widened);
        assertThat(narrow).isEqualTo(losses());
    }

    @Test
    void namesMayLackTheModelsName() throws IOException {
        copy("gpt2");
        double[] expected = losses();
        rewrite(tensor -> new StoredTensor(
                tensor.file(),
                tensor.name().replace("transformer.", ""),
                tensor.stored(),
                tensor.shape(),
                tensor.data()));
        assertThat(losses()).isEqualTo(expected);
    }

    @Test
    void masksAreIgnoredAndStrangersReported() throws IOException {
        copy("gpt2");
        List<Extra> extras = List.of(
                new Extra("transformer.h.0.attn.bias", StoredType.U8),
                new Extra("transformer.h.1.attn.masked_bias", StoredType.F32),
                new Extra("lm_head.weight", StoredType.F32),
                new Extra("transformer.h.0.attn.rotary_emb.inv_freq", StoredType.F32),
                new Extra("transformer.h.7.surprise.weight", StoredType.F32));
        rewrite(tensor -> tensor, extras);
        try (Checkpoint checkpoint = Checkpoint.open(folder);
                DecoderWeights weights = DecoderWeights.load(checkpoint, algebra, DType.FLOAT32)) {
            assertThat(weights.unusedTensors()).containsExactly("transformer.h.7.surprise.weight");
        }
    }

    @Test
    void theDigestKnowsEveryByte() throws IOException {
        copy("llama");
        String first = digest();
        assertThat(first).matches("[0-9a-f]{64}").isEqualTo(digest());
        Path config = folder.resolve("config.json");
        Files.writeString(config, Files.readString(config) + "\n");
        String second = digest();
        assertThat(second).isNotEqualTo(first);
        byte[] weights = Files.readAllBytes(folder.resolve("model.safetensors"));
        weights[weights.length - 1] ^= 1;
        Files.write(folder.resolve("model.safetensors"), weights);
        assertThat(digest()).isNotEqualTo(second).isNotEqualTo(first);
    }

    @Test
    void aMissingTensorIsNamed() throws IOException {
        copy("llama");
        rewrite(tensor -> renamed(tensor, "model.layers.1.mlp.up_proj.weight", "model.layers.1.mlp.upward.weight"));
        assertRefused("expected a tensor model.layers.1.mlp.up_proj.weight, found none");
    }

    @Test
    void aWrongShapeIsNamed() throws IOException {
        copy("llama");
        replaceInConfig("\"intermediate_size\": 72", "\"intermediate_size\": 73");
        assertRefused(
                "model.safetensors: tensor model.layers.0.mlp.gate_proj.weight: expected shape [73, 32], found [72, 32]");
    }

    @Test
    void notANumberIsNamedWithItsPlace() throws IOException {
        copy("llama");
        rewrite(tensor -> poisoned(tensor, "model.layers.1.self_attn.k_proj.weight", 5, Float.NaN));
        assertRefused("model.safetensors: tensor model.layers.1.self_attn.k_proj.weight: expected finite", "element 5");
        rewrite(tensor -> poisoned(tensor, "model.layers.1.self_attn.k_proj.weight", 5, 1));
        rewrite(tensor -> poisoned(tensor, "model.norm.weight", 31, Float.NEGATIVE_INFINITY));
        assertRefused("tensor model.norm.weight: expected finite", "element 31");
    }

    @Test
    void aTypeThatCannotBeComputedWithIsNamed() throws IOException {
        copy("llama");
        rewrite(tensor -> tensor.name().equals("model.norm.weight")
                ? new StoredTensor(tensor.file(), tensor.name(), StoredType.U32, tensor.shape(), tensor.data())
                : tensor);
        assertRefused("tensor model.norm.weight: expected dtype", "found U32");
    }

    @Test
    void aTruncatedFileIsNamed() throws IOException {
        copy("llama");
        Path file = folder.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        assertRefused("model.safetensors: tensor ", "truncated");
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        copy("mistral");
        Files.delete(folder.resolve("model-00002-of-00002.safetensors"));
        assertRefused("model.safetensors.index.json: expected the shard model-00002-of-00002.safetensors");
        Files.delete(folder.resolve("model.safetensors.index.json"));
        assertRefused("expected model.safetensors or model.safetensors.index.json, found neither");
        Files.delete(folder.resolve("config.json"));
        assertRefused("config.json: expected a JSON file, found none");
    }

    @Test
    void anIndexThatNamesTheWrongShardIsRefused() throws IOException {
        copy("mistral");
        Path index = folder.resolve("model.safetensors.index.json");
        Files.writeString(
                index,
                Files.readString(index)
                        .replace("\"lm_head.weight\": \"model-00001", "\"lm_head.weight\": \"model-00002"),
                StandardCharsets.UTF_8);
        assertRefused("index.json: expected tensor lm_head.weight in model-00002-of-00002.safetensors, found none");
    }

    @Test
    void brokenJsonIsNamedWithItsLine() throws IOException {
        copy("llama");
        replaceInConfig("\"hidden_act\": \"silu\",", "\"hidden_act\": silu,");
        assertRefused("config.json:", "expected JSON", "silu");
        copy("mistral");
        Files.delete(folder.resolve("model.safetensors"));
        Files.writeString(folder.resolve("model.safetensors.index.json"), "{\"weight_map\": {");
        assertRefused("model.safetensors.index.json:1: expected JSON");
    }

    @Test
    void anUnknownArchitectureIsNamed() throws IOException {
        copy("llama");
        replaceInConfig("\"model_type\": \"llama\"", "\"model_type\": \"rwkv\"");
        assertRefused("config.json: model_type: expected one of gpt2", "\"rwkv\"");
    }

    private record Extra(String name, StoredType type) {}

    private void copy(String golden) throws IOException {
        try (Stream<Path> files = Files.list(GoldenCase.load(golden).model())) {
            for (Path file : files.toList()) {
                Files.write(folder.resolve(file.getFileName().toString()), Files.readAllBytes(file));
            }
        }
    }

    private double[] losses() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(folder);
                Decoder decoder = Decoder.load(checkpoint, algebra, DType.FLOAT64, 8)) {
            return decoder.losses(BATCH);
        }
    }

    private String digest() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            return checkpoint.digest();
        }
    }

    private void rewrite(UnaryOperator<StoredTensor> change) throws IOException {
        rewrite(change, List.of());
    }

    private void rewrite(UnaryOperator<StoredTensor> change, List<Extra> extras) throws IOException {
        Path path = folder.resolve("model.safetensors");
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            List<StoredTensor> tensors =
                    file.names().stream().map(file::tensor).map(change).toList();
            List<Slot> slots = new ArrayList<>();
            tensors.forEach(tensor -> slots.add(new Slot(tensor.name(), tensor.stored(), tensor.shape())));
            extras.forEach(extra -> slots.add(new Slot(extra.name(), extra.type(), 1)));
            try (var writer = SafetensorsWriter.create(path, Map.of(), slots)) {
                for (StoredTensor tensor : tensors) {
                    writer.append(tensor.name(), tensor.data());
                }
                for (Extra extra : extras) {
                    writer.append(
                            extra.name(),
                            MemorySegment.ofArray(new byte[extra.type().byteSize()]));
                }
                writer.finish();
            }
        }
    }

    private static StoredTensor renamed(StoredTensor tensor, String from, String to) {
        String name = tensor.name().equals(from) ? to : tensor.name();
        return new StoredTensor(tensor.file(), name, tensor.stored(), tensor.shape(), tensor.data());
    }

    private static StoredTensor poisoned(StoredTensor tensor, String name, int element, float value) {
        if (!tensor.name().equals(name)) {
            return tensor;
        }
        float[] values = tensor.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        values[element] = value;
        return new StoredTensor(tensor.file(), name, tensor.stored(), tensor.shape(), MemorySegment.ofArray(values));
    }

    private static StoredTensor narrowed(StoredTensor tensor, StoredType type) {
        float[] values = tensor.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        short[] narrow = new short[values.length];
        for (int i = 0; i < values.length; i++) {
            narrow[i] = type == StoredType.F16
                    ? Float.floatToFloat16(values[i])
                    : (short) (Float.floatToIntBits(values[i]) >>> 16);
        }
        return new StoredTensor(tensor.file(), tensor.name(), type, tensor.shape(), MemorySegment.ofArray(narrow));
    }

    private static StoredTensor widened(StoredTensor tensor) {
        short[] values = tensor.data().toArray(ValueLayout.JAVA_SHORT_UNALIGNED);
        float[] wide = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = tensor.stored() == StoredType.F16
                    ? Float.float16ToFloat(values[i])
                    : Float.intBitsToFloat(values[i] << 16);
        }
        return new StoredTensor(
                tensor.file(), tensor.name(), StoredType.F32, tensor.shape(), MemorySegment.ofArray(wide));
    }

    private void replaceInConfig(String from, String to) throws IOException {
        Path config = folder.resolve("config.json");
        String text = Files.readString(config);
        assertThat(text).contains(from);
        Files.writeString(config, text.replace(from, to));
    }

    private void assertRefused(String... parts) {
        assertThatThrownBy(this::losses)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(parts)
                .hasMessageNotContaining("\n");
    }
}
