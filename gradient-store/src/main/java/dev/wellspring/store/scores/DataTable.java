package dev.wellspring.store.scores;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A table of findings for other tools.
public final class DataTable {
    private final List<Column> columns;
    private final List<List<@Nullable Object>> rows = new ArrayList<>();

    /// What a column holds.
    public enum Type {
        TEXT,
        /// 64 bits.
        WHOLE,
        /// float64.
        NUMBER
    }

    public record Column(String name, Type type) {}

    private DataTable(List<Column> columns) {
        this.columns = columns;
    }

    /// A table without rows.
    ///
    /// @param columns each as `name`, which holds text, `name:whole` or `name:number`
    public static DataTable of(String... columns) {
        List<Column> parsed = new ArrayList<>();
        for (String column : columns) {
            int colon = column.indexOf(':');
            String type = colon < 0 ? "text" : column.substring(colon + 1);
            String name = colon < 0 ? column : column.substring(0, colon);
            parsed.add(new Column(
                    name,
                    switch (type) {
                        case "text" -> Type.TEXT;
                        case "whole" -> Type.WHOLE;
                        case "number" -> Type.NUMBER;
                        default ->
                            throw new IllegalArgumentException(
                                    column + ": expected whole or number after the colon, got " + type);
                    }));
        }
        return new DataTable(List.copyOf(parsed));
    }

    /// Adds a row.
    ///
    /// @param values (columns) a text, an Integer or Long, or a Double; null is nothing, and so is NaN
    public void add(@Nullable Object... values) {
        if (values.length != columns.size()) {
            throw new IllegalArgumentException("values: expected " + columns.size() + ", got " + values.length);
        }
        List<@Nullable Object> row = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            row.add(checked(columns.get(i), values[i]));
        }
        rows.add(Collections.unmodifiableList(row));
    }

    private static @Nullable Object checked(Column column, @Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Double number when column.type() == Type.NUMBER -> number.isNaN() ? null : number;
            case Long whole when column.type() == Type.WHOLE -> whole;
            case Integer whole when column.type() == Type.WHOLE -> whole.longValue();
            case String text when column.type() == Type.TEXT -> text;
            default ->
                throw new IllegalArgumentException(column.name() + ": expected " + column.type() + ", got "
                        + value.getClass().getSimpleName());
        };
    }

    public List<Column> columns() {
        return columns;
    }

    /// (rows, columns) String, Long, Double or null.
    public List<List<@Nullable Object>> rows() {
        return Collections.unmodifiableList(rows);
    }
}
