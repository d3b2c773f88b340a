package dev.wellspring.run.search;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.wellspring.gradient.StoredGradients;
import dev.wellspring.run.RunFolder;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.documents.DocumentChunk;
import dev.wellspring.run.documents.DocumentSource;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The documents of a search that are to be scored again through the model, token ids and all: `candidates.jsonl`.
public final class CandidateDocuments implements DocumentSource {
    /// The name of the file in a search's folder.
    public static final String FILE = "candidates.jsonl";

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private final long count;
    private final String digest;

    /// @param folder of the search
    /// @throws RunRefusedException when it has none
    public CandidateDocuments(Path folder) {
        this.file = folder.resolve(FILE);
        try {
            byte[] bytes = Files.readAllBytes(file);
            this.digest = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            long lines = 0;
            for (byte one : bytes) {
                lines += one == '\n' ? 1 : 0;
            }
            this.count = lines;
        } catch (IOException missing) {
            throw new RunRefusedException(
                    file + ": expected the candidates of a search, found none; delete the folder and search again",
                    missing);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256: every Java has it", impossible);
        }
    }

    /// The token ids of the longest one; 2 where there is none.
    public int longest() {
        int longest = 2;
        try (Chunks chunks = open(0)) {
            while (chunks.hasNext()) {
                longest = Math.max(longest, chunks.next().tokens().length);
            }
        }
        return longest;
    }

    static void write(RunFolder folder, StoredGradients store, Collection<KeptRow> rows) {
        var bytes = new ByteArrayOutputStream();
        try {
            for (KeptRow row : rows) {
                DocumentChunk chunk = DocumentChunk.of(store.document(row.shard(), row.row()));
                bytes.write(JSON.writeValueAsBytes(chunk));
                bytes.write('\n');
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        folder.write(FILE, bytes.toByteArray());
    }

    @Override
    public String digest() {
        return digest;
    }

    @Override
    public OptionalLong count() {
        return OptionalLong.of(count);
    }

    @Override
    public SortedMap<String, Long> skipped() {
        return new TreeMap<>();
    }

    @Override
    public Chunks open(long skip) {
        try {
            var lines = new Lines(Files.newBufferedReader(file, StandardCharsets.UTF_8));
            for (long i = 0; i < skip && lines.hasNext(); i++) {
                lines.next();
            }
            return lines;
        } catch (IOException failure) {
            throw new UncheckedIOException(file + ": " + failure.getMessage(), failure);
        }
    }

    private static final class Lines implements Chunks {
        private final BufferedReader reader;
        private @Nullable String line;

        Lines(BufferedReader reader) throws IOException {
            this.reader = reader;
            this.line = reader.readLine();
        }

        @Override
        public boolean hasNext() {
            return line != null;
        }

        @Override
        public DocumentChunk next() {
            if (line == null) {
                throw new NoSuchElementException("no more candidates");
            }
            try {
                DocumentChunk chunk = JSON.readValue(line, DocumentChunk.class);
                line = reader.readLine();
                return chunk;
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        @Override
        public void close() {
            try {
                reader.close();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
