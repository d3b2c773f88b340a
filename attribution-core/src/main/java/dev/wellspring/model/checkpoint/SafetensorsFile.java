package dev.wellspring.model.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;

/// One safetensors file, mapped: opening it reads the header only, and tensors are views of the mapping.
public final class SafetensorsFile implements AutoCloseable {
    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path path;
    private final Arena arena;
    private final MemorySegment data;
    private final SafetensorsHeader header;

    private SafetensorsFile(Path path, Arena arena, MemorySegment data, SafetensorsHeader header) {
        this.path = path;
        this.arena = arena;
        this.data = data;
        this.header = header;
    }

    /// Maps a file and checks its header: lengths, types, bounds, overlaps.
    ///
    /// @throws CheckpointException when the file is missing or its header is wrong, naming file and tensor
    /// @throws IOException when reading fails
    public static SafetensorsFile open(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new CheckpointException(path + ": expected a safetensors file, found none; check the path");
        }
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            MemorySegment mapping = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            long headerSize = headerSize(path, mapping);
            byte[] json = mapping.asSlice(Long.BYTES, headerSize).toArray(ValueLayout.JAVA_BYTE);
            MemorySegment data = mapping.asSlice(Long.BYTES + headerSize);
            return new SafetensorsFile(path, arena, data, SafetensorsHeader.parse(path, json, data.byteSize()));
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /// Where the file lies.
    public Path path() {
        return path;
    }

    /// The names of the tensors, in the order of their bytes.
    public Set<String> names() {
        return header.entries().keySet();
    }

    /// The free text stored with the tensors.
    public Map<String, String> metadata() {
        return header.metadata();
    }

    /// A view of one tensor, valid until this file is closed.
    ///
    /// @throws CheckpointException when the file has none of that name
    public StoredTensor tensor(String name) {
        SafetensorsHeader.Entry entry = header.entries().get(name);
        if (entry == null) {
            throw new CheckpointException(
                    path + ": expected a tensor named " + name + ", found none among " + names().size());
        }
        MemorySegment bytes = data.asSlice(entry.from(), entry.to() - entry.from());
        return new StoredTensor(path, name, entry.type(), entry.shape().clone(), bytes);
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    private static long headerSize(Path path, MemorySegment mapping) {
        if (mapping.byteSize() < Long.BYTES) {
            throw new CheckpointException(path + ": expected at least 8 bytes of safetensors header, found "
                    + mapping.byteSize() + "; the file is truncated, fetch it again");
        }
        long size = mapping.get(LENGTH, 0);
        long room = Math.min(SafetensorsHeader.MAX_BYTES, mapping.byteSize() - Long.BYTES);
        if (size < 0 || size > room) {
            throw new CheckpointException(path + ": header length: expected 0 to " + room + ", found " + size
                    + "; the file is truncated or no safetensors file");
        }
        return size;
    }
}
