package dev.wellspring.queries.synthesis;

import dev.wellspring.queries.task.Permutation;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Randomness by index: what is drawn for one document does not depend on any other.
final class Draws {
    private Draws() {}

    /// The random numbers of one index.
    static RandomGenerator at(long seed, long index) {
        return new SplittableRandom(hash(seed, index));
    }

    /// As [Permutation#hash].
    static long hash(long seed, long index) {
        return Permutation.hash(seed, index);
    }

    /// One of a list.
    static <T> T one(List<T> of, RandomGenerator random) {
        return of.get(random.nextInt(of.size()));
    }

    /// As [Permutation#at].
    static long shuffled(long seed, long index, long size) {
        return Permutation.at(seed, index, size);
    }

    /// The same for an endless index: shuffled anew on every pass through 0 to `size − 1`.
    static long repeated(long seed, long index, long size) {
        return shuffled(hash(seed, index / size), index % size, size);
    }
}
