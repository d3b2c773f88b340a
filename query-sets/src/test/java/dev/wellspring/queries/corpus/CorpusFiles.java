package dev.wellspring.queries.corpus;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/// Writes small files for the tests, and reads corpora whole.
public final class CorpusFiles {
    private CorpusFiles() {}

    /// A text file, compressed as its name says.
    public static Path write(Path file, String text) throws IOException {
        return write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /// A file of bytes, compressed as its name says.
    public static Path write(Path file, byte[] bytes) throws IOException {
        String name = file.toString();
        OutputStream raw = Files.newOutputStream(file);
        try (OutputStream out = name.endsWith(".gz")
                ? new GZIPOutputStream(raw)
                : name.endsWith(".zst") ? new ZstdOutputStream(raw) : raw) {
            out.write(bytes);
        }
        return file;
    }

    /// Cuts a file to a share of its size.
    public static Path truncate(Path file, double share) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, (int) (bytes.length * share)));
        return file;
    }

    /// All documents after the first `skip`.
    public static List<Document> read(long skip, Path... files) {
        List<Document> documents = new ArrayList<>();
        try (DocumentReader reader = Corpus.of(List.of(files)).open(skip)) {
            reader.forEachRemaining(documents::add);
        }
        return documents;
    }

    /// All documents.
    public static List<Document> read(Path... files) {
        return read(0, files);
    }
}
