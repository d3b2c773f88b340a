package dev.wellspring.queries.corpus;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/// The rows of an Arrow IPC file, one record batch in memory at a time. Both forms are read: the file format (also as
/// Feather, also compressed) and the stream format, which the `datasets` library gives the same name. Rows are
/// numbered from 1.
final class ArrowRows implements Rows {
    private final String label;
    private final RootAllocator allocator = new RootAllocator();
    private final ArrowReader reader;
    private final List<String> names;
    private final List<FieldVector> decoded = new ArrayList<>();
    private List<? extends ValueVector> columns = List.of();
    private int rowsInBatch;
    private int rowInBatch;
    private long row;

    ArrowRows(Path file, String label, Content content) {
        this.label = label;
        try {
            reader = ArrowInput.open(file, allocator);
        } catch (EOFException e) {
            throw Rows.closeAfter(damaged(e), allocator::close);
        } catch (IOException e) {
            throw Rows.closeAfter(CorpusException.unreadable(label, e), allocator::close);
        }
        try {
            names = reader.getVectorSchemaRoot().getSchema().getFields().stream()
                    .map(Field::getName)
                    .toList();
            content.require(label, names);
        } catch (CorpusException e) {
            throw Rows.closeAfter(e, this::close);
        } catch (IOException | RuntimeException e) {
            throw Rows.closeAfter(damaged(e), this::close);
        }
    }

    @Override
    public @Nullable Fields read() {
        while (rowInBatch == rowsInBatch) {
            if (!nextBatch()) {
                return null;
            }
        }
        String origin = label + ":" + (row + 1);
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        try {
            for (int c = 0; c < columns.size(); c++) {
                String name = names.get(c); // a decoded column is named after its dictionary
                object.set(name, ArrowValues.json(columns.get(c), rowInBatch, origin + ":" + name));
            }
        } catch (CorpusException e) {
            throw e;
        } catch (RuntimeException e) {
            throw damaged(e);
        }
        row++;
        rowInBatch++;
        return new Fields(origin, object);
    }

    /// Reads the batches that it passes over, and decodes nothing.
    @Override
    public long skip(long count) {
        long skipped = 0;
        while (skipped < count && (rowInBatch < rowsInBatch || nextBatch())) {
            int step = (int) Math.min(count - skipped, rowsInBatch - rowInBatch);
            rowInBatch += step;
            skipped += step;
        }
        row += skipped;
        return skipped;
    }

    @Override
    public void close() {
        decoded.forEach(FieldVector::close);
        decoded.clear();
        try {
            reader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(label + ": " + e.getMessage(), e);
        } finally {
            allocator.close();
        }
    }

    private boolean nextBatch() {
        try {
            decoded.forEach(FieldVector::close);
            decoded.clear();
            if (!reader.loadNextBatch()) {
                return false;
            }
            columns = reader.getVectorSchemaRoot().getFieldVectors().stream()
                    .map(this::withoutDictionary)
                    .toList();
            rowsInBatch = reader.getVectorSchemaRoot().getRowCount();
            rowInBatch = 0;
            return true;
        } catch (IOException | RuntimeException e) {
            throw damaged(e); // Arrow answers damaged bytes with whatever its buffers throw
        }
    }

    private FieldVector withoutDictionary(FieldVector column) {
        if (column.getField().getDictionary() == null) {
            return column;
        }
        Dictionary dictionary = reader.lookup(column.getField().getDictionary().getId());
        FieldVector values = (FieldVector) DictionaryEncoder.decode(column, dictionary);
        decoded.add(values);
        return values;
    }

    private CorpusException damaged(Exception e) {
        return CorpusException.at(
                row == 0 ? label : label + ":" + (row + 1),
                "a whole Arrow IPC file",
                "damage: " + e.getMessage(),
                "copy or write it again",
                e);
    }
}
