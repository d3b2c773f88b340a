package dev.wellspring.store.gradients;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.wellspring.gradient.StoredModule;

/// A module as it stands in the metadata of a shard and in `store.json`.
record ModuleEntry(
        String name,
        @JsonProperty("k_S") int gradientDirections,
        @JsonProperty("k_A") int activationDirections,
        int rank) {
    static ModuleEntry of(StoredModule module) {
        return new ModuleEntry(
                module.name(), module.gradientDirections(), module.activationDirections(), module.rank());
    }

    StoredModule stored() {
        return new StoredModule(name, gradientDirections, activationDirections, rank);
    }
}
