package dev.wellspring.store.scores;

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
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.RecordBatch;

/// A memory-mapped Arrow file that [ArrowWriter] wrote. Everything that is interpreted, the footer and the heads of
/// the record batches, is checked against its checksum first; the bodies are checked by [#verify].
final class ArrowReader implements AutoCloseable {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int TRAILER = Integer.BYTES + ArrowWriter.MAGIC.length;
    private static final int END_OF_STREAM = 2 * Integer.BYTES;
    /// Checksums go over views of at most this many bytes; a ByteBuffer ends at 2 GiB.
    private static final long CHUNK = 64L << 20;

    private final Path file;
    private final Arena arena;
    private final MemorySegment bytes;
    private final long footerStart;
    private final ArrowSchema schema;
    private final List<ArrowMessages.BlockPosition> blocks;
    private final int[] checksums;

    /// For one thread.
    ArrowReader(Path file) {
        this(file, Arena.ofConfined());
    }

    /// @param arena ends with this reader; says which threads may read
    ArrowReader(Path file, Arena arena) {
        this.file = file;
        this.arena = arena;
        boolean opened = false;
        try {
            bytes = map();
            footerStart = footerStart();
            Footer footer = Footer.getRootAsFooter(buffer(footerStart, bytes.byteSize() - TRAILER - footerStart));
            schema = ArrowMessages.schema(footer);
            blocks = ArrowMessages.blocks(footer);
            String words = ArrowMessages.metadata(footer).getOrDefault(ArrowWriter.CHECKSUMS, "");
            checksums = Arrays.stream(words.split(" "))
                    .mapToInt(HexFormat::fromHexDigits)
                    .toArray();
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
            throw new ScoreFileException(file, "does not exist", e);
        } catch (IOException e) {
            throw new ScoreFileException(file, "cannot be read (" + reason(e) + ")", e);
        }
    }

    /// What the system says, without the file names that Java puts before it.
    static String reason(IOException e) {
        String reason = e instanceof FileSystemException f && f.getReason() != null ? f.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }

    /// Checks both ends of the file and the footer's checksum.
    private long footerStart() {
        long size = bytes.byteSize();
        if (size < ArrowWriter.ALIGNMENT || !magicAt(0)) {
            throw new ScoreFileException(
                    file,
                    "is not a score file: expected an Arrow file of at least 64 bytes, found " + size
                            + " bytes; give a folder that wellspring score has written");
        }
        long footerEnd = size - TRAILER;
        int footerLength = bytes.get(INT, footerEnd);
        if (!magicAt(size - ArrowWriter.MAGIC.length)
                || footerLength < 2 * Integer.BYTES
                || footerLength > footerEnd - ArrowWriter.ALIGNMENT) {
            throw new ScoreFileException(
                    file, "is truncated: no footer at its end (" + size + " bytes); delete it and run the score again");
        }
        long start = footerEnd - footerLength;
        if (checksum(start, footerLength - Integer.BYTES) != bytes.get(INT, footerEnd - Integer.BYTES)) {
            throw damaged("footer (if wellspring wrote it)");
        }
        return start;
    }

    private boolean magicAt(long offset) {
        MemorySegment found = bytes.asSlice(offset, ArrowWriter.MAGIC.length);
        return found.mismatch(MemorySegment.ofArray(ArrowWriter.MAGIC)) == -1;
    }

    Path file() {
        return file;
    }

    ArrowSchema schema() {
        return schema;
    }

    int batchCount() {
        return blocks.size();
    }

    ArrowMessages.BlockPosition block(int index) {
        return blocks.get(index);
    }

    ArrowBatch batch(int index) {
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
    /// @throws ScoreFileException that names the file and the first damaged batch
    void verify() {
        long end = blocks.isEmpty()
                ? footerStart - END_OF_STREAM
                : blocks.getFirst().offset();
        if (checksum(0, end) != checksums[0]) {
            throw damaged("schema");
        }
        for (int i = 0; i < blocks.size(); i++) {
            ArrowMessages.BlockPosition block = blocks.get(i);
            checkMetadata(i);
            if (checksum(block.bodyOffset(), block.bodyLength()) != checksums[2 + 2 * i]) {
                throw damagedBatch(i);
            }
            end = block.end();
        }
        if (end + END_OF_STREAM != footerStart
                || bytes.get(INT, end) != ArrowWriter.CONTINUATION
                || bytes.get(INT, end + Integer.BYTES) != 0) {
            throw damaged("end-of-stream marker");
        }
    }

    private void checkMetadata(int index) {
        ArrowMessages.BlockPosition block = blocks.get(index);
        if (checksum(block.offset(), block.metadataLength()) != checksums[1 + 2 * index]) {
            throw damagedBatch(index);
        }
    }

    ScoreFileException damagedBatch(int index) {
        return damaged("batch " + index + " of " + blocks.size());
    }

    private ScoreFileException damaged(String what) {
        return new ScoreFileException(
                file, what + " is damaged: its checksum does not match; delete the file and run the score again");
    }

    private int checksum(long offset, long length) {
        CRC32C checksum = new CRC32C();
        for (long done = 0; done < length; done += CHUNK) {
            checksum.update(buffer(offset + done, Math.min(CHUNK, length - done)));
        }
        return (int) checksum.getValue();
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
