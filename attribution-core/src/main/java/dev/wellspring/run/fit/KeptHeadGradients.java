package dev.wellspring.run.fit;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.model.HeadGradients;
import dev.wellspring.run.Progress;
import dev.wellspring.tensor.HostMemory;
import dev.wellspring.tensor.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The head gradients of the fitting documents, (rows, hidden) a batch, on disk from the first pass over the
/// documents to the last: every pass needs the same ones.
///
/// They are a saving and nothing else: the bits are those that a pass would compute, so that a pass may find some,
/// all or none. A run that is taken up again begins without, and one that runs out of disk goes on without.
final class KeptHeadGradients implements AutoCloseable {
    /// They take at most this part of what is free on the disk at first.
    private static final int FREE_SHARE = 4;

    private final Supplier<Path> file;
    private final Progress progress;
    private final Map<LinearAlgebra, HostMemory> buffers = new ConcurrentHashMap<>();
    private final Map<Long, Place> places = new ConcurrentHashMap<>();
    private @Nullable FileChannel channel;
    private @Nullable Path opened;
    private long end;
    private long most;
    private boolean full;

    /// Where those of a batch lie.
    private record Place(long offset, long byteSize) {}

    /// @param file asked for when it is needed; it goes away when this is closed
    /// @param progress is told when room runs out
    KeptHeadGradients(Supplier<Path> file, Progress progress) {
        this.file = file;
        this.progress = progress;
    }

    /// Those of one batch.
    ///
    /// @param batch its number, the same in every pass
    /// @param keep whether a later pass will ask for them
    HeadGradients of(long batch, LinearAlgebra algebra, boolean keep) {
        return new HeadGradients() {
            @Override
            public boolean take(Tensor gradients) {
                Place place = places.get(batch);
                return place != null && read(place, algebra, gradients);
            }

            @Override
            public void keep(Tensor gradients) {
                if (keep) {
                    write(batch, algebra, gradients);
                }
            }
        };
    }

    private boolean read(Place place, LinearAlgebra algebra, Tensor gradients) {
        if (place.byteSize() != byteSize(gradients)) {
            throw new IllegalStateException(
                    "head gradients: expected " + place.byteSize() + " bytes, as they were kept, got " + gradients);
        }
        try {
            MemorySegment bytes = buffer(algebra, place.byteSize());
            transfer(bytes, place.offset(), open()::read);
            algebra.upload(bytes, gradients.type(), gradients);
            return true;
        } catch (IOException failure) {
            giveUp("cannot be read (" + failure.getMessage() + ")");
            return false;
        }
    }

    private void write(long batch, LinearAlgebra algebra, Tensor gradients) {
        try {
            Place place = place(byteSize(gradients));
            if (place != null) {
                MemorySegment bytes = buffer(algebra, place.byteSize());
                algebra.download(gradients, bytes, gradients.type());
                transfer(bytes, place.offset(), open()::write);
                places.put(batch, place);
            }
        } catch (IOException failure) {
            giveUp("cannot be written (" + failure.getMessage() + ")");
        }
    }

    /// Memory for what one device reads or writes, which it does on one thread.
    private MemorySegment buffer(LinearAlgebra algebra, long byteSize) {
        HostMemory memory = buffers.get(algebra);
        if (memory == null || memory.byteSize() < byteSize) {
            if (memory != null) {
                memory.close();
            }
            memory = HostMemory.allocate(byteSize);
            buffers.put(algebra, memory);
        }
        return memory.segment().asSlice(0, byteSize);
    }

    /// Room for so many bytes, or null.
    private synchronized @Nullable Place place(long byteSize) throws IOException {
        open();
        if (full || end + byteSize > most) {
            giveUp("take more than a quarter of the free disk");
            return null;
        }
        var place = new Place(end, byteSize);
        end += byteSize;
        return place;
    }

    private synchronized FileChannel open() throws IOException {
        if (channel == null) {
            opened = file.get();
            channel = FileChannel.open(
                    opened,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            most = Files.getFileStore(opened).getUsableSpace() / FREE_SHARE;
        }
        return channel;
    }

    private synchronized void giveUp(String why) {
        if (!full) {
            full = true;
            progress.note("head gradients of batches: " + why + "; those that are not kept are computed in every pass");
        }
    }

    private static long byteSize(Tensor tensor) {
        return tensor.elementCount() * tensor.type().byteSize();
    }

    private interface Transfer {
        int at(ByteBuffer bytes, long position) throws IOException;
    }

    private static void transfer(MemorySegment memory, long offset, Transfer transfer) throws IOException {
        ByteBuffer bytes = memory.asByteBuffer();
        while (bytes.hasRemaining()) {
            if (transfer.at(bytes, offset + bytes.position()) < 0) {
                throw new EOFException("the file is shorter than it was");
            }
        }
    }

    @Override
    public synchronized void close() throws IOException {
        buffers.values().forEach(HostMemory::close);
        if (channel != null) {
            channel.close();
        }
        if (opened != null) {
            Files.deleteIfExists(opened);
        }
    }
}
