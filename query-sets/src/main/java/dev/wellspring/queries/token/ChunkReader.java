package dev.wellspring.queries.token;

import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.corpus.Document;
import dev.wellspring.queries.corpus.DocumentReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// The chunks of a corpus in order. For one thread; close it when done, which leaves the tokenizer open.
///
/// Documents are read and tokenised some at a time, at most 64 of them or a million characters, so memory does
/// not grow with the corpus. Both [#hasNext] and [#next] throw [CorpusException] for bad input.
public final class ChunkReader implements Iterator<Chunk>, AutoCloseable {
    private static final int BATCH_DOCUMENTS = 64;
    private static final int BATCH_CHARACTERS = 1 << 20;

    private final Tokenizer tokenizer;
    private final Tokenisation tokenisation;
    private final Vocabulary vocabulary;
    private final DocumentReader documents;
    private final Queue<Tokenised> batch = new ArrayDeque<>();
    private final Tally tally = new Tally();
    private @Nullable Tokenised current;
    private long documentsDone;
    private int partsDone;

    private record Tokenised(Document document, int[] tokens) {}

    ChunkReader(TokenisedCorpus corpus, Position start) {
        tokenizer = corpus.tokenizer();
        tokenisation = corpus.tokenisation();
        vocabulary = new Vocabulary(tokenizer, tokenisation.vocabularySize());
        documents = corpus.corpus().open(start.documents());
        documentsDone = start.documents();
        partsDone = start.parts();
    }

    @Override
    public boolean hasNext() {
        while (current == null) {
            if (batch.isEmpty()) {
                readBatch();
            }
            Tokenised next = batch.poll();
            if (next == null) {
                return false;
            }
            SkipReason reason = skipReason(next);
            if (reason == null) {
                current = next;
                requireParts(next);
            } else {
                skip(next.document(), reason);
            }
        }
        return true;
    }

    @Override
    public Chunk next() {
        if (!hasNext() || current == null) {
            throw new NoSuchElementException("the corpus has no more chunks");
        }
        Document document = current.document();
        int parts = parts(current);
        int part = partsDone + 1;
        int[] tokens = Chunk.slice(current.tokens(), tokenisation.maxTokens(), part);
        advance(parts);
        return new Chunk(
                document.id(),
                part,
                parts,
                document.source(),
                tokens,
                Preview.of(document, part, tokens, tokenizer),
                document.extras(),
                document.origin());
    }

    /// Where the next chunk stands.
    public Position position() {
        return new Position(documentsDone, partsDone);
    }

    /// The documents skipped since this reader was opened, up to [#position].
    public Tally tally() {
        return tally;
    }

    @Override
    public void close() {
        documents.close();
    }

    /// Passes over chunks.
    void skip(long chunks) {
        for (long skipped = 0; skipped < chunks; skipped++) {
            if (!hasNext() || current == null) {
                throw new IllegalArgumentException(
                        "skipChunks: expected at most " + skipped + ", as the corpus has no more, got " + chunks);
            }
            advance(parts(current));
        }
    }

    private void advance(int parts) {
        partsDone++;
        if (partsDone == parts) {
            partsDone = 0;
            documentsDone++;
            current = null;
        }
    }

    private int parts(Tokenised document) {
        return Chunk.parts(document.tokens().length, tokenisation.maxTokens());
    }

    private void requireParts(Tokenised document) {
        if (partsDone >= parts(document)) {
            throw new IllegalArgumentException("position: expected a part of %s before %d, got %d: another corpus"
                    .formatted(document.document().id(), parts(document), partsDone));
        }
    }

    private static @Nullable SkipReason skipReason(Tokenised document) {
        boolean byIds = document.document().tokens() != null;
        int length = document.tokens().length;
        if (length == 0 || (!byIds && "".equals(document.document().text()))) {
            return SkipReason.EMPTY;
        }
        return length == 1 ? SkipReason.ONE_TOKEN : null;
    }

    private void skip(Document document, SkipReason reason) {
        if (tokenisation.strict()) {
            throw CorpusException.at(
                    document.origin(),
                    "a document of at least two tokens",
                    "one that is " + reason.text(),
                    "remove it, or let such documents be skipped and counted");
        }
        tally.add(reason, document.origin());
        documentsDone++;
    }

    private void readBatch() {
        List<Document> read = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        int size = 0;
        while (read.size() < BATCH_DOCUMENTS && size < BATCH_CHARACTERS && documents.hasNext()) {
            Document document = documents.next();
            read.add(document);
            if (document.tokens() != null) {
                size += document.tokens().length;
            } else if (document.text() != null) {
                texts.add(document.text());
                size += document.text().length();
            }
        }
        Iterator<int[]> encoded = texts.isEmpty()
                ? List.<int[]>of().iterator()
                : tokenizer.encode(texts, true).iterator();
        for (Document document : read) {
            int[] given = document.tokens();
            batch.add(new Tokenised(
                    document,
                    given != null
                            ? vocabulary.requireGiven(given, document.origin() + ":tokens")
                            : vocabulary.requireTokenised(encoded.next(), document.origin() + ":text")));
        }
    }
}
