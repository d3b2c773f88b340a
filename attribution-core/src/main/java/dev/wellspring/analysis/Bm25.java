package dev.wellspring.analysis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.TermStatistics;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.Directory;

/// BM25 over documents of token ids: by Lucene's index and Lucene's formula, with its defaults k₁ = 1.2 and b = 0.75.
///
/// ```
/// score(q, d) = Σ over the tokens t of q   ln(1 + (N − n_t + ½)/(n_t + ½)) · f / (f + k₁(1 − b + b·|d|/mean|d|))
/// ```
///
/// N documents, of which n_t have t; f is how often d has it. A token that the query has twice counts twice. Lucene
/// keeps lengths |d| up to 40 exactly and longer ones to four binary digits, rounded down.
///
/// Terms are token ids: this works where there is no text, treats every language alike, and counts what the model
/// sees. It knows neither stems nor that ` Paris` and `Paris` are one word. A document that has none of the query's
/// tokens scores 0; all scores are finite and at least 0.
///
/// For any number of threads.
public final class Bm25 implements AutoCloseable {
    /// How soon another occurrence of a token stops to count.
    public static final float K1 = 1.2f;

    /// How much long documents are held back: 0 not at all, 1 in proportion to their length.
    public static final float B = 0.75f;

    static final String FIELD = "tokens";
    static final BM25Similarity SIMILARITY = new BM25Similarity(K1, B);

    private final Directory directory;
    private final DirectoryReader reader;
    private final CollectionStatistics collection;

    /// Takes over the directory.
    Bm25(Directory directory) throws IOException {
        this.directory = directory;
        this.reader = DirectoryReader.open(directory);
        long documents = 0;
        long occurrences = 0;
        long postings = 0;
        for (LeafReaderContext leaf : reader.leaves()) {
            Terms terms = leaf.reader().terms(FIELD);
            if (terms != null) {
                documents += terms.getDocCount();
                occurrences += terms.getSumTotalTermFreq();
                postings += terms.getSumDocFreq();
            }
        }
        this.collection = documents == 0
                ? new CollectionStatistics(FIELD, 1, 1, 1, 1) // of no consequence: no document has a token
                : new CollectionStatistics(FIELD, reader.maxDoc(), documents, occurrences, postings);
    }

    /// An index of documents on the Java heap.
    ///
    /// @param documents the token ids of each, of any number
    public static Bm25 of(Iterable<int[]> documents) throws IOException {
        try (Bm25Writer writer = Bm25Writer.inMemory()) {
            for (int[] tokens : documents) {
                writer.add(tokens);
            }
            return writer.finish();
        }
    }

    /// The number of documents.
    public int documents() {
        return reader.maxDoc();
    }

    /// (queries, documents) the score of every document.
    ///
    /// @param queries the token ids of each, prompt and completion
    public double[][] scores(List<int[]> queries) throws IOException {
        return queries(queries).scores(0, documents());
    }

    /// Scores of queries whose tokens are looked up once: for corpora whose scores do not all fit into memory.
    ///
    /// @param queries the token ids of each, prompt and completion
    /// @return valid until this is closed
    public DocumentScores queries(List<int[]> queries) throws IOException {
        SortedMap<Integer, SortedMap<Integer, Integer>> counts = new TreeMap<>(); // by token, by query
        for (int q = 0; q < queries.size(); q++) {
            for (int id : queries.get(q)) {
                counts.computeIfAbsent(id, _ -> new TreeMap<>()).merge(q, 1, Integer::sum);
            }
        }
        List<Bm25Term> terms = new ArrayList<>();
        for (var ofToken : counts.entrySet()) {
            var term = new Term(FIELD, Bm25Writer.term(ofToken.getKey()));
            int documents = reader.docFreq(term);
            if (documents > 0) {
                var statistics = new TermStatistics(term.bytes(), documents, reader.totalTermFreq(term));
                terms.add(Bm25Term.of(term.bytes(), SIMILARITY.scorer(1, collection, statistics), ofToken.getValue()));
            }
        }
        return new Bm25Queries(reader, queries.size(), terms);
    }

    @Override
    public void close() throws IOException {
        reader.close();
        directory.close();
    }
}
