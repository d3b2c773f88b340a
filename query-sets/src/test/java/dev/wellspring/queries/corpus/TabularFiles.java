package dev.wellspring.queries.corpus;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.impl.UnionMapWriter;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.ipc.message.ArrowFooter;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.duckdb.DuckDBDriver;
import org.jspecify.annotations.Nullable;

/// Writes Parquet with DuckDB and Arrow with its own library.
final class TabularFiles {
    private static final Field MAPS = new Field(
            "coordinates",
            FieldType.nullable(new ArrowType.Map(false)),
            List.of(new Field(
                    MapVector.DATA_VECTOR_NAME,
                    FieldType.notNullable(new ArrowType.Struct()),
                    List.of(
                            Field.notNullable(MapVector.KEY_NAME, new ArrowType.Utf8()),
                            Field.nullable(MapVector.VALUE_NAME, new ArrowType.Int(32, true))))));

    private TabularFiles() {}

    static Path parquet(Path file, String select) throws SQLException {
        try (Connection connection = new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
                Statement statement = connection.createStatement()) {
            statement.execute("COPY (" + select + ") TO '" + file.toString().replace("'", "''")
                    + "' (FORMAT parquet, ROW_GROUP_SIZE 2048)");
        }
        return file;
    }

    /// The documents' id, source, text, tokens (as unsigned bytes) and one column `rank`, in batches of two rows.
    static Path arrow(Path file, List<Document> documents, boolean stream) throws IOException {
        try (var allocator = new RootAllocator();
                var id = new VarCharVector("id", allocator);
                var source = new VarCharVector("source", allocator);
                var text = new VarCharVector("text", allocator);
                var tokens = ListVector.empty("tokens", allocator);
                var rank = new BigIntVector("rank", allocator);
                var root = new VectorSchemaRoot(List.<FieldVector>of(id, source, text, tokens, rank));
                var out = new Channel(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE))) {
            tokens.addOrGetVector(FieldType.nullable(new ArrowType.Int(8, false)));
            Schema schema = new Schema(
                    root.getFieldVectors().stream().map(FieldVector::getField).toList());
            List<ArrowBlock> blocks = new ArrayList<>();
            if (!stream) {
                out.write("ARROW1\0\0".getBytes(StandardCharsets.US_ASCII));
            }
            MessageSerializer.serialize(out, schema);
            for (int start = 0; start < documents.size(); start += 2) {
                List<Document> rows = documents.subList(start, Math.min(start + 2, documents.size()));
                root.allocateNew();
                for (int row = 0; row < rows.size(); row++) {
                    set(id, row, rows.get(row).id());
                    set(source, row, rows.get(row).source());
                    set(text, row, rows.get(row).text());
                    set(tokens, row, rows.get(row).tokens());
                    rank.setSafe(row, start + row);
                }
                root.setRowCount(rows.size());
                try (ArrowRecordBatch batch = new VectorUnloader(root).getRecordBatch()) {
                    blocks.add(MessageSerializer.serialize(out, batch));
                }
            }
            ArrowStreamWriter.writeEndOfStream(out, IpcOption.DEFAULT);
            if (!stream) {
                long start = out.getCurrentPosition();
                out.write(new ArrowFooter(schema, List.of(), blocks), false);
                out.writeIntLittleEndian((int) (out.getCurrentPosition() - start));
                out.write("ARROW1".getBytes(StandardCharsets.US_ASCII));
            }
        }
        return file;
    }

    /// Texts, each with a map from names to whole numbers, as a stream of one batch.
    static Path arrowMaps(Path file, List<String> ids, List<Map<String, Integer>> maps) throws IOException {
        try (var allocator = new RootAllocator();
                var text = new VarCharVector("text", allocator);
                var map = (MapVector) MAPS.createVector(allocator);
                var root = new VectorSchemaRoot(List.<FieldVector>of(text, map));
                var out = new Channel(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE))) {
            UnionMapWriter writer = map.getWriter(); // closed with its vector
            for (int row = 0; row < ids.size(); row++) {
                set(text, row, ids.get(row));
                writer.setPosition(row);
                writer.startMap();
                maps.get(row).forEach((name, number) -> {
                    writer.startEntry();
                    writer.key().varChar().writeVarChar(name);
                    writer.value().integer().writeInt(number);
                    writer.endEntry();
                });
                writer.endMap();
            }
            root.setRowCount(ids.size());
            MessageSerializer.serialize(out, root.getSchema());
            try (ArrowRecordBatch batch = new VectorUnloader(root).getRecordBatch()) {
                MessageSerializer.serialize(out, batch);
            }
            ArrowStreamWriter.writeEndOfStream(out, IpcOption.DEFAULT);
        }
        return file;
    }

    /// Arrow's own channel needs the platform's internals to write a buffer.
    private static final class Channel extends WriteChannel {
        Channel(FileChannel channel) {
            super(channel);
        }

        @Override
        public void write(ArrowBuf buffer) throws IOException {
            write(MemorySegment.ofAddress(buffer.memoryAddress())
                    .reinterpret(buffer.readableBytes())
                    .asByteBuffer());
        }
    }

    private static void set(ListVector column, int row, int @Nullable [] values) {
        if (values != null) {
            var elements = (UInt1Vector) column.getDataVector();
            int start = column.startNewValue(row);
            for (int i = 0; i < values.length; i++) {
                elements.setSafe(start + i, values[i]);
            }
            column.endValue(row, values.length);
        }
    }

    private static void set(VarCharVector column, int row, @Nullable String value) {
        if (value != null) {
            column.setSafe(row, value.getBytes(StandardCharsets.UTF_8));
        }
    }

    /// Rows of the same documents as SQL.
    static String select(List<Document> documents) {
        List<String> rows = new ArrayList<>();
        for (Document document : documents) {
            rows.add("(%s, %s, %s, %s, %d)"
                    .formatted(
                            literal(document.id()),
                            literal(document.source()),
                            literal(document.text()),
                            document.tokens() == null
                                    ? "NULL::INTEGER[]"
                                    : Arrays.toString(document.tokens()) + "::INTEGER[]",
                            rows.size()));
        }
        return "SELECT * FROM (VALUES " + String.join(", ", rows) + ") t(id, source, text, tokens, rank)";
    }

    private static String literal(@Nullable String value) {
        return value == null ? "NULL::VARCHAR" : "'" + value.replace("'", "''") + "'";
    }
}
