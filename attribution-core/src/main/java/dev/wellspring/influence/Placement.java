package dev.wellspring.influence;

/// Where a query block is kept.
public enum Placement {
    /// In the backend's memory.
    RESIDENT,
    /// In the host's memory, beside a device's: a module's gradients are fetched when documents are contracted
    /// with them, while the module before is.
    OFFLOADED
}
