package dev.wellspring.gradient;

import dev.wellspring.tensor.Precision;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What every shard of a store has in common.
///
/// @param store what identifies the store: a digest of its model, factors and settings; shards of different stores are
///     never read together
/// @param modules in order; at least one, all named differently
/// @param precision of the numbers
public record GradientLayout(String store, List<StoredModule> modules, Precision precision) {
    /// Copies the list.
    public GradientLayout {
        modules = List.copyOf(modules);
        Set<String> names = new HashSet<>();
        modules.forEach(module -> names.add(module.name()));
        if (modules.isEmpty() || names.size() < modules.size()) {
            throw new IllegalArgumentException("modules: expected at least one, all named differently, got "
                    + modules.stream().map(StoredModule::name).toList());
        }
    }

    /// The bytes that the gradient of one document takes, scales included.
    public long bytesPerDocument() {
        return modules.stream()
                .mapToLong(module -> (long) module.values() * precision.byteSize() + (precision.hasScales() ? 4 : 0))
                .sum();
    }
}
