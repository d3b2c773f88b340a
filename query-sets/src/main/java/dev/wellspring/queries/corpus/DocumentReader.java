package dev.wellspring.queries.corpus;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// The documents of a corpus, file after file, one in memory at a time. For one thread; close it when done.
///
/// Both [#hasNext] and [#next] throw [CorpusException] where a file holds something else than documents.
public final class DocumentReader implements Iterator<Document>, AutoCloseable {
    private final Iterator<Map.Entry<Path, String>> files;
    private @Nullable Rows rows;
    private @Nullable Fields ahead;

    DocumentReader(Map<Path, String> files, long skip) {
        this.files = files.entrySet().iterator();
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
    public Document next() {
        if (!hasNext() || ahead == null) {
            throw new NoSuchElementException("the corpus has no more documents");
        }
        Document document = Document.of(ahead);
        ahead = null;
        return document;
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
            rows = Format.of(file.getKey()).open(file.getKey(), file.getValue(), Content.DOCUMENTS);
        }
        return rows;
    }
}
