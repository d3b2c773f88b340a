package dev.wellspring.store.scores;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// Writes an Arrow file, row by row, in the layout that the package describes.
final class ArrowWriter implements AutoCloseable {
    /// Rows per record batch. A float64 column of 4,096 rows is 32 KiB, so that the 48 bytes of metadata per column
    /// and batch do not count, and a damaged batch loses little.
    static final int MAX_ROWS = 4096;

    /// A batch also ends when it has grown to this many bytes: it is built in memory, and lists of token scores
    /// and long extras would make 4,096 rows of it arbitrarily large.
    static final long MAX_BYTES = 64L << 20;

    /// What Arrow recommends for buffers: a cache line, and the widest vector register.
    static final int ALIGNMENT = 64;

    static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);
    static final int CONTINUATION = -1;
    static final String CHECKSUMS = "wellspring.crc32c";

    private final PartFile file;
    private final ArrowSchema schema;
    private final List<ColumnBuffer> columns;
    private final List<ArrowMessages.BlockPosition> blocks = new ArrayList<>();
    private final StringBuilder checksums = new StringBuilder();
    private int rows;

    ArrowWriter(Path target, ArrowSchema schema) {
        this.schema = schema;
        this.columns = schema.columns().stream().map(ColumnBuffer::new).toList();
        this.file = new PartFile(target);
        file.write(MAGIC);
        file.align(Long.BYTES, 0);
        writeMetadata(ArrowMessages.schemaMessage(schema));
        checksums.append(hex(file.takeChecksum()));
    }

    /// The column to put the next row's value into.
    ColumnBuffer column(int index) {
        return columns.get(index);
    }

    /// Call it when every column has got its value.
    void endRow() {
        rows++;
        long byteSize = 0;
        for (ColumnBuffer column : columns) {
            byteSize += column.byteSize();
        }
        if (rows == MAX_ROWS || byteSize >= MAX_BYTES) {
            writeBatch();
        }
    }

    void commit() {
        if (rows > 0) {
            writeBatch();
        }
        writeInt(CONTINUATION);
        writeInt(0); // the end of the stream part of the file
        writeFooter();
        file.commit();
    }

    @Override
    public void close() {
        file.close();
    }

    private void writeBatch() {
        List<GrowingBytes> buffers =
                columns.stream().flatMap(column -> column.finish().stream()).toList();
        List<ArrowMessages.BufferPosition> positions = new ArrayList<>();
        long bodyLength = 0;
        for (GrowingBytes buffer : buffers) {
            positions.add(new ArrowMessages.BufferPosition(bodyLength, buffer.size()));
            bodyLength += Math.ceilDiv((long) buffer.size(), ALIGNMENT) * ALIGNMENT;
        }

        long offset = file.position();
        writeMetadata(ArrowMessages.batchMessage(rows, columns, positions, bodyLength));
        int metadataLength = (int) (file.position() - offset);
        checksums.append(' ').append(hex(file.takeChecksum()));

        for (GrowingBytes buffer : buffers) {
            file.write(buffer);
            file.align(ALIGNMENT, 0);
        }
        checksums.append(' ').append(hex(file.takeChecksum()));

        blocks.add(new ArrowMessages.BlockPosition(offset, metadataLength, bodyLength));
        columns.forEach(ColumnBuffer::clear);
        rows = 0;
    }

    /// A metadata message, padded so that what follows it is aligned.
    private void writeMetadata(byte[] message) {
        long unpadded = file.position() + 2L * Integer.BYTES + message.length;
        int padding = (int) Math.floorMod(-unpadded, (long) ALIGNMENT);
        writeInt(CONTINUATION);
        writeInt(message.length + padding);
        file.write(message);
        file.align(ALIGNMENT, 0);
    }

    /// The footer, then four bytes that readers take for its padding: its checksum.
    private void writeFooter() {
        byte[] footer = ArrowMessages.footer(schema, blocks, Map.of(CHECKSUMS, checksums.toString()));
        long start = file.position();
        file.takeChecksum();
        file.write(footer);
        file.align(Long.BYTES, Integer.BYTES);
        writeInt(file.takeChecksum());
        writeInt((int) (file.position() - start));
        file.write(MAGIC);
    }

    private void writeInt(int value) {
        GrowingBytes bytes = new GrowingBytes();
        bytes.putInt(value);
        file.write(bytes);
    }

    private static String hex(int checksum) {
        return HexFormat.of().toHexDigits(checksum);
    }
}
