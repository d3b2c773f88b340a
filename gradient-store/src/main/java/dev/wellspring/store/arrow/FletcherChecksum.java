package dev.wellspring.store.arrow;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Fletcher's checksum in four lanes of 64-bit words: lane l sums words l, l + 4, l + 8 and so on, and sums the sums,
/// all modulo 2⁶⁴; the eight results are hashed into one. It costs two additions a word, so that checking takes no
/// longer than reading. Any change within one word changes its lane's sum, whatever it is.
///
/// The bytes are little-endian words; a last group of less than 32 bytes is filled up with zeros.
///
/// ```
/// words = numpy.frombuffer(body, "<u8").reshape(-1, 4)
/// a, b  = words.sum(0), words.cumsum(0).sum(0)
/// h     = 0
/// for x in (a0, b0, a1, b1, a2, b2, a3, b3): h = fmix64(h ^ x)     # the finaliser of MurmurHash3
/// ```
public final class FletcherChecksum {
    /// Bytes that go through the lanes together.
    static final int GROUP = 32;

    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle ARRAY_WORD =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long[] sums = new long[8];
    private final byte[] group = new byte[GROUP];
    private int pending;

    /// Adds bytes behind those added before.
    public void update(MemorySegment bytes) {
        long size = bytes.byteSize();
        long from = 0;
        if (pending > 0) {
            from = Math.min(GROUP - pending, size);
            fill(bytes, 0, (int) from);
        }
        long whole = (size - from) / GROUP * GROUP;
        addGroups(bytes, from, from + whole);
        fill(bytes, from + whole, (int) (size - from - whole));
    }

    /// Adds bytes on the heap.
    void update(byte[] bytes, int offset, int length) {
        MemorySegment segment = MemorySegment.ofArray(bytes);
        int from = offset;
        if (pending > 0) {
            from += Math.min(GROUP - pending, length);
            fill(segment, offset, from - offset);
        }
        int whole = (offset + length - from) / GROUP * GROUP;
        addGroups(bytes, from, from + whole);
        fill(segment, from + whole, offset + length - from - whole);
    }

    /// Less than a group, kept until it is one.
    private void fill(MemorySegment bytes, long offset, int length) {
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, offset, group, pending, length);
        pending += length;
        if (pending == GROUP) {
            addGroups(group, 0, GROUP);
            pending = 0;
        }
    }

    /// The checksum of everything added.
    public long value() {
        if (pending > 0) {
            Arrays.fill(group, pending, GROUP, (byte) 0);
            addGroups(group, 0, GROUP);
            pending = 0;
        }
        long hash = 0;
        for (long sum : sums) {
            hash = mix(hash ^ sum);
        }
        return hash;
    }

    private void addGroups(MemorySegment bytes, long from, long to) {
        long a0 = sums[0];
        long b0 = sums[1];
        long a1 = sums[2];
        long b1 = sums[3];
        long a2 = sums[4];
        long b2 = sums[5];
        long a3 = sums[6];
        long b3 = sums[7];
        for (long at = from; at < to; at += GROUP) {
            a0 += bytes.get(WORD, at);
            b0 += a0;
            a1 += bytes.get(WORD, at + 8);
            b1 += a1;
            a2 += bytes.get(WORD, at + 16);
            b2 += a2;
            a3 += bytes.get(WORD, at + 24);
            b3 += a3;
        }
        sums[0] = a0;
        sums[1] = b0;
        sums[2] = a1;
        sums[3] = b1;
        sums[4] = a2;
        sums[5] = b2;
        sums[6] = a3;
        sums[7] = b3;
    }

    /// The same over an array. One loop for both would be ten times slower in a process that writes and then reads:
    /// what
    /// the compiler knows of a loop is the sum of all that went through it.
    private void addGroups(byte[] bytes, int from, int to) {
        long a0 = sums[0];
        long b0 = sums[1];
        long a1 = sums[2];
        long b1 = sums[3];
        long a2 = sums[4];
        long b2 = sums[5];
        long a3 = sums[6];
        long b3 = sums[7];
        for (int at = from; at < to; at += GROUP) {
            a0 += (long) ARRAY_WORD.get(bytes, at);
            b0 += a0;
            a1 += (long) ARRAY_WORD.get(bytes, at + 8);
            b1 += a1;
            a2 += (long) ARRAY_WORD.get(bytes, at + 16);
            b2 += a2;
            a3 += (long) ARRAY_WORD.get(bytes, at + 24);
            b3 += a3;
        }
        sums[0] = a0;
        sums[1] = b0;
        sums[2] = a1;
        sums[3] = b1;
        sums[4] = a2;
        sums[5] = b2;
        sums[6] = a3;
        sums[7] = b3;
    }

    private static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 33)) * 0xFF51AFD7ED558CCDL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return mixed ^ (mixed >>> 33);
    }
}
