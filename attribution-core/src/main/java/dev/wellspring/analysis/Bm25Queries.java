package dev.wellspring.analysis;

import java.io.IOException;
import java.util.List;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.jspecify.annotations.Nullable;

/// Scores of consecutive documents for all queries together: what a token occurs in is read once for all queries that
/// have it. Shares are added in the order of the token ids, whatever is asked for.
final class Bm25Queries implements DocumentScores {
    private final DirectoryReader reader;
    private final int queries;
    private final List<Bm25Term> terms;

    Bm25Queries(DirectoryReader reader, int queries, List<Bm25Term> terms) {
        this.reader = reader;
        this.queries = queries;
        this.terms = terms;
    }

    @Override
    public double[][] scores(int from, int documents) throws IOException {
        if (from < 0 || documents < 0 || from > reader.maxDoc() - documents) {
            throw new IllegalArgumentException("from, documents: expected a part of " + reader.maxDoc()
                    + " documents, got " + from + ", " + documents);
        }
        double[][] scores = new double[queries][documents];
        for (LeafReaderContext leaf : reader.leaves()) {
            int first = Math.max(from, leaf.docBase);
            int end = Math.min(from + documents, leaf.docBase + leaf.reader().maxDoc());
            Terms all = leaf.reader().terms(Bm25.FIELD);
            if (first < end && all != null) {
                add(leaf, all.iterator(), first, end, scores, from);
            }
        }
        return scores;
    }

    /// Adds what documents `first` to `end` of one part of the index score; column 0 is document `from`.
    private void add(LeafReaderContext leaf, TermsEnum inLeaf, int first, int end, double[][] scores, int from)
            throws IOException {
        int begin = first - leaf.docBase;
        int limit = end - leaf.docBase;
        int shift = leaf.docBase - from;
        long[] norms = norms(leaf.reader(), begin, limit);
        @Nullable PostingsEnum postings = null;
        for (Bm25Term term : terms) {
            if (!inLeaf.seekExact(term.bytes())) {
                continue;
            }
            postings = inLeaf.postings(postings, PostingsEnum.FREQS);
            for (int d = postings.advance(begin); d < limit; d = postings.nextDoc()) {
                term.addTo(scores, d + shift, postings.freq(), norms[d - begin]);
            }
        }
    }

    /// The lengths of some documents, as Lucene keeps them.
    private static long[] norms(LeafReader reader, int begin, int limit) throws IOException {
        long[] norms = new long[limit - begin];
        NumericDocValues lengths = reader.getNormValues(Bm25.FIELD);
        for (int d = lengths.advance(begin); d < limit; d = lengths.nextDoc()) {
            norms[d - begin] = lengths.longValue();
        }
        return norms;
    }
}
