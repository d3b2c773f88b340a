package dev.wellspring.queries.corpus;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.message.MessageChannelReader;

/// Opens Arrow IPC in either form, compressed or not: a file is a stream between two magic words, and a footer that
/// nobody needs who reads from the start. Arrow's own channel fills a buffer through the platform's internals, which
/// JDK 25 keeps closed; this one fills it as a memory segment.
final class ArrowInput extends ReadChannel {
    private static final ByteBuffer MAGIC =
            ByteBuffer.wrap("ARROW1".getBytes(StandardCharsets.US_ASCII)).asReadOnlyBuffer();
    private static final long STREAM_START = 8;
    private static final long STEP = 1 << 30;

    private ArrowInput(ReadableByteChannel channel) {
        super(channel);
    }

    static ArrowReader open(Path file, BufferAllocator allocator) throws IOException {
        FileChannel channel = FileChannel.open(file);
        try {
            if (isMagic(channel, 0)) {
                if (!isMagic(channel, channel.size() - MAGIC.capacity())) {
                    throw new EOFException("the file does not end in ARROW1");
                }
                channel.position(STREAM_START);
            }
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return new ArrowStreamReader(
                new MessageChannelReader(new ArrowInput(channel), allocator),
                allocator,
                CommonsCompressionFactory.INSTANCE);
    }

    private static boolean isMagic(FileChannel channel, long position) throws IOException {
        ByteBuffer word = ByteBuffer.allocate(MAGIC.capacity());
        channel.read(word, position);
        return word.flip().equals(MAGIC);
    }

    @Override
    public long readFully(ArrowBuf buffer, long length) throws IOException {
        MemorySegment memory = MemorySegment.ofAddress(buffer.memoryAddress()).reinterpret(length);
        long read = 0;
        while (read < length) {
            long step = Math.min(STEP, length - read);
            int got = readFully(memory.asSlice(read, step).asByteBuffer());
            read += got;
            if (got < step) {
                break;
            }
        }
        buffer.writerIndex(read);
        return read;
    }
}
