package dev.wellspring.run.fit;

import dev.wellspring.model.HeadGradients;
import dev.wellspring.run.Progress;
import dev.wellspring.tensor.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The head gradients of the fitting documents, (rows, hidden) a batch, on disk from the first pass over the documents
/// to the last: every pass needs the same ones.
///
/// They are a saving and nothing else: the bits are those that a pass would compute, so that a pass may find some, all
/// or none. A run that is taken up again begins without, and one that runs out of disk goes on without. They lie in
/// this process' memory before they are written and after they are read: see [FitPlan#keepsHeadGradients].
final class KeptHeadGradients implements AutoCloseable {
    /// They take at most this part of what the run leaves free on the disk.
    private static final int FREE_SHARE = 4;

    private static final int PIECE = 1 << 30;

    private final Path file;
    private final long reserved;
    private final Progress progress;
    private final Map<Long, Place> places = new ConcurrentHashMap<>();
    private @Nullable FileChannel channel;
    private long end;
    private long most;
    private boolean full;

    /// Where those of a batch lie.
    private record Place(long offset, long byteSize) {}

    /// @param file for as long as this is open; what an earlier process left there goes away
    /// @param reserved the bytes that the run has still to write to that disk
    /// @param progress is told when room runs out
    KeptHeadGradients(Path file, long reserved, Progress progress) throws IOException {
        this.file = file;
        this.reserved = reserved;
        this.progress = progress;
        Files.deleteIfExists(file);
    }

    /// Those of one batch.
    ///
    /// @param batch its number, the same in every pass
    /// @param keep whether a later pass will ask for them
    HeadGradients of(long batch, boolean keep) {
        return new HeadGradients() {
            @Override
            public boolean take(Tensor gradients) {
                Place place = places.get(batch);
                return place != null && read(place, bytes(gradients));
            }

            @Override
            public void keep(Tensor gradients) {
                if (keep) {
                    write(batch, bytes(gradients));
                }
            }
        };
    }

    private static MemorySegment bytes(Tensor tensor) {
        if (!tensor.isContiguous()) {
            throw new IllegalArgumentException("gradients: expected rows without gaps, got " + tensor);
        }
        return tensor.segment().asSlice(0, tensor.elementCount() * tensor.type().byteSize());
    }

    private boolean read(Place place, MemorySegment target) {
        try {
            if (place.byteSize() != target.byteSize()) {
                throw new IOException("expected " + target.byteSize() + " bytes, found " + place.byteSize());
            }
            transfer(target, place.offset(), open()::read);
            return true;
        } catch (IOException | UncheckedIOException failure) {
            giveUp("cannot be read (" + failure + ")");
            return false;
        }
    }

    private void write(long batch, MemorySegment source) {
        try {
            Place place = place(source.byteSize());
            if (place != null) {
                transfer(source, place.offset(), open()::write);
                places.put(batch, place);
            }
        } catch (IOException | UncheckedIOException failure) {
            giveUp("cannot be written (" + failure + ")");
        }
    }

    /// Room for so many bytes, or null.
    private synchronized @Nullable Place place(long byteSize) throws IOException {
        if (full) {
            return null;
        }
        open();
        if (end + byteSize > most) {
            giveUp("there is too little free disk to keep all");
            return null;
        }
        var place = new Place(end, byteSize);
        end += byteSize;
        return place;
    }

    private synchronized FileChannel open() throws IOException {
        if (channel == null) {
            Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent()));
            channel = FileChannel.open(
                    file,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            most = (Files.getFileStore(file).getUsableSpace() - reserved) / FREE_SHARE;
        }
        return channel;
    }

    private synchronized void giveUp(String why) {
        if (!full) {
            full = true;
            progress.note("head gradients: " + why + "; those that are not kept are computed in every pass");
        }
    }

    private interface Transfer {
        int at(ByteBuffer bytes, long position) throws IOException;
    }

    private static void transfer(MemorySegment memory, long offset, Transfer transfer) throws IOException {
        for (long done = 0; done < memory.byteSize(); ) {
            ByteBuffer piece = memory.asSlice(done, Math.min(PIECE, memory.byteSize() - done))
                    .asByteBuffer();
            int count = transfer.at(piece, offset + done);
            if (count < 0) {
                throw new EOFException("the file is shorter than it was");
            }
            done += count;
        }
    }

    /// Removes the file, after the last pass: none are found or kept any more.
    synchronized void drop() throws IOException {
        places.clear();
        full = true;
        if (channel != null) {
            channel.close();
            channel = null;
            Files.deleteIfExists(file);
        }
    }

    @Override
    public void close() throws IOException {
        drop();
    }
}
