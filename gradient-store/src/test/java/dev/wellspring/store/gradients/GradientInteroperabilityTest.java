package dev.wellspring.store.gradients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.gradient.GradientLayout;
import dev.wellspring.gradient.StoredDocument;
import dev.wellspring.store.gradients.SampleGradients.Row;
import dev.wellspring.tensor.Precision;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Arrow's own reader reads what we write.
class GradientInteroperabilityTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void everyPrecisionIsReadByArrowsOwnReader(Precision precision) throws IOException {
        GradientLayout layout = SampleGradients.layout(precision);
        List<Row> expected = SampleGradients.rows(layout, 0, 3000);
        Path file = SampleGradients.write(folder, 0, layout, 0, 3000);

        List<List<@Nullable Object>> found = new ArrayList<>();
        try (BufferAllocator allocator = new RootAllocator();
                FileChannel channel = FileChannel.open(file);
                ArrowFileReader reader = new ArrowFileReader(channel, allocator)) {
            VectorSchemaRoot batch = reader.getVectorSchemaRoot();
            requireSchema(batch, layout);
            while (reader.loadNextBatch()) {
                for (int row = 0; row < batch.getRowCount(); row++) {
                    found.add(row(batch, row, layout).parts());
                }
            }
        }
        assertThat(found).isEqualTo(SampleGradients.parts(expected));
    }

    private static void requireSchema(VectorSchemaRoot batch, GradientLayout layout) {
        Stream<String> modules = layout.modules().stream()
                .flatMap(module -> layout.precision().hasScales()
                        ? Stream.of("gradient:" + module.name(), "scale:" + module.name())
                        : Stream.of("gradient:" + module.name()));
        List<String> about =
                List.of("document", "part", "source", "tokens", "loss", "gradient_norm", "error", "preview", "extras");
        assertThat(batch.getSchema().getFields())
                .extracting(Field::getName)
                .containsExactlyElementsOf(
                        Stream.concat(about.stream(), modules).toList());
        assertThat(batch.getSchema().getCustomMetadata())
                .containsEntry("wellspring.format", "wellspring-gradients")
                .containsEntry("wellspring.version", "1")
                .containsEntry("wellspring.store", SampleGradients.IDENTITY)
                .containsEntry("wellspring.precision", layout.precision().word())
                .containsEntry(
                        "wellspring.modules",
                        "[{\"name\":\"layers.0.mlp.up\",\"k_S\":3,\"k_A\":5,\"rank\":0},"
                                + "{\"name\":\"layers.0, \\\"mlp\\\" dówn\",\"k_S\":4,\"k_A\":2,\"rank\":2}]");
    }

    private static Row row(VectorSchemaRoot batch, int row, GradientLayout layout) {
        VarCharVector source = (VarCharVector) batch.getVector("source");
        List<?> tokens = ((ListVector) batch.getVector("tokens")).getObject(row);
        StoredDocument document = new StoredDocument(
                string(batch, "document", row),
                ((IntVector) batch.getVector("part")).get(row),
                source.isNull(row) ? null : String.valueOf(source.getObject(row)),
                tokens.stream().mapToInt(token -> (Integer) token).toArray(),
                ((Float8Vector) batch.getVector("loss")).get(row),
                ((Float8Vector) batch.getVector("gradient_norm")).get(row),
                ((Float8Vector) batch.getVector("error")).get(row),
                string(batch, "preview", row),
                string(batch, "extras", row));
        List<byte[]> values = new ArrayList<>();
        float[] scales =
                new float[layout.precision().hasScales() ? layout.modules().size() : 0];
        for (int m = 0; m < layout.modules().size(); m++) {
            String name = layout.modules().get(m).name();
            values.add(bytes(((FixedSizeListVector) batch.getVector("gradient:" + name)).getObject(row)));
            if (scales.length > 0) {
                scales[m] = ((Float4Vector) batch.getVector("scale:" + name)).get(row);
            }
        }
        return new Row(document, values, scales);
    }

    private static String string(VectorSchemaRoot batch, String column, int row) {
        return String.valueOf(((VarCharVector) batch.getVector(column)).getObject(row));
    }

    /// The little-endian bytes of a list of numbers, whatever their type.
    private static byte[] bytes(List<?> numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.size() * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (Object number : numbers) {
            switch (number) {
                case Double value -> bytes.putLong(Double.doubleToRawLongBits(value));
                case Float value -> bytes.putInt(Float.floatToRawIntBits(value));
                case Character value -> bytes.putChar(value); // Arrow's word for an unsigned 16-bit number
                case Byte value -> bytes.put(value);
                default -> throw new AssertionError(number.getClass());
            }
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }
}
