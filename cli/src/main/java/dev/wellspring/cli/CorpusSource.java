package dev.wellspring.cli;

import dev.wellspring.queries.corpus.Corpus;
import dev.wellspring.queries.token.Chunk;
import dev.wellspring.queries.token.ChunkReader;
import dev.wellspring.queries.token.Tokenisation;
import dev.wellspring.queries.token.TokenisedCorpus;
import dev.wellspring.queries.token.Tokenizer;
import dev.wellspring.run.documents.DocumentChunk;
import dev.wellspring.run.documents.DocumentSource;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A corpus as the runs see it.
final class CorpusSource implements DocumentSource {
    private final TokenisedCorpus corpus;
    private @Nullable String digest;
    private volatile SortedMap<String, Long> skipped = new TreeMap<>();
    private volatile OptionalLong count = OptionalLong.empty();

    private CorpusSource(TokenisedCorpus corpus) {
        this.corpus = corpus;
    }

    /// The documents of files, for a model.
    static CorpusSource of(List<Path> files, Tokenizer tokenizer, Tokenisation tokenisation) {
        return new CorpusSource(new TokenisedCorpus(Corpus.of(files), tokenizer, tokenisation));
    }

    @Override
    public String digest() {
        if (digest == null) {
            digest = corpus.corpus().digest();
        }
        return digest;
    }

    /// Known after the first whole pass.
    @Override
    public OptionalLong count() {
        return count;
    }

    @Override
    public SortedMap<String, Long> skipped() {
        return skipped;
    }

    @Override
    public Chunks open(long skip) {
        return new Pass(corpus.open(skip), skip);
    }

    private final class Pass implements Chunks {
        private final ChunkReader reader;
        private long chunks;

        Pass(ChunkReader reader, long skip) {
            this.reader = reader;
            this.chunks = skip;
        }

        @Override
        public boolean hasNext() {
            boolean more = reader.hasNext();
            if (!more) {
                count = OptionalLong.of(chunks);
            }
            return more;
        }

        @Override
        public DocumentChunk next() {
            Chunk chunk = reader.next();
            chunks++;
            return new DocumentChunk(
                    chunk.document(),
                    chunk.part() - 1,
                    chunk.source(),
                    chunk.tokens(),
                    chunk.lossStart(),
                    chunk.preview(),
                    chunk.extras());
        }

        @Override
        public void close() {
            var counts = new TreeMap<String, Long>();
            reader.tally().skipped().forEach((reason, those) -> counts.put(reason.text(), those.count()));
            skipped = counts;
            reader.close();
        }
    }
}
