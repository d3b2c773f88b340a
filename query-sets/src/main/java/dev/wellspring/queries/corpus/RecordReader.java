package dev.wellspring.queries.corpus;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// The rows of several files, file after file, one in memory at a time. For one thread; close it when done.
///
/// Both [#hasNext] and [#next] throw [CorpusException] where a file holds something else than rows.
public final class RecordReader implements Iterator<Fields>, AutoCloseable {
    private final Iterator<Map.Entry<Path, String>> files;
    private final Content content;
    private @Nullable Rows rows;
    private @Nullable Fields ahead;

    RecordReader(Map<Path, String> files, long skip, Content content) {
        this.files = files.entrySet().iterator();
        this.content = content;
        try {
            skip(skip);
        } catch (RuntimeException e) {
            throw Rows.closeAfter(e, this::close);
        }
    }

    @Override
    public boolean hasNext() {
        while (ahead == null) {
            if (rows != null) {
                ahead = rows.read();
            }
            if (ahead == null && nextFile() == null) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Fields next() {
        if (!hasNext() || ahead == null) {
            throw new NoSuchElementException("the files have no more rows");
        }
        Fields row = ahead;
        ahead = null;
        return row;
    }

    @Override
    public void close() {
        if (rows != null) {
            rows.close();
            rows = null;
        }
    }

    private void skip(long count) {
        long left = count;
        while (left > 0) {
            Rows opened = nextFile();
            if (opened == null) {
                return;
            }
            left -= opened.skip(left);
        }
    }

    /// Closes the file that is open and opens the next; null after the last.
    private @Nullable Rows nextFile() {
        close();
        if (files.hasNext()) {
            Map.Entry<Path, String> file = files.next();
            rows = Format.of(file.getKey()).open(file.getKey(), file.getValue(), content);
        }
        return rows;
    }
}
