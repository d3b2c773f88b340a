package dev.wellspring.store.arrow;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
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
    private final int split;
    private final int[] rowCounts;

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
            split = Integer.parseInt(metadata.getOrDefault(ArrowWriter.SPLIT, "0"));
            rowCounts = Pattern.compile(" ")
                    .splitAsStream(metadata.getOrDefault(ArrowWriter.ROWS, ""))
                    .filter(count -> !count.isEmpty())
                    .mapToInt(Integer::parseInt)
                    .toArray();
            if (checksums.length != 1 + (1 + parts()) * blocks.size()
                    || (split > 0 && rowCounts.length != blocks.size())) {
                throw damaged("list of checksums");
            }
            opened = true;
        } catch (InternalError failure) {
            throw unreadable("footer");
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

    /// What the system says, without the file names that Java puts before it, or in the place of it.
    public static String reason(IOException e) {
        String reason = switch (e) {
            case AccessDeniedException _ -> "Permission denied";
            case NoSuchFileException _ -> "No such file or directory";
            case FileSystemException file -> file.getReason();
            default -> e.getMessage();
        };
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
        require(
                BodyChecksum.CRC32C,
                bytes.asSlice(start, footerLength - Integer.BYTES),
                expected,
                "footer (if wellspring wrote it)");
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

    /// The rows of a batch: from the footer, if its bodies have two parts, else from its head.
    public int rows(int index) {
        return split > 0 ? rowCounts[index] : batch(index).rows();
    }

    /// The size of the file.
    public long byteSize() {
        return bytes.byteSize();
    }

    /// The end of the file from the footer on. It holds all other checksums and so stands for the whole file.
    public MemorySegment footer() {
        return bytes.asSlice(footerStart);
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
        return new ArrowBatch(this, index, head, body(index));
    }

    private MemorySegment body(int index) {
        ArrowMessages.BlockPosition block = blocks.get(index);
        return bytes.asSlice(block.bodyOffset(), block.bodyLength());
    }

    /// Waits until a batch is in memory, so that another thread can read it at memory's speed.
    ///
    /// @throws StoreFileException if the disk fails
    public void load(int index) {
        ArrowMessages.BlockPosition block = blocks.get(index);
        try {
            bytes.asSlice(block.offset(), block.end() - block.offset()).load();
        } catch (InternalError failure) {
            throw unreadable(batchName(index));
        }
    }

    /// Reads the whole file and compares every checksum.
    ///
    /// @throws StoreFileException that names the file and the first damaged batch
    public void verify() {
        verifySchema();
        for (int i = 0; i < blocks.size(); i++) {
            verifyBatch(i);
        }
        verifyEnd();
    }

    /// Checks what comes before the first batch.
    ///
    /// @throws StoreFileException if it is damaged
    public void verifySchema() {
        long end = blocks.isEmpty()
                ? footerStart - END_OF_STREAM
                : blocks.getFirst().offset();
        require(BodyChecksum.CRC32C, bytes.asSlice(0, end), checksums[0], "schema");
    }

    /// Checks what stands between the last batch and the footer.
    ///
    /// @throws StoreFileException if it is damaged
    public void verifyEnd() {
        long end = blocks.isEmpty()
                ? footerStart - END_OF_STREAM
                : blocks.getLast().end();
        if (end + END_OF_STREAM != footerStart
                || bytes.get(INT, end) != ArrowWriter.CONTINUATION
                || bytes.get(INT, end + Integer.BYTES) != 0) {
            throw damaged("end-of-stream marker");
        }
    }

    /// Reads one batch and compares all of its checksums.
    ///
    /// @throws StoreFileException that names the file and the batch
    public void verifyBatch(int index) {
        checkMetadata(index);
        for (int part = 0; part < parts(); part++) {
            verifyPart(index, part);
        }
    }

    /// Reads a part of a batch's body and compares its checksum.
    ///
    /// @throws StoreFileException that names the file and the batch
    public void verifyPart(int index, int part) {
        MemorySegment body = body(index);
        if (split > 0) {
            long border = batch(index).offset(split);
            body = part == 0 ? body.asSlice(0, border) : body.asSlice(border);
        }
        require(bodyChecksum, body, checksum(index, 1 + part), batchName(index));
    }

    /// Into how many parts bodies are divided.
    private int parts() {
        return split > 0 ? 2 : 1;
    }

    /// @param which 0 for the head, then the parts of the body
    private String checksum(int index, int which) {
        return checksums[1 + (1 + parts()) * index + which];
    }

    private void checkMetadata(int index) {
        ArrowMessages.BlockPosition block = blocks.get(index);
        MemorySegment head = bytes.asSlice(block.offset(), block.metadataLength());
        require(BodyChecksum.CRC32C, head, checksum(index, 0), batchName(index));
    }

    StoreFileException damagedBatch(int index) {
        return damaged(batchName(index));
    }

    private String batchName(int index) {
        return "batch " + index + " of " + blocks.size();
    }

    private StoreFileException damaged(String what) {
        return new StoreFileException(file, what + " is damaged: its checksum does not match; " + origin.remedy());
    }

    private StoreFileException unreadable(String what) {
        return new StoreFileException(file, what + " cannot be read: the disk beneath it fails");
    }

    /// Where a disk fails beneath a mapping, Java code that touches it gets an InternalError; native code, such as that
    /// of CRC32C, takes the process down, and so has the pages touched before.
    private void require(BodyChecksum checksum, MemorySegment part, String expected, String what) {
        try {
            if (checksum == BodyChecksum.CRC32C) {
                part.load();
            }
            if (checksum.of(part).equals(expected)) {
                return;
            }
        } catch (InternalError failure) {
            throw unreadable(what);
        }
        throw damaged(what);
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
