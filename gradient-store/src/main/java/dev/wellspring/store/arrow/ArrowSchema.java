package dev.wellspring.store.arrow;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The columns of an Arrow file and its key-value metadata, sorted by key so that equal schemas have equal bytes.
public record ArrowSchema(List<Column> columns, Map<String, String> metadata) {
    /// Copies both.
    public ArrowSchema {
        columns = List.copyOf(columns);
        metadata = new TreeMap<>(metadata);
    }
}
