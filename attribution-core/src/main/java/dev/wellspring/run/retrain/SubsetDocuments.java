package dev.wellspring.run.retrain;

import dev.wellspring.run.documents.DocumentChunk;
import dev.wellspring.run.documents.DocumentSource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/// Documents in memory, without some.
///
/// @param all every chunk, in order
/// @param removed the numbers of those that are left out
/// @param corpus the digest of all
record SubsetDocuments(List<DocumentChunk> all, BitSet removed, String corpus) implements DocumentSource {
    @Override
    public String digest() {
        return removed.isEmpty() ? corpus : mark();
    }

    /// 64 hexadecimal digits that tell this part of this corpus from any other.
    String mark() {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            String text = corpus + " without " + removed;
            return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256: every Java has it", impossible);
        }
    }

    @Override
    public OptionalLong count() {
        return OptionalLong.of((long) all.size() - removed.cardinality());
    }

    @Override
    public SortedMap<String, Long> skipped() {
        return new TreeMap<>();
    }

    @Override
    public Chunks open(long skip) {
        var pass = new Pass();
        for (long skipped = 0; skipped < skip; skipped++) {
            pass.next();
        }
        return pass;
    }

    private final class Pass implements Chunks {
        private int next = removed.nextClearBit(0);

        @Override
        public boolean hasNext() {
            return next < all.size();
        }

        @Override
        public DocumentChunk next() {
            if (!hasNext()) {
                throw new NoSuchElementException("no more documents");
            }
            DocumentChunk chunk = all.get(next);
            next = removed.nextClearBit(next + 1);
            return chunk;
        }

        @Override
        public void close() {}
    }
}
