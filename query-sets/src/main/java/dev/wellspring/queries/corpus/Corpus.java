package dev.wellspring.queries.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Documents in one or more files, in the given order: JSONL and CSV (also `.gz`, `.zst`), Parquet, Arrow IPC.
///
/// The same files give the same documents every time. A file is called by its name, in ids and in errors; by its path
/// as given where two of the files share a name.
public final class Corpus {
    private static final int BUFFER = 1 << 20;

    private final Map<Path, String> labels;

    private Corpus(Map<Path, String> labels) {
        this.labels = labels;
    }

    /// Looks at the files' names only; their contents are read by [#open].
    ///
    /// @throws CorpusException if there is none, one is missing or given twice, or a name ends in no known way
    public static Corpus of(List<Path> files) {
        if (files.isEmpty()) {
            throw CorpusException.at("documents", "at least one file", "none", "name the files to read");
        }
        Map<String, Integer> uses = new HashMap<>();
        Map<Path, String> labels = new LinkedHashMap<>();
        files.forEach(file -> uses.merge(Format.fileName(file), 1, Integer::sum));
        for (Path file : files) {
            if (!Files.isRegularFile(file)) {
                String found = Files.exists(file) ? "something else" : "nothing";
                throw CorpusException.at(file.toString(), "a file", found, "check the path");
            }
            Format.of(file);
            String name = Format.fileName(file);
            if (labels.put(file, uses.getOrDefault(name, 1) == 1 ? name : file.toString()) != null) {
                throw CorpusException.at(file.toString(), "each file once", "it twice", "name it once");
            }
        }
        return new Corpus(Collections.unmodifiableMap(labels));
    }

    /// The files, in order.
    public List<Path> files() {
        return List.copyOf(labels.keySet());
    }

    /// All documents, from the first.
    public DocumentReader open() {
        return open(0);
    }

    /// The documents after the first `skip`, which are not parsed: lines are counted, columnar rows passed over. None
    /// if there are fewer.
    public DocumentReader open(long skip) {
        if (skip < 0) {
            throw new IllegalArgumentException("skip: expected 0 or more, got " + skip);
        }
        return new DocumentReader(new RecordReader(labels, skip, Content.DOCUMENTS));
    }

    /// The rows as they stand, be they documents or queries.
    public RecordReader records() {
        return new RecordReader(labels, 0, Content.RECORDS);
    }

    /// What these files are, for manifests: SHA-256 over name, size and contents of each, in order. Reads them once.
    ///
    /// @return 64 hexadecimal digits
    public String digest() {
        MessageDigest digest = sha256();
        labels.forEach((file, label) -> {
            byte[] name = label.getBytes(StandardCharsets.UTF_8);
            try {
                digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, name.length));
                digest.update(name);
                digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, Files.size(file)));
                addContents(digest, file);
            } catch (IOException e) {
                throw CorpusException.unreadable(label, e);
            }
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    /// SHA-256 over the contents of each file, in 64 hexadecimal digits, by the name it is called. Reads them once.
    public Map<String, String> digests() {
        Map<String, String> digests = new LinkedHashMap<>();
        labels.forEach((file, label) -> {
            MessageDigest digest = sha256();
            try {
                addContents(digest, file);
            } catch (IOException e) {
                throw CorpusException.unreadable(label, e);
            }
            digests.put(label, HexFormat.of().formatHex(digest.digest()));
        });
        return Collections.unmodifiableMap(digests);
    }

    private static void addContents(MessageDigest digest, Path file) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
