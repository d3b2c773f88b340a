package dev.wellspring.queries.token;

import dev.wellspring.queries.corpus.CorpusException;
import dev.wellspring.queries.corpus.Document;
import dev.wellspring.queries.corpus.DocumentReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.function.Function;
import java.util.stream.Stream;
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

    /// @param lossStart the first prediction that counts
    private record Tokenised(Document document, int[] tokens, int lossStart) {}

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
                requireWhole(next);
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
        int lossStart = current.lossStart();
        int[] tokens = Chunk.slice(current.tokens(), tokenisation.maxTokens(), part);
        advance(parts);
        return new Chunk(
                document.id(),
                part,
                parts,
                document.source(),
                tokens,
                lossStart,
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

    /// A completion without its prompt would be another document.
    private void requireWhole(Tokenised document) {
        if (document.document().prompt() != null && parts(document) > 1) {
            throw CorpusException.at(
                    document.document().origin(),
                    "at most " + tokenisation.maxTokens() + " tokens of prompt and completion together",
                    document.tokens().length + " tokens",
                    "raise --max-tokens, or shorten the prompt");
        }
    }

    private static @Nullable SkipReason skipReason(Tokenised tokenised) {
        Document document = tokenised.document();
        int length = tokenised.tokens().length;
        boolean noText = document.tokens() == null && "".equals(document.text());
        boolean noCompletion = document.prompt() != null && length == tokenised.lossStart() + 1;
        if (length == 0 || noText || (noCompletion && length > 1)) {
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
        int size = 0;
        while (read.size() < BATCH_DOCUMENTS && size < BATCH_CHARACTERS && documents.hasNext()) {
            Document document = documents.next();
            read.add(document);
            size += size(document.text(), document.tokens());
            if (document.prompt() != null) {
                size += size(document.prompt().text(), document.prompt().tokens());
            }
        }
        Iterator<int[]> texts = encoded(read.stream().filter(one -> one.prompt() == null), Document::text, true);
        Iterator<int[]> prompts = encoded(read.stream(), ChunkReader::promptText, true);
        Iterator<int[]> completions = encoded(read.stream().filter(one -> one.prompt() != null), Document::text, false);
        for (Document document : read) {
            Document.Prompt prompt = document.prompt();
            if (prompt == null) {
                batch.add(new Tokenised(document, ids(document.tokens(), texts, document, "text"), 0));
            } else {
                int[] before = ids(prompt.tokens(), prompts, document, "prompt");
                int[] after = ids(document.tokens(), completions, document, "completion");
                batch.add(new Tokenised(document, joined(before, after), Math.max(0, before.length - 1)));
            }
        }
    }

    private static int size(@Nullable String text, int @Nullable [] tokens) {
        return tokens != null ? tokens.length : text == null ? 0 : text.length();
    }

    private static @Nullable String promptText(Document document) {
        return document.prompt() == null || document.prompt().tokens() != null
                ? null
                : document.prompt().text();
    }

    /// The ids of those texts that no ids stand for, in order.
    private Iterator<int[]> encoded(
            Stream<Document> documents, Function<Document, @Nullable String> text, boolean specialTokens) {
        List<String> texts = new ArrayList<>();
        documents.filter(document -> document.tokens() == null).forEach(document -> {
            String one = text.apply(document);
            if (one != null) {
                texts.add(one);
            }
        });
        return texts.isEmpty()
                ? List.<int[]>of().iterator()
                : tokenizer.encode(texts, specialTokens).iterator();
    }

    /// The ids that the file gives, or the next encoded ones.
    private int[] ids(int @Nullable [] given, Iterator<int[]> encoded, Document document, String field) {
        return given != null
                ? vocabulary.requireGiven(
                        given, document.origin() + ":" + (field.equals("text") ? "" : field + "_") + "tokens")
                : vocabulary.requireTokenised(encoded.next(), document.origin() + ":" + field);
    }

    private static int[] joined(int[] first, int[] second) {
        int[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
