package dev.wellspring.model.checkpoint;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Writes one safetensors file: all tensors are declared first, then filled, whole or in blocks of rows, in any
/// order.
///
/// The bytes depend on the declaration and the contents only: tensors lie in the declared order, wider element
/// types first so that each is aligned, and metadata are sorted by key. Until [#finish] has synced and renamed
/// it, the file is called `NAME.part`; closing without finishing deletes that.
///
/// ```java
/// try (var writer = SafetensorsWriter.create(path, Map.of(), List.of(new Slot("w", StoredType.F32, rows, n)))) {
///     writer.append("w", firstRows);
///     writer.append("w", otherRows);
///     writer.finish();
/// }
/// ```
public final class SafetensorsWriter implements AutoCloseable {
    private static final long BLOCK = 4 << 20;

    private final Path path;
    private final Path part;
    private final FileChannel channel;
    private final SafetensorsHeader header;
    private final long dataStart;
    private final Map<String, Long> written = new HashMap<>();
    private boolean finished;

    /// A tensor to be written.
    ///
    /// @param name unique within the file
    /// @param type how its elements are stored
    /// @param shape the size of each axis; none for a single number
    public record Slot(String name, StoredType type, long... shape) {}

    private SafetensorsWriter(Path path, Path part, FileChannel channel, SafetensorsHeader header, long dataStart) {
        this.path = path;
        this.part = part;
        this.channel = channel;
        this.header = header;
        this.dataStart = dataStart;
    }

    /// Starts a file and writes its header.
    ///
    /// @param path its final name, which is replaced when it exists
    /// @throws IllegalArgumentException when two slots share a name
    public static SafetensorsWriter create(Path path, Map<String, String> metadata, List<Slot> slots)
            throws IOException {
        SafetensorsHeader header = layOut(path, metadata, slots);
        Path part = path.resolveSibling(path.getFileName() + ".part");
        byte[] json = header.toBytes();
        ByteBuffer start = ByteBuffer.allocate(Long.BYTES + json.length).order(ByteOrder.LITTLE_ENDIAN);
        start.putLong(json.length).put(json).flip();
        FileChannel channel = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        var writer = new SafetensorsWriter(path, part, channel, header, start.limit());
        try {
            writer.writeFully(start, 0);
            return writer;
        } catch (RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    /// Writes the next bytes of a tensor: row-major, little-endian elements of its stored type.
    ///
    /// @throws IllegalArgumentException when the tensor is not declared or already full
    public void append(String name, MemorySegment bytes) throws IOException {
        SafetensorsHeader.Entry entry = header.entries().get(name);
        if (entry == null) {
            throw new IllegalArgumentException(
                    "name: expected one of " + header.entries().keySet() + ", got " + name);
        }
        long done = written.getOrDefault(name, 0L);
        long room = entry.to() - entry.from() - done;
        if (bytes.byteSize() > room) {
            throw new IllegalArgumentException(
                    name + ": expected at most " + room + " more bytes, got " + bytes.byteSize());
        }
        long position = dataStart + entry.from() + done;
        for (long from = 0; from < bytes.byteSize(); from += BLOCK) {
            MemorySegment block = bytes.asSlice(from, Math.min(BLOCK, bytes.byteSize() - from));
            writeFully(asBuffer(block), position + from);
        }
        written.put(name, done + bytes.byteSize());
    }

    /// Syncs the file to disk and gives it its final name.
    ///
    /// @throws IllegalStateException when a tensor is not full
    public void finish() throws IOException {
        for (SafetensorsHeader.Entry entry : header.entries().values()) {
            long done = written.getOrDefault(entry.name(), 0L);
            if (done != entry.to() - entry.from()) {
                throw new IllegalStateException(
                        entry.name() + ": expected " + (entry.to() - entry.from()) + " bytes, got " + done);
            }
        }
        try {
            channel.force(true);
            channel.close();
            Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw unwritable(failure);
        }
        finished = true;
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (!finished) {
            Files.deleteIfExists(part);
        }
    }

    private static SafetensorsHeader layOut(Path path, Map<String, String> metadata, List<Slot> slots) {
        List<Slot> ordered = slots.stream()
                .sorted(Comparator.comparingInt((Slot slot) -> -slot.type().byteSize()))
                .toList();
        Map<String, SafetensorsHeader.Entry> entries = new LinkedHashMap<>();
        long end = 0;
        for (Slot slot : ordered) {
            String where = path + ": tensor " + slot.name() + ": ";
            if (Arrays.stream(slot.shape()).anyMatch(size -> size < 0)) {
                throw new IllegalArgumentException(where + "expected sizes >= 0, got " + Arrays.toString(slot.shape()));
            }
            long from = end;
            end += SafetensorsHeader.byteSize(where, slot.type(), slot.shape());
            var entry = new SafetensorsHeader.Entry(
                    slot.name(), slot.type(), slot.shape().clone(), from, end);
            if (entries.put(slot.name(), entry) != null) {
                throw new IllegalArgumentException(where + "expected each name once, got it twice");
            }
        }
        return new SafetensorsHeader(new TreeMap<>(metadata), entries);
    }

    /// Arrays other than byte[] have no buffer view, so they are copied.
    private static ByteBuffer asBuffer(MemorySegment block) {
        return block.isNative() ? block.asByteBuffer() : ByteBuffer.wrap(block.toArray(ValueLayout.JAVA_BYTE));
    }

    private void writeFully(ByteBuffer bytes, long position) {
        long at = position;
        try {
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
        } catch (IOException failure) {
            throw unwritable(failure);
        }
    }

    /// Mostly a full disk.
    private CheckpointException unwritable(IOException failure) {
        return new CheckpointException(
                path + ": cannot be written (" + failure.getMessage()
                        + "); make room or choose another folder, then run again: finished files are kept",
                failure);
    }
}
