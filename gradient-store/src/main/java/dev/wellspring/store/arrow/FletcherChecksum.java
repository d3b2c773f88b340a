package dev.wellspring.store.arrow;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

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

    private final long[] sums = new long[8];
    private final MemorySegment group = MemorySegment.ofArray(new byte[GROUP]);
    private int pending;

    /// Adds bytes behind those added before.
    public void update(MemorySegment bytes) {
        long from = 0;
        long size = bytes.byteSize();
        if (pending > 0) {
            from = Math.min(GROUP - pending, size);
            MemorySegment.copy(bytes, 0, group, pending, from);
            pending += (int) from;
            if (pending < GROUP) {
                return;
            }
            addGroups(group, 0, GROUP);
            pending = 0;
        }
        long whole = (size - from) / GROUP * GROUP;
        addGroups(bytes, from, from + whole);
        pending = (int) (size - from - whole);
        MemorySegment.copy(bytes, from + whole, group, 0, pending);
    }

    /// The checksum of everything added.
    public long value() {
        if (pending > 0) {
            group.asSlice(pending).fill((byte) 0);
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

    private static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 33)) * 0xFF51AFD7ED558CCDL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return mixed ^ (mixed >>> 33);
    }
}
