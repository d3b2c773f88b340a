package dev.wellspring.queries.synthesis;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Randomness by index: what is drawn for one document does not depend on any other.
final class Draws {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Draws() {}

    /// The random numbers of one index.
    static RandomGenerator at(long seed, long index) {
        return new SplittableRandom(hash(seed, index));
    }

    /// 64 well mixed bits (the finaliser of MurmurHash3, twice).
    static long hash(long seed, long index) {
        return mix(mix(seed + GOLDEN) ^ (index * GOLDEN + 1));
    }

    /// One of a list.
    static <T> T one(List<T> of, RandomGenerator random) {
        return of.get(random.nextInt(of.size()));
    }

    /// Where `index` lies in a shuffled order of 0 to `size − 1`, without holding the order: a Feistel network
    /// over the next power of four, walked until it is inside.
    static long shuffled(long seed, long index, long size) {
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

    /// The same for an endless index: shuffled anew on every pass through 0 to `size − 1`.
    static long repeated(long seed, long index, long size) {
        return shuffled(hash(seed, index / size), index % size, size);
    }

    private static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 33)) * 0xFF51AFD7ED558CCDL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return mixed ^ (mixed >>> 33);
    }
}
