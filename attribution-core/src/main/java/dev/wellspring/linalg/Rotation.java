package dev.wellspring.linalg;

import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// Groups of offloaded tensors that take turns in two blocks of the backend's memory: while one group is computed
/// with, the next one is on its way.
///
/// Which group comes next is what came next the last time, so that an order which repeats is known after one
/// round. A group that comes out of turn is fetched when it is asked for; that takes longer, and changes
/// nothing else.
///
/// @param <K> what groups are known by
public final class Rotation<K> implements AutoCloseable {
    private static final int BLOCKS = 2;

    /// Tensors begin at multiples of this many elements: a cache line at least.
    private static final long ALIGNMENT = 64;

    private final LinearAlgebra algebra;
    private final Map<K, List<Tensor>> groups;
    private final Workspace memory;
    private final List<Block<K>> blocks;
    private final Map<K, K> following = new HashMap<>();
    private Block<K> current;

    /// Where a group is, or will be once its copies are done.
    private static final class Block<K> {
        private final Tensor flat;
        private @Nullable K key;
        private List<Tensor> tensors = List.of();
        private List<Transfer> copies = List.of();

        Block(Tensor flat) {
            this.flat = flat;
        }

        void await() {
            copies.forEach(Transfer::await);
            copies = List.of();
        }

        boolean holds(K wanted) {
            return wanted.equals(key);
        }
    }

    /// @param type of all tensors
    /// @param groups offloaded and contiguous; they stay the caller's, and may be written while none is on its
    ///     way, that is before the first [#take]
    public Rotation(LinearAlgebra algebra, DType type, Map<K, List<Tensor>> groups) {
        this.algebra = algebra;
        this.groups = new LinkedHashMap<>(groups);
        this.memory = new Workspace(algebra);
        long elements = groups.values().stream()
                .mapToLong(group -> elements(group.stream().mapToLong(Tensor::elementCount)))
                .max()
                .orElse(0);
        Block<K> first = new Block<>(memory.allocate(type, elements));
        Block<K> second = new Block<>(memory.allocate(type, elements));
        this.blocks = List.of(first, second);
        this.current = first;
    }

    /// The backend memory that a rotation takes, in bytes.
    ///
    /// @param groups the elements of the tensors of each
    public static long byteSize(DType type, Collection<long[]> groups) {
        long largest = groups.stream()
                .mapToLong(group -> elements(LongStream.of(group)))
                .max()
                .orElse(0);
        return BLOCKS * largest * type.byteSize();
    }

    private static long elements(LongStream counts) {
        return counts.map(count -> Math.ceilDiv(count, ALIGNMENT) * ALIGNMENT).sum();
    }

    /// A group on the backend, in the order of its tensors: for what is asked of the backend before the next call.
    public List<Tensor> take(K key) {
        Block<K> block = find(key);
        if (block == null) {
            block = other(current);
            fetch(key, block);
        }
        block.await();
        if (current.key != null && !current.holds(key)) {
            following.put(current.key, key);
        }
        current = block;
        K next = following.get(key);
        if (next != null && find(next) == null) {
            fetch(next, other(current));
        }
        return block.tensors;
    }

    private @Nullable Block<K> find(K key) {
        return blocks.stream().filter(block -> block.holds(key)).findFirst().orElse(null);
    }

    private Block<K> other(Block<K> block) {
        return block == blocks.getFirst() ? blocks.getLast() : blocks.getFirst();
    }

    /// What the block held was computed with in calls before, after which the copies begin. Or it was fetched for
    /// nothing: then its copies are awaited here, since a backend keeps something for each until they are.
    private void fetch(K key, Block<K> block) {
        List<Tensor> group = groups.get(key);
        if (group == null) {
            throw new IllegalArgumentException("group: expected one of " + groups.keySet() + ", got " + key);
        }
        block.await();
        List<Tensor> places = new ArrayList<>();
        List<Transfer> copies = new ArrayList<>();
        long used = 0;
        for (Tensor waiting : group) {
            long count = waiting.elementCount();
            Tensor place = block.flat.slice(0, used, used + count).reshape(waiting.shape());
            used += elements(LongStream.of(count));
            copies.add(algebra.copyBeside(waiting, place));
            places.add(place);
        }
        block.key = key;
        block.tensors = places;
        block.copies = copies;
    }

    @Override
    public void close() {
        memory.close();
    }
}
