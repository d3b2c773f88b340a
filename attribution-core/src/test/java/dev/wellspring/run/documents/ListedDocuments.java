package dev.wellspring.run.documents;

import dev.wellspring.golden.GoldenCase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/// Documents that are there already.
public record ListedDocuments(List<DocumentChunk> chunks) implements DocumentSource {
    /// The beginnings of a golden case's documents: all of them up to so many tokens, then all up to the next number.
    public static ListedDocuments beginnings(GoldenCase golden, int... lengths) {
        List<DocumentChunk> chunks = new ArrayList<>();
        for (int length : lengths) {
            golden.documents().forEach((id, document) -> {
                int[] tokens = Arrays.copyOf(document.tokens(), Math.min(document.tokens().length, length));
                chunks.add(new DocumentChunk(id + "-" + length, 0, null, tokens, 0, "", "{}"));
            });
        }
        return new ListedDocuments(chunks);
    }

    @Override
    public String digest() {
        return "listed";
    }

    @Override
    public OptionalLong count() {
        return OptionalLong.of(chunks.size());
    }

    @Override
    public SortedMap<String, Long> skipped() {
        return new TreeMap<>();
    }

    @Override
    public Chunks open(long skip) {
        Iterator<DocumentChunk> rest =
                chunks.subList(Math.toIntExact(skip), chunks.size()).iterator();
        return new Chunks() {
            @Override
            public boolean hasNext() {
                return rest.hasNext();
            }

            @Override
            public DocumentChunk next() {
                return rest.next();
            }

            @Override
            public void close() {}
        };
    }
}
