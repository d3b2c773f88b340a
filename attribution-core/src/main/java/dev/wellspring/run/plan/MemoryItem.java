package dev.wellspring.run.plan;

/// One thing that memory is needed for.
///
/// @param item what it is
/// @param stage when it is there, `all` for always
/// @param whole what it would take for all modules and all queries together, in bytes
/// @param atOnce what is in memory at a time, in bytes, at most
/// @param cuts in how many passes by modules, or blocks of queries, it is cut; 1 where it is whole
public record MemoryItem(String item, String stage, long whole, long atOnce, int cuts) {
    /// Something that is always there as a whole.
    static MemoryItem uncut(String item, String stage, long bytes) {
        return new MemoryItem(item, stage, bytes, bytes, 1);
    }
}
