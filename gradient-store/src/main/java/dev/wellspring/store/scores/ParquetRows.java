package dev.wellspring.store.scores;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows that are written one at a time.
interface ParquetRows {
    List<DataTable.Column> columns();

    /// The next row: for each column a String, Long, Double or null.
    ///
    /// @return null at the end
    @Nullable
    List<@Nullable Object> next();
}
