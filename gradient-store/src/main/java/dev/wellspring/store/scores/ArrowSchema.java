package dev.wellspring.store.scores;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The columns of an Arrow file and its key-value metadata, sorted by key so that equal schemas have equal bytes.
record ArrowSchema(List<Column> columns, Map<String, String> metadata) {
    ArrowSchema {
        columns = List.copyOf(columns);
        metadata = new TreeMap<>(metadata);
    }
}
