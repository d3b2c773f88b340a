package dev.wellspring.store.arrow;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/// Writes an Arrow file, row by row, in the layout that [dev.wellspring.store.scores] describes.
public final class ArrowWriter implements AutoCloseable {
    /// What Arrow recommends for buffers: a cache line, and the widest vector register.
    static final int ALIGNMENT = 64;

    static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);
    static final int CONTINUATION = -1;

    /// In the footer of a file whose bodies have two parts: the column where the second begins, and the rows of every
    /// batch.
    static final String SPLIT = "wellspring.split";

    static final String ROWS = "wellspring.rows";

    private final ArrowOutput output;
    private final ArrowSchema schema;
    private final Batching batching;
    private final List<ColumnBuffer> columns;
    private final List<ArrowMessages.BlockPosition> blocks = new ArrayList<>();
    private final StringBuilder checksums = new StringBuilder();
    private final StringJoiner rowCounts = new StringJoiner(" ");
    private final CRC32C checksum = new CRC32C();
    private long position;
    private int rows;

    /// When a record batch ends, and what it is checked with. Batches are built in memory.
    ///
    /// @param maxRows it has at most so many rows
    /// @param maxBytes it also ends when its buffers have grown to so many bytes
    /// @param checksum of its body
    /// @param split the column with which a second part of the body begins, each part having a checksum of its own;
    ///     0 where the body is one part
    public record Batching(int maxRows, long maxBytes, BodyChecksum checksum, int split) {
        /// A float64 column of 4,096 rows is 32 KiB, so that the 48 bytes of metadata per column and batch do not
        /// count, and a damaged batch loses little; lists and long strings may fill 64 MiB with fewer rows.
        public static final Batching ROWS = new Batching(4096, 64L << 20, BodyChecksum.CRC32C, 0);
    }

    /// Writes a file that gets its name when it is whole.
    public ArrowWriter(Path target, ArrowSchema schema) {
        this(new PartFile(target), schema, Batching.ROWS);
    }

    /// @param output is committed and closed with this writer
    public ArrowWriter(ArrowOutput output, ArrowSchema schema, Batching batching) {
        this.output = output;
        this.schema = schema;
        this.batching = batching;
        this.columns = schema.columns().stream().map(ColumnBuffer::new).toList();
        write(MAGIC);
        align(Long.BYTES, 0);
        writeMetadata(ArrowMessages.schemaMessage(schema));
        checksums.append(takeChecksum());
    }

    /// The column to put the next row's value into.
    public ColumnBuffer column(int index) {
        return columns.get(index);
    }

    /// Call it when every column has got its value.
    public void endRow() {
        rows++;
        if (rows == batching.maxRows() || pendingBytes() >= batching.maxBytes()) {
            writeBatch();
        }
    }

    /// Ends the record batch here, if any row is pending.
    public void endBatch() {
        if (rows > 0) {
            writeBatch();
        }
    }

    private long pendingBytes() {
        long byteSize = 0;
        for (ColumnBuffer column : columns) {
            byteSize += column.byteSize();
        }
        return byteSize;
    }

    /// The size of the file so far, about: its footer and padding are still to come.
    public long byteSize() {
        return position + pendingBytes();
    }

    /// Writes what is pending and the footer, and commits the output.
    public void commit() {
        endBatch();
        writeInt(CONTINUATION);
        writeInt(0); // the end of the stream part of the file
        writeFooter();
        output.commit();
    }

    @Override
    public void close() {
        output.close();
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

        long offset = position;
        writeMetadata(ArrowMessages.batchMessage(rows, columns, positions, bodyLength));
        int metadataLength = (int) (position - offset);
        checksums.append(' ').append(takeChecksum());
        int split = columns.stream()
                .limit(batching.split())
                .mapToInt(column -> column.column().bufferCount())
                .sum();
        if (split > 0) {
            checksums.append(' ').append(writeBuffers(buffers.subList(0, split)));
        }
        checksums.append(' ').append(writeBuffers(buffers.subList(split, buffers.size())));
        rowCounts.add(Integer.toString(rows));

        blocks.add(new ArrowMessages.BlockPosition(offset, metadataLength, bodyLength));
        columns.forEach(ColumnBuffer::clear);
        rows = 0;
    }

    /// Returns their checksum.
    private String writeBuffers(List<GrowingBytes> buffers) {
        BodyChecksum.Sum sum = batching.checksum().begin();
        byte[] zeros = new byte[ALIGNMENT];
        for (GrowingBytes buffer : buffers) {
            int padding = Math.floorMod(-buffer.size(), ALIGNMENT);
            sum.add(buffer.array(), 0, buffer.size());
            sum.add(zeros, 0, padding);
            output.write(buffer.array(), 0, buffer.size());
            output.write(zeros, 0, padding);
            position += (long) buffer.size() + padding;
        }
        return sum.hex();
    }

    /// A metadata message, padded so that what follows it is aligned.
    private void writeMetadata(byte[] message) {
        long unpadded = position + 2L * Integer.BYTES + message.length;
        int padding = (int) Math.floorMod(-unpadded, (long) ALIGNMENT);
        writeInt(CONTINUATION);
        writeInt(message.length + padding);
        write(message);
        align(ALIGNMENT, 0);
    }

    /// The footer, then four bytes that readers take for its padding: its checksum.
    private void writeFooter() {
        var metadata = new TreeMap<String, String>();
        metadata.put(batching.checksum().key(), checksums.toString());
        if (batching.split() > 0) {
            metadata.put(SPLIT, Integer.toString(batching.split()));
            metadata.put(ROWS, rowCounts.toString());
        }
        byte[] footer = ArrowMessages.footer(schema, blocks, metadata);
        long start = position;
        checksum.reset();
        write(footer);
        align(Long.BYTES, Integer.BYTES);
        writeInt((int) checksum.getValue());
        writeInt((int) (position - start));
        write(MAGIC);
    }

    private void write(byte[] bytes) {
        checksum.update(bytes);
        output.write(bytes, 0, bytes.length);
        position += bytes.length;
    }

    private void writeInt(int value) {
        GrowingBytes bytes = new GrowingBytes();
        bytes.putInt(value);
        write(bytes.toArray());
    }

    /// Zeros up to the next multiple of `alignment`, plus `excess`.
    private void align(int alignment, int excess) {
        write(new byte[(int) Math.floorMod(excess - position, (long) alignment)]);
    }

    /// The CRC32C of everything but bodies since the last call.
    private String takeChecksum() {
        int value = (int) checksum.getValue();
        checksum.reset();
        return HexFormat.of().toHexDigits(value);
    }
}
