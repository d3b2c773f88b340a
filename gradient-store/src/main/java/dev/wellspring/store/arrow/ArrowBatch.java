package dev.wellspring.store.arrow;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.RecordBatch;
import org.jspecify.annotations.Nullable;

/// One record batch of a mapped file: segments are views of the mapping, strings and lists are decoded on
/// demand.
public final class ArrowBatch {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final ArrowReader reader;
    private final int index;
    private final int rows;
    private final List<Column> columns;
    /// Per column, its buffers in Arrow's order.
    private final MemorySegment[][] buffers;
    /// Per column, where its buffers begin in the body.
    private final long[] offsets;

    ArrowBatch(ArrowReader reader, int index, RecordBatch head, MemorySegment body) {
        this.reader = reader;
        this.index = index;
        this.rows = Math.toIntExact(head.length());
        this.columns = reader.schema().columns();
        this.buffers = new MemorySegment[columns.size()][];
        this.offsets = new long[columns.size()];
        int next = 0;
        for (int c = 0; c < buffers.length; c++) {
            offsets[c] = head.buffers(next).offset();
            buffers[c] = new MemorySegment[columns.get(c).bufferCount()];
            for (int b = 0; b < buffers[c].length; b++) {
                Buffer position = head.buffers(next++);
                buffers[c][b] = body.asSlice(position.offset(), position.length());
            }
        }
    }

    public int rows() {
        return rows;
    }

    /// The values of a column, without padding.
    public MemorySegment values(int column) {
        return buffers[column][buffers[column].length - 1];
    }

    public int intAt(int column, int row) {
        return values(column).getAtIndex(INT, row);
    }

    public double doubleAt(int column, long element) {
        MemorySegment values = values(column);
        return columns.get(column).type() == ElementType.FLOAT32
                ? values.getAtIndex(FLOAT, element)
                : values.getAtIndex(DOUBLE, element);
    }

    /// Copies the numbers of a column of FLOAT32 or FLOAT64.
    ///
    /// @param into (at least rows)
    public void copyDoubles(int column, double[] into) {
        MemorySegment values = values(column);
        if (columns.get(column).type() == ElementType.FLOAT32) {
            float[] narrow = new float[rows];
            MemorySegment.copy(values, FLOAT, 0, narrow, 0, rows);
            for (int row = 0; row < rows; row++) {
                into[row] = narrow[row];
            }
        } else {
            MemorySegment.copy(values, DOUBLE, 0, into, 0, rows);
        }
    }

    /// Only nullable columns hold null.
    @Nullable
    public String nullableStringAt(int column, int row) {
        MemorySegment validity = buffers[column][0];
        boolean valid = validity.byteSize() == 0
                || (validity.get(ValueLayout.JAVA_BYTE, row / Byte.SIZE) >> (row % Byte.SIZE) & 1) == 1;
        return valid ? stringAt(column, row) : null;
    }

    /// @throws StoreFileException if the offsets of the column are damaged
    public String stringAt(int column, int row) {
        MemorySegment values = values(column);
        int start = buffers[column][1].getAtIndex(INT, row);
        int end = buffers[column][1].getAtIndex(INT, row + 1L);
        requireRange(start, end, values.byteSize());
        byte[] bytes = values.asSlice(start, end - start).toArray(ValueLayout.JAVA_BYTE);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /// The list in one row of a list column.
    public double[] listAt(int column, int row) {
        int start;
        int end;
        if (columns.get(column) instanceof Column.FixedLists lists) {
            start = row * lists.length();
            end = start + lists.length();
        } else {
            start = buffers[column][1].getAtIndex(INT, row);
            end = buffers[column][1].getAtIndex(INT, row + 1L);
            requireRange(
                    start,
                    end,
                    values(column).byteSize() / columns.get(column).type().byteSize());
        }
        double[] list = new double[end - start];
        for (int i = 0; i < list.length; i++) {
            list[i] = doubleAt(column, start + i);
        }
        return list;
    }

    /// The list in one row of a list column of INT32.
    public int[] intsAt(int column, int row) {
        int start = buffers[column][1].getAtIndex(INT, row);
        int end = buffers[column][1].getAtIndex(INT, row + 1L);
        requireRange(start, end, values(column).byteSize() / Integer.BYTES);
        int[] list = new int[end - start];
        MemorySegment.copy(values(column), INT, (long) start * Integer.BYTES, list, 0, list.length);
        return list;
    }

    /// Where the buffers of a column begin in the body.
    long offset(int column) {
        return offsets[column];
    }

    /// Offsets are part of the body, which is only checked on request.
    private void requireRange(int start, int end, long size) {
        if (start < 0 || end < start || end > size) {
            throw reader.damagedBatch(index);
        }
    }
}
