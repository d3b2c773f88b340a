package dev.wellspring.queries.task;

/// Random orders that are never held in memory, and the bits that they are made of. What is drawn for one index
/// does not depend on any other.
public final class Permutation {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Permutation() {}

    /// Where `index` lies in a shuffled order of 0 to `size − 1`: a Feistel network over the next power of four,
    /// walked until it is inside.
    public static long at(long seed, long index, long size) {
        int half = Math.max(1, (65 - Long.numberOfLeadingZeros(size - 1)) / 2);
        long mask = (1L << half) - 1;
        long place = index;
        do {
            long left = place >>> half;
            long right = place & mask;
            for (int round = 0; round < 4; round++) {
                long next = left ^ (hash(seed + round, right) & mask);
                left = right;
                right = next;
            }
            place = left << half | right;
        } while (place >= size);
        return place;
    }

    /// 64 well mixed bits (the finaliser of MurmurHash3, twice).
    public static long hash(long seed, long index) {
        return mix(mix(seed + GOLDEN) ^ (index * GOLDEN + 1));
    }

    private static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 33)) * 0xFF51AFD7ED558CCDL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return mixed ^ (mixed >>> 33);
    }
}
