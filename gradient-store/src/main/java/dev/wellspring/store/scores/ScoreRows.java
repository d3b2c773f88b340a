package dev.wellspring.store.scores;

import dev.wellspring.analysis.AnalysedDocument;
import dev.wellspring.analysis.ScoreLookup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The documents of a run by their numbers, from 0 in the order of the shards. Valid until the folder is
/// closed; may be read from several threads.
public final class ScoreRows implements ScoreLookup {
    private final ScoreFolder folder;
    private final List<ScoreBatch> batches = new ArrayList<>();
    /// Of every batch the number of its first document, and in the end how many there are.
    private final int[] firstDocuments;

    /// Looks at the head of every batch.
    public ScoreRows(ScoreFolder folder) {
        this.folder = folder;
        folder.forEachBatch(batch -> {
            if (batch.rowCount() > 0) {
                batches.add(batch);
            }
        });
        firstDocuments = new int[batches.size() + 1];
        for (int i = 0; i < batches.size(); i++) {
            firstDocuments[i + 1] =
                    Math.addExact(firstDocuments[i], batches.get(i).rowCount());
        }
    }

    /// How many documents there are.
    public int count() {
        return firstDocuments[batches.size()];
    }

    /// A document's id.
    public String id(int document) {
        return batch(document).document(row(document));
    }

    /// The number of its chunk, from 0.
    public int part(int document) {
        return batch(document).part(row(document));
    }

    /// What analyses say of a document.
    public AnalysedDocument document(int document) {
        ScoreBatch batch = batch(document);
        int row = row(document);
        return new AnalysedDocument(
                document, batch.document(row), batch.part(row), batch.source(row), batch.preview(row));
    }

    /// All that is known of a document, and its score for one query.
    ///
    /// @param queryLoss −ln p(completion | prompt) of that query, nats
    public ScoreRow row(int document, int query, double queryLoss) {
        return ScoreRow.of(batch(document), row(document), query, queryLoss);
    }

    /// (predictions) the share of each of a document's predictions in its score for one query; empty where the
    /// run has not kept token scores. One thread at a time.
    public double[] tokenScores(int document, int query) {
        ScoreBatch batch = batch(document);
        double[] shares = folder.tokenScores(batch.shard(), batch.firstRow() + row(document), query);
        return shares == null ? new double[0] : shares;
    }

    @Override
    public double score(int query, int document) {
        return batch(document).score(query, row(document));
    }

    @Override
    public double bm25(int query, int document) {
        return batch(document).bm25(query, row(document));
    }

    @Override
    public int tokens(int document) {
        return batch(document).tokens(row(document));
    }

    @Override
    public double gradientNorm(int document) {
        return batch(document).gradientNorm(row(document));
    }

    /// The batch that a document is in.
    private ScoreBatch batch(int document) {
        return batches.get(index(document));
    }

    /// Its row there.
    private int row(int document) {
        return document - firstDocuments[index(document)];
    }

    private int index(int document) {
        if (document < 0 || document >= count()) {
            throw new IllegalArgumentException("document: expected 0 to " + (count() - 1) + ", got " + document);
        }
        int at = Arrays.binarySearch(firstDocuments, document);
        return at < 0 ? -at - 2 : at;
    }
}
