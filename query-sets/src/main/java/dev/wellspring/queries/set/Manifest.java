package dev.wellspring.queries.set;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a query set is and how it came about, beside its queries.
///
/// @param name of the family, or what its owner calls it
/// @param version of the file's schema
/// @param seed that the queries were made with, 0 where there is none
/// @param parameters that they were made with
/// @param counts `total`, then by kind, then by split role
/// @param digest `sha256:` and the digest of `queries.jsonl`
public record Manifest(
        String name,
        int version,
        long seed,
        Map<String, String> parameters,
        Map<String, Integer> counts,
        String digest) {
    /// The schema that this code writes.
    public static final int VERSION = 1;

    /// Copies the maps, keeping their order.
    public Manifest {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
    }
}
