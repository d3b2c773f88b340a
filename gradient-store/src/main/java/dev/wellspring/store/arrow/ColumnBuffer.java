package dev.wellspring.store.arrow;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rows of one column that the next record batch will hold, laid out as Arrow wants them.
public final class ColumnBuffer {
    private final Column column;
    private final GrowingBytes validity = new GrowingBytes();
    private final GrowingBytes offsets = new GrowingBytes();
    private final GrowingBytes values = new GrowingBytes();
    private int rows;
    private int nulls;
    private int listed;

    ColumnBuffer(Column column) {
        this.column = column;
    }

    public void putString(@Nullable String value) {
        offsets.putInt(values.size());
        if (column.isNullable()) {
            validity.putBit(rows, value != null);
        }
        if (value == null) {
            nulls++;
        } else {
            values.put(value.getBytes(StandardCharsets.UTF_8));
        }
        rows++;
    }

    public void putInt(int value) {
        values.putInt(value);
        rows++;
    }

    public void putDouble(double value) {
        putElement(value);
        rows++;
    }

    /// One row of a list column.
    public void putDoubles(double[] list) {
        offsets.putInt(listed);
        for (double value : list) {
            putElement(value);
        }
        listed += list.length;
        rows++;
    }

    /// One row of a list column of INT32.
    public void putInts(int[] list) {
        offsets.putInt(listed);
        for (int value : list) {
            values.putInt(value);
        }
        listed += list.length;
        rows++;
    }

    /// One row of a column of fixed lists: its values as they are to stand in the file.
    public void putValues(MemorySegment list) {
        values.put(list);
        listed += (int) (list.byteSize() / column.type().byteSize());
        rows++;
    }

    private void putElement(double value) {
        if (column.type() == ElementType.FLOAT32) {
            values.putFloat((float) value);
        } else {
            values.putDouble(value);
        }
    }

    long byteSize() {
        return (long) validity.size() + offsets.size() + values.size();
    }

    int rows() {
        return rows;
    }

    int nulls() {
        return nulls;
    }

    /// The number of values in all lists.
    int listed() {
        return listed;
    }

    Column column() {
        return column;
    }

    /// The buffers in Arrow's order. An empty validity buffer says that nothing is null.
    List<GrowingBytes> finish() {
        GrowingBytes none = new GrowingBytes();
        return switch (column) {
            case Column.Scalar scalar
            when scalar.type() == ElementType.UTF8 -> {
                offsets.putInt(values.size());
                yield List.of(nulls == 0 ? none : validity, offsets, values);
            }
            case Column.Scalar _ -> List.of(none, values);
            case Column.Lists _ -> {
                offsets.putInt(listed);
                yield List.of(none, offsets, none, values);
            }
            case Column.FixedLists _ -> List.of(none, none, values);
        };
    }

    void clear() {
        validity.clear();
        offsets.clear();
        values.clear();
        rows = 0;
        nulls = 0;
        listed = 0;
    }
}
