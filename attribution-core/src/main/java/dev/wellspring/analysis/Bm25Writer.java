package dev.wellspring.analysis;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.BytesTermAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LogByteSizeMergePolicy;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.store.NoLockFactory;
import org.apache.lucene.util.BytesRef;

/// Adds documents, one after the other, to an index that gives their BM25 scores.
///
/// ```java
/// try (Bm25Writer writer = Bm25Writer.onDisk(folder)) {
///     documents.forEach(writer::add);
///     try (Bm25 index = writer.finish()) { … }
/// }
/// ```
///
/// At most 32 MiB of the Java heap hold what is not in the index yet. The index takes about a byte for each token of
/// the
/// documents, on the heap or on disk. One thread at a time, and no other is started.
public final class Bm25Writer implements AutoCloseable {
    private static final double HEAP_MIB = 32;

    private final Directory directory;
    private final IndexWriter writer;
    private final TokenIds tokens = new TokenIds();
    private final Document document = new Document();
    private boolean finished;

    private Bm25Writer(Directory directory) throws IOException {
        this.directory = directory;
        var config = new IndexWriterConfig();
        config.setOpenMode(IndexWriterConfig.OpenMode.CREATE);
        config.setRAMBufferSizeMB(HEAP_MIB);
        config.setSimilarity(Bm25.SIMILARITY); // it decides how lengths are kept
        config.setMergePolicy(new LogByteSizeMergePolicy()); // merges neighbours, so documents keep their order
        config.setMergeScheduler(new SerialMergeScheduler());
        config.setUseCompoundFile(false);
        this.writer = new IndexWriter(directory, config);
        var type = new FieldType();
        type.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
        type.freeze();
        document.add(new Field(Bm25.FIELD, tokens, type));
    }

    /// An index on the Java heap.
    public static Bm25Writer inMemory() throws IOException {
        return new Bm25Writer(new ByteBuffersDirectory());
    }

    /// An index in a folder of its own, which is made if it is not there. What an earlier writer left in it goes.
    public static Bm25Writer onDisk(Path folder) throws IOException {
        var directory = new MMapDirectory(folder, NoLockFactory.INSTANCE);
        for (String file : directory.listAll()) {
            directory.deleteFile(file);
        }
        return new Bm25Writer(directory);
    }

    /// Adds a document. Its number is that of the documents added before.
    ///
    /// @param ids its token ids, of any number
    public void add(int[] ids) throws IOException {
        tokens.ids = ids;
        writer.addDocument(document);
    }

    /// Opens what was added. Nothing more can be.
    ///
    /// @return to be closed by the caller; independent of this writer
    public Bm25 finish() throws IOException {
        writer.commit();
        writer.close();
        var index = new Bm25(directory);
        finished = true;
        return index;
    }

    /// Discards what was added, unless [#finish] was called.
    @Override
    public void close() throws IOException {
        if (!finished) {
            writer.rollback();
            directory.close();
        }
    }

    /// Four bytes, the highest first: how a token id stands in the index.
    static BytesRef term(int id) {
        return new BytesRef(new byte[] {(byte) (id >> 24), (byte) (id >> 16), (byte) (id >> 8), (byte) id});
    }

    /// The ids of one document as Lucene takes them.
    private static final class TokenIds extends TokenStream {
        private final BytesTermAttribute term = addAttribute(BytesTermAttribute.class);
        private int[] ids = {};
        private int next;

        @Override
        public void reset() throws IOException {
            super.reset();
            next = 0;
        }

        @Override
        public boolean incrementToken() {
            if (next == ids.length) {
                return false;
            }
            clearAttributes();
            term.setBytesRef(term(ids[next++]));
            return true;
        }
    }
}
