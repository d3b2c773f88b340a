package dev.wellspring.store.gradients;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.message.ArrowBlock;

/// What disks do to files.
final class Damage {
    private Damage() {}

    static void flip(Path file, long bit) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, bit / 8);
            one.put(0, (byte) (one.get(0) ^ 1 << bit % 8));
            channel.write(one.rewind(), bit / 8);
        }
    }

    /// Where the batches of a file stand, as Arrow's own reader understands its footer.
    static List<ArrowBlock> blocks(Path file) throws IOException {
        try (BufferAllocator allocator = new RootAllocator();
                FileChannel channel = FileChannel.open(file);
                ArrowFileReader reader = new ArrowFileReader(channel, allocator)) {
            return List.copyOf(reader.getRecordBlocks());
        }
    }

    /// A bit of the head, of the documents (the part that comes first) or of the gradients (the last) of a batch.
    static long bitIn(Path file, int batch, Where where) throws IOException {
        ArrowBlock block = blocks(file).get(batch);
        return Byte.SIZE
                * switch (where) {
                    case HEAD -> block.getOffset() + 100;
                    case DOCUMENTS -> block.getOffset() + block.getMetadataLength() + 10;
                    case GRADIENTS -> block.getOffset() + block.getMetadataLength() + block.getBodyLength() - 1;
                };
    }

    enum Where {
        HEAD,
        DOCUMENTS,
        GRADIENTS
    }
}
