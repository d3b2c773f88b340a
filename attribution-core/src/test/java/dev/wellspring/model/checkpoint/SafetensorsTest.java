package dev.wellspring.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.golden.GoldenCase;
import dev.wellspring.model.checkpoint.SafetensorsWriter.Slot;
import dev.wellspring.tensor.DType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        Path path = folder.resolve("a.safetensors");
        try (var writer = SafetensorsWriter.create(
                path,
                Map.of("format", "pt"),
                List.of(
                        new Slot("half", StoredType.BF16, 1, 3),
                        new Slot("wide", StoredType.F64, 2),
                        new Slot("none", StoredType.F32, 0, 4),
                        new Slot("number", StoredType.I64)))) {
            writer.append("number", MemorySegment.ofArray(new long[] {42}));
            writer.append("wide", MemorySegment.ofArray(new double[] {1.5}));
            writer.append("half", MemorySegment.ofArray(new short[] {1, 2, 3}));
            writer.append("wide", MemorySegment.ofArray(new double[] {-2.5}));
            writer.finish();
        }
        assertThat(folder.resolve("a.safetensors.part")).doesNotExist();
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.names()).containsExactlyInAnyOrder("wide", "number", "none", "half");
            assertThat(file.metadata()).containsExactly(Map.entry("format", "pt"));
            assertThat(file.tensor("wide").data().toArray(ValueLayout.JAVA_DOUBLE_UNALIGNED))
                    .containsExactly(1.5, -2.5);
            assertThat(file.tensor("number").shape()).isEmpty();
            assertThat(file.tensor("number").data().toArray(ValueLayout.JAVA_LONG_UNALIGNED))
                    .containsExactly(42);
            assertThat(file.tensor("half").type()).isEqualTo(DType.BFLOAT16);
            assertThat(file.tensor("half").shape()).containsExactly(1, 3);
            assertThat(file.tensor("half").data().toArray(ValueLayout.JAVA_SHORT_UNALIGNED))
                    .containsExactly((short) 1, (short) 2, (short) 3);
            assertThat(file.tensor("none").elementCount()).isZero();
        }
    }

    @Test
    void theSameTensorsGiveTheSameBytes() throws IOException {
        byte[] first = written(folder.resolve("a.safetensors"), Map.of("x", "1", "y", "2", "z", "3"));
        byte[] second = written(folder.resolve("b.safetensors"), Map.of("z", "3", "y", "2", "x", "1"));
        assertThat(first).isEqualTo(second);
    }

    @Test
    void anUnfinishedFileLeavesNothingBehind() throws IOException {
        Path path = folder.resolve("a.safetensors");
        try (var writer = SafetensorsWriter.create(path, Map.of(), List.of(new Slot("w", StoredType.F32, 2)))) {
            writer.append("w", MemorySegment.ofArray(new float[] {1}));
            assertThatIllegalStateException()
                    .isThrownBy(writer::finish)
                    .withMessageContaining("w")
                    .withMessageContaining("8");
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aTensorTakesNoMoreBytesThanDeclared() throws IOException {
        Path path = folder.resolve("a.safetensors");
        try (var writer = SafetensorsWriter.create(path, Map.of(), List.of(new Slot("w", StoredType.F32, 2)))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> writer.append("w", MemorySegment.ofArray(new float[3])))
                    .withMessageContaining("w: expected at most 8");
        }
    }

    @Test
    void filesOfOtherWritersAreRead() throws IOException {
        Path path = GoldenCase.load("gpt2").model().resolve("model.safetensors");
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.metadata()).containsEntry("format", "pt");
            assertThat(file.tensor("transformer.wte.weight").shape()).containsExactly(384, 32);
            assertThat(file.tensor("transformer.wte.weight").data().byteSize()).isEqualTo(384 * 32 * 4);
        }
    }

    @Test
    void aTruncatedFileIsNamedWithTheTensorThatLacksBytes() throws IOException {
        Path path = folder.resolve("a.safetensors");
        byte[] whole = written(path, Map.of());
        Files.write(path, Arrays.copyOf(whole, whole.length - 1));
        assertRefused(path, "a.safetensors: tensor w: expected data up to byte 8", "truncated");
        Files.write(path, Arrays.copyOf(whole, 20));
        assertRefused(path, "header length", "truncated");
        Files.write(path, Arrays.copyOf(whole, 3));
        assertRefused(path, "at least 8 bytes", "found 3");
    }

    @Test
    void aWrongHeaderIsRefusedInOneLine() throws IOException {
        assertRefused(file("{\"w\":", 0), "header: expected JSON");
        assertRefused(file("[]", 0), "header: expected a JSON object");
        assertRefused(file("{\"w\":1,\"w\":2}", 0), "Duplicate field 'w'");
        assertRefused(file(entry("w", "F31", "[2]", 0, 8), 8), "tensor w: expected dtype", "\"F31\"");
        assertRefused(file(entry("w", "F32", "[2.5]", 0, 8), 8), "tensor w: shape: expected a list of integers");
        assertRefused(file(entry("w", "F32", "[-2]", 0, 8), 8), "tensor w: shape", "[-2]");
        assertRefused(file(entry("w", "F32", "[3]", 0, 8), 8), "tensor w: expected 12 bytes", "found 8");
        assertRefused(file(entry("w", "F32", "[4611686018427387904,8]", 0, 8), 8), "tensor w", "2^63");
        assertRefused(file(entry("w", "F32", "[2]", 8, 0), 8), "tensor w: expected data_offsets");
        assertRefused(file(entry("w", "F32", "[2]", 0, 8), 9), "expected 8 bytes of tensors, found 9");
        assertRefused(file(entry("w", "F32", "[2]", 4, 12), 12), "tensor w: expected data from byte 0", "gap");
        String overlapping = "{\"v\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                + "\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}";
        assertRefused(file(overlapping, 12), "tensor w: expected data from byte 8", "overlap");
    }

    @Test
    void aMissingFileOrTensorIsNamed() throws IOException {
        assertRefused(folder.resolve("absent.safetensors"), "absent.safetensors", "found none");
        Path path = file(entry("w", "U8", "[2]", 0, 2), 2);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThatThrownBy(() -> file.tensor("v"))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("expected a tensor named v");
            assertThatThrownBy(() -> file.tensor("w").type())
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("tensor w: expected dtype")
                    .hasMessageContaining("found U8");
        }
    }

    private static byte[] written(Path path, Map<String, String> metadata) throws IOException {
        try (var writer = SafetensorsWriter.create(path, metadata, List.of(new Slot("w", StoredType.F32, 2)))) {
            writer.append("w", MemorySegment.ofArray(new float[] {1, 2}));
            writer.finish();
        }
        return Files.readAllBytes(path);
    }

    private static String entry(String name, String dtype, String shape, long from, long to) {
        return "{\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":[" + from + ","
                + to + "]}}";
    }

    private Path file(String header, int dataSize) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes =
                ByteBuffer.allocate(Long.BYTES + json.length + dataSize).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json);
        return Files.write(folder.resolve("bad.safetensors"), bytes.array());
    }

    private static void assertRefused(Path path, String... parts) {
        assertThatThrownBy(() -> SafetensorsFile.open(path))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(parts)
                .hasMessageNotContaining("\n");
    }
}
