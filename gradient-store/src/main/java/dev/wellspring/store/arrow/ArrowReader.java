package dev.wellspring.store.arrow;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.RecordBatch;

/// A memory-mapped Arrow file that [ArrowWriter] wrote. Everything that is interpreted, the footer and the heads of
/// the record batches, is checked against its checksum first; the bodies are checked by [#verify].
public final class ArrowReader implements AutoCloseable {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int TRAILER = Integer.BYTES + ArrowWriter.MAGIC.length;
    private static final int END_OF_STREAM = 2 * Integer.BYTES;

    private final Path file;
    private final Origin origin;
    private final Arena arena;
    private final MemorySegment bytes;
    private final long footerStart;
    private final ArrowSchema schema;
    private final List<ArrowMessages.BlockPosition> blocks;
    private final BodyChecksum bodyChecksum;
    private final String[] checksums;

    /// For one thread.
    public ArrowReader(Path file, Origin origin) {
        this(file, origin, Arena.ofConfined());
    }

    /// @param arena ends with this reader; says which threads may read
    public ArrowReader(Path file, Origin origin, Arena arena) {
        this.file = file;
        this.origin = origin;
        this.arena = arena;
        boolean opened = false;
        try {
            bytes = map();
            footerStart = footerStart();
            Footer footer = Footer.getRootAsFooter(buffer(footerStart, bytes.byteSize() - TRAILER - footerStart));
            schema = ArrowMessages.schema(footer);
            blocks = ArrowMessages.blocks(footer);
            Map<String, String> metadata = ArrowMessages.metadata(footer);
            bodyChecksum =
                    metadata.containsKey(BodyChecksum.FLETCHER.key()) ? BodyChecksum.FLETCHER : BodyChecksum.CRC32C;
            checksums = metadata.getOrDefault(bodyChecksum.key(), "").split(" ");
            if (checksums.length != 1 + 2 * blocks.size()) {
                throw damaged("list of checksums");
            }
            opened = true;
        } finally {
            if (!opened) {
                arena.close();
            }
        }
    }

    private MemorySegment map() {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (NoSuchFileException e) {
            throw new StoreFileException(file, "does not exist", e);
        } catch (IOException e) {
            throw new StoreFileException(file, "cannot be read (" + reason(e) + ")", e);
        }
    }

    /// What the system says, without the file names that Java puts before it.
    public static String reason(IOException e) {
        String reason = e instanceof FileSystemException f && f.getReason() != null ? f.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }

    /// Checks both ends of the file and the footer's checksum.
    private long footerStart() {
        long size = bytes.byteSize();
        if (size < ArrowWriter.ALIGNMENT || !magicAt(0)) {
            throw new StoreFileException(
                    file,
                    "is not " + origin.what() + ": expected an Arrow file of at least 64 bytes, found " + size
                            + " bytes; give " + origin.where());
        }
        long footerEnd = size - TRAILER;
        int footerLength = bytes.get(INT, footerEnd);
        if (!magicAt(size - ArrowWriter.MAGIC.length)
                || footerLength < 2 * Integer.BYTES
                || footerLength > footerEnd - ArrowWriter.ALIGNMENT) {
            throw new StoreFileException(
                    file, "is truncated: no footer at its end (" + size + " bytes); " + origin.remedy());
        }
        long start = footerEnd - footerLength;
        String expected = HexFormat.of().toHexDigits(bytes.get(INT, footerEnd - Integer.BYTES));
        if (!crc(start, footerLength - Integer.BYTES).equals(expected)) {
            throw damaged("footer (if wellspring wrote it)");
        }
        return start;
    }

    private boolean magicAt(long offset) {
        MemorySegment found = bytes.asSlice(offset, ArrowWriter.MAGIC.length);
        return found.mismatch(MemorySegment.ofArray(ArrowWriter.MAGIC)) == -1;
    }

    public Path file() {
        return file;
    }

    public ArrowSchema schema() {
        return schema;
    }

    public int batchCount() {
        return blocks.size();
    }

    /// Where a batch's buffers begin in the file.
    public long bodyOffset(int index) {
        return blocks.get(index).bodyOffset();
    }

    /// Record batch number `index`, its head checked; [#verifyBatch] checks its body.
    ///
    /// @throws StoreFileException if its head is damaged
    public ArrowBatch batch(int index) {
        ArrowMessages.BlockPosition block = blocks.get(index);
        checkMetadata(index);
        long prefix = 2L * Integer.BYTES; // continuation marker and length
        Message message = Message.getRootAsMessage(buffer(block.offset() + prefix, block.metadataLength() - prefix));
        RecordBatch head = (RecordBatch) message.header(new RecordBatch());
        MemorySegment body = bytes.asSlice(block.bodyOffset(), block.bodyLength());
        return new ArrowBatch(this, index, head, body);
    }

    /// Reads the whole file and compares every checksum.
    ///
    /// @throws StoreFileException that names the file and the first damaged batch
    public void verify() {
        long end = blocks.isEmpty()
                ? footerStart - END_OF_STREAM
                : blocks.getFirst().offset();
        if (!crc(0, end).equals(checksums[0])) {
            throw damaged("schema");
        }
        for (int i = 0; i < blocks.size(); i++) {
            verifyBatch(i);
            end = blocks.get(i).end();
        }
        if (end + END_OF_STREAM != footerStart
                || bytes.get(INT, end) != ArrowWriter.CONTINUATION
                || bytes.get(INT, end + Integer.BYTES) != 0) {
            throw damaged("end-of-stream marker");
        }
    }

    /// Reads one batch and compares both of its checksums.
    ///
    /// @throws StoreFileException that names the file and the batch
    public void verifyBatch(int index) {
        checkMetadata(index);
        ArrowMessages.BlockPosition block = blocks.get(index);
        MemorySegment body = bytes.asSlice(block.bodyOffset(), block.bodyLength());
        if (!bodyChecksum.of(body).equals(checksums[2 + 2 * index])) {
            throw damagedBatch(index);
        }
    }

    private void checkMetadata(int index) {
        ArrowMessages.BlockPosition block = blocks.get(index);
        if (!crc(block.offset(), block.metadataLength()).equals(checksums[1 + 2 * index])) {
            throw damagedBatch(index);
        }
    }

    StoreFileException damagedBatch(int index) {
        return damaged("batch " + index + " of " + blocks.size());
    }

    private StoreFileException damaged(String what) {
        return new StoreFileException(file, what + " is damaged: its checksum does not match; " + origin.remedy());
    }

    private String crc(long offset, long length) {
        return BodyChecksum.CRC32C.of(bytes.asSlice(offset, length));
    }

    private ByteBuffer buffer(long offset, long length) {
        return bytes.asSlice(offset, length).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Ends the mapping: segments handed out before cannot be read any more.
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
