package dev.wellspring.store.arrow;

import com.google.flatbuffers.FlatBufferBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.FixedSizeList;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.Type;
import org.apache.arrow.flatbuf.Utf8;

/// Arrow's metadata as flatbuffers, both ways: the schema, the head of a record batch, the footer.
final class ArrowMessages {
    private ArrowMessages() {}

    /// Where a record batch stands in the file.
    record BlockPosition(long offset, int metadataLength, long bodyLength) {
        long bodyOffset() {
            return offset + metadataLength;
        }

        long end() {
            return bodyOffset() + bodyLength;
        }
    }

    /// Where a buffer stands in the body of its record batch.
    record BufferPosition(long offset, long length) {}

    static byte[] schemaMessage(ArrowSchema schema) {
        FlatBufferBuilder builder = new FlatBufferBuilder();
        return message(builder, MessageHeader.Schema, schema(builder, schema), 0);
    }

    static byte[] batchMessage(int rows, List<ColumnBuffer> columns, List<BufferPosition> buffers, long bodyLength) {
        FlatBufferBuilder builder = new FlatBufferBuilder();
        RecordBatch.startBuffersVector(builder, buffers.size());
        for (BufferPosition buffer : buffers.reversed()) { // flatbuffers grow from the back
            Buffer.createBuffer(builder, buffer.offset(), buffer.length());
        }
        int bufferVector = builder.endVector();
        List<long[]> nodes = nodes(columns);
        RecordBatch.startNodesVector(builder, nodes.size());
        for (long[] node : nodes.reversed()) {
            FieldNode.createFieldNode(builder, node[0], node[1]);
        }
        int nodeVector = builder.endVector();
        int batch = RecordBatch.createRecordBatch(builder, rows, nodeVector, bufferVector, 0, 0);
        return message(builder, MessageHeader.RecordBatch, batch, bodyLength);
    }

    /// (length, null count) of every field and, after it, of its child.
    private static List<long[]> nodes(List<ColumnBuffer> columns) {
        List<long[]> nodes = new ArrayList<>();
        for (ColumnBuffer column : columns) {
            nodes.add(new long[] {column.rows(), column.nulls()});
            if (!(column.column() instanceof Column.Scalar)) {
                nodes.add(new long[] {column.listed(), 0});
            }
        }
        return nodes;
    }

    static byte[] footer(ArrowSchema schema, List<BlockPosition> blocks, Map<String, String> metadata) {
        FlatBufferBuilder builder = new FlatBufferBuilder();
        int schemaOffset = schema(builder, schema);
        int[] pairs = keyValues(builder, metadata);
        int metadataVector = Footer.createCustomMetadataVector(builder, pairs);
        Footer.startRecordBatchesVector(builder, blocks.size());
        for (BlockPosition block : blocks.reversed()) {
            Block.createBlock(builder, block.offset(), block.metadataLength(), block.bodyLength());
        }
        int blockVector = builder.endVector();
        Footer.startDictionariesVector(builder, 0);
        int noDictionaries = builder.endVector();
        builder.finish(Footer.createFooter(
                builder, MetadataVersion.V5, schemaOffset, noDictionaries, blockVector, metadataVector));
        return builder.sizedByteArray();
    }

    private static byte[] message(FlatBufferBuilder builder, byte type, int header, long bodyLength) {
        builder.finish(Message.createMessage(builder, MetadataVersion.V5, type, header, bodyLength, 0));
        return builder.sizedByteArray();
    }

    private static int schema(FlatBufferBuilder builder, ArrowSchema schema) {
        int[] fields = schema.columns().stream()
                .mapToInt(column -> field(builder, column))
                .toArray();
        int fieldVector = Schema.createFieldsVector(builder, fields);
        int metadata = Schema.createCustomMetadataVector(builder, keyValues(builder, schema.metadata()));
        return Schema.createSchema(builder, Endianness.Little, fieldVector, metadata, 0);
    }

    private static int[] keyValues(FlatBufferBuilder builder, Map<String, String> metadata) {
        return metadata.entrySet().stream()
                .mapToInt(e -> KeyValue.createKeyValue(
                        builder, builder.createString(e.getKey()), builder.createString(e.getValue())))
                .toArray();
    }

    private static int field(FlatBufferBuilder builder, Column column) {
        return switch (column) {
            case Column.Scalar scalar -> leaf(builder, scalar);
            case Column.Lists lists -> {
                int[] child = {leaf(builder, new Column.Scalar("item", lists.type()))};
                org.apache.arrow.flatbuf.List.startList(builder);
                int type = org.apache.arrow.flatbuf.List.endList(builder);
                yield field(builder, column, Type.List, type, child);
            }
            case Column.FixedLists lists -> {
                int[] child = {leaf(builder, new Column.Scalar("item", lists.type()))};
                int type = FixedSizeList.createFixedSizeList(builder, lists.length());
                yield field(builder, column, Type.FixedSizeList, type, child);
            }
        };
    }

    private static int leaf(FlatBufferBuilder builder, Column.Scalar column) {
        return switch (column.type()) {
            case UTF8 -> {
                Utf8.startUtf8(builder);
                yield field(builder, column, Type.Utf8, Utf8.endUtf8(builder));
            }
            case INT8 -> field(builder, column, Type.Int, Int.createInt(builder, Byte.SIZE, true));
            case UINT16 -> field(builder, column, Type.Int, Int.createInt(builder, Short.SIZE, false));
            case INT32 -> field(builder, column, Type.Int, Int.createInt(builder, Integer.SIZE, true));
            case FLOAT32 -> field(builder, column, Type.FloatingPoint, floating(builder, Precision.SINGLE));
            case FLOAT64 -> field(builder, column, Type.FloatingPoint, floating(builder, Precision.DOUBLE));
        };
    }

    private static int floating(FlatBufferBuilder builder, short precision) {
        return FloatingPoint.createFloatingPoint(builder, precision);
    }

    private static int field(FlatBufferBuilder builder, Column column, byte typeCode, int type, int... children) {
        int name = builder.createString(column.name());
        int childVector = Field.createChildrenVector(builder, children);
        return Field.createField(builder, name, column.isNullable(), typeCode, type, 0, childVector, 0);
    }

    // ---- the way back ----

    static ArrowSchema schema(Footer footer) {
        Schema schema = footer.schema();
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < schema.fieldsLength(); i++) {
            columns.add(column(schema.fields(i)));
        }
        TreeMap<String, String> metadata = new TreeMap<>();
        for (int i = 0; i < schema.customMetadataLength(); i++) {
            KeyValue pair = schema.customMetadata(i);
            metadata.put(pair.key(), pair.value());
        }
        return new ArrowSchema(columns, metadata);
    }

    static SequencedMap<String, String> metadata(Footer footer) {
        TreeMap<String, String> metadata = new TreeMap<>();
        for (int i = 0; i < footer.customMetadataLength(); i++) {
            KeyValue pair = footer.customMetadata(i);
            metadata.put(pair.key(), pair.value());
        }
        return metadata;
    }

    static List<BlockPosition> blocks(Footer footer) {
        List<BlockPosition> blocks = new ArrayList<>();
        for (int i = 0; i < footer.recordBatchesLength(); i++) {
            Block block = footer.recordBatches(i);
            blocks.add(new BlockPosition(block.offset(), block.metaDataLength(), block.bodyLength()));
        }
        return blocks;
    }

    private static Column column(Field field) {
        return switch (field.typeType()) {
            case Type.List -> new Column.Lists(field.name(), elementType(field.children(0)));
            case Type.FixedSizeList -> {
                FixedSizeList list = (FixedSizeList) field.type(new FixedSizeList());
                yield new Column.FixedLists(field.name(), elementType(field.children(0)), list.listSize());
            }
            default -> new Column.Scalar(field.name(), elementType(field), field.nullable());
        };
    }

    private static ElementType elementType(Field field) {
        return switch (field.typeType()) {
            case Type.Utf8 -> ElementType.UTF8;
            case Type.Int -> integerType(field);
            case Type.FloatingPoint -> {
                FloatingPoint type = (FloatingPoint) field.type(new FloatingPoint());
                yield type.precision() == Precision.SINGLE ? ElementType.FLOAT32 : ElementType.FLOAT64;
            }
            default -> throw unexpected(field);
        };
    }

    private static ElementType integerType(Field field) {
        Int type = (Int) field.type(new Int());
        return switch (type.bitWidth()) {
            case Byte.SIZE -> ElementType.INT8;
            case Short.SIZE -> ElementType.UINT16;
            case Integer.SIZE -> ElementType.INT32;
            default -> throw unexpected(field);
        };
    }

    private static IllegalArgumentException unexpected(Field field) {
        return new IllegalArgumentException("column " + field.name() + " has an unexpected type");
    }
}
