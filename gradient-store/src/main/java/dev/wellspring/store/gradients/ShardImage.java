package dev.wellspring.store.gradients;

import dev.wellspring.gradient.EncodedShard;
import dev.wellspring.store.arrow.ArrowOutput;
import dev.wellspring.store.arrow.ArrowReader;
import dev.wellspring.store.arrow.PartFile;
import dev.wellspring.store.arrow.StoreFileException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The bytes of a shard's file, outside the heap. One thread fills it, any other may write it to a disk.
final class ShardImage implements ArrowOutput {
    private static final int CHUNK = 4 << 20;

    private final Arena arena = Arena.ofShared();
    private final List<MemorySegment> chunks = new ArrayList<>();
    private long size;
    private boolean committed;

    @Override
    public void write(byte[] bytes, int offset, int length) {
        int done = 0;
        while (done < length) {
            int used = (int) (size % CHUNK);
            if (used == 0) {
                chunks.add(arena.allocate(CHUNK, Long.BYTES));
            }
            int count = Math.min(length - done, CHUNK - used);
            MemorySegment.copy(bytes, offset + done, chunks.getLast(), ValueLayout.JAVA_BYTE, used, count);
            done += count;
            size += count;
        }
    }

    @Override
    public void commit() {
        committed = true;
    }

    /// Frees the memory, unless it was committed.
    @Override
    public void close() {
        if (!committed && arena.scope().isAlive()) {
            arena.close();
        }
    }

    /// The committed bytes as a shard, which frees them.
    Encoded encoded(int shard, int documents) {
        return new Encoded(shard, documents);
    }

    /// A whole shard.
    final class Encoded implements EncodedShard {
        private final int shard;
        private final int documents;

        private Encoded(int shard, int documents) {
            this.shard = shard;
            this.documents = documents;
        }

        @Override
        public int shard() {
            return shard;
        }

        @Override
        public long byteSize() {
            return size;
        }

        @Override
        public int documents() {
            return documents;
        }

        @Override
        public void writeTo(Path folder) throws IOException {
            write(ShardFile.path(folder, shard, 0));
        }

        /// Writes the file under any name.
        ///
        /// @throws FileSystemException that names the file and says what the system says
        void write(Path file) throws FileSystemException {
            try (PartFile part = new PartFile(file)) {
                long left = size;
                for (MemorySegment chunk : chunks) {
                    long count = Math.min(left, CHUNK);
                    part.write(chunk.asSlice(0, count));
                    left -= count;
                }
                part.commit();
            } catch (StoreFileException e) {
                String reason = e.getCause() instanceof IOException cause
                        ? ArrowReader.reason(cause)
                        : String.valueOf(e.getMessage());
                var failure = new FileSystemException(file.toString(), null, reason);
                failure.initCause(e);
                throw failure;
            }
        }

        @Override
        public void close() {
            if (arena.scope().isAlive()) {
                arena.close();
            }
        }
    }
}
