package dev.wellspring.store.arrow;

/// A column of an Arrow file.
public sealed interface Column {
    /// As it stands in the schema.
    String name();

    /// The type of its values, or of the values in its lists.
    ElementType type();

    /// One value per row. Only nullable columns carry a validity bitmap.
    record Scalar(String name, ElementType type, boolean nullable) implements Column {
        /// A column without nulls.
        public Scalar(String name, ElementType type) {
            this(name, type, false);
        }
    }

    /// A list of any length per row.
    record Lists(String name, ElementType type) implements Column {}

    /// A list of the same length in every row.
    record FixedLists(String name, ElementType type, int length) implements Column {}

    /// Whether rows may be null.
    default boolean isNullable() {
        return this instanceof Scalar scalar && scalar.nullable();
    }

    /// The number of buffers that a record batch holds for this column: validity, offsets, values as they apply.
    default int bufferCount() {
        return switch (this) {
            case Scalar scalar -> scalar.type() == ElementType.UTF8 ? 3 : 2;
            case Lists _ -> 4;
            case FixedLists _ -> 3;
        };
    }
}
