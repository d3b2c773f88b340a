package dev.wellspring.queries.corpus;

import java.util.Iterator;

/// The documents of a corpus, file after file, one in memory at a time. For one thread; close it when done.
///
/// Both [#hasNext] and [#next] throw [CorpusException] where a file holds something else than documents.
public final class DocumentReader implements Iterator<Document>, AutoCloseable {
    private final RecordReader rows;

    DocumentReader(RecordReader rows) {
        this.rows = rows;
    }

    @Override
    public boolean hasNext() {
        return rows.hasNext();
    }

    @Override
    public Document next() {
        return Document.of(rows.next());
    }

    @Override
    public void close() {
        rows.close();
    }
}
